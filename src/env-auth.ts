import { z } from 'zod';
import { audienceFault, type IssuerSettings, needsAudience, presetNames, toSettings } from './auth/issuer-settings.ts';
import { httpUrl, issuers } from './env-values.ts';
import type { SignInOptions } from './server/sign-in/sign-in.ts';

// The variables of authentication: the issuers whose tokens are accepted, and how users sign in with a browser.

/** Those of the authorization request that a sign-in sets itself. */
const ownParameters = [
  'client_id',
  'code_challenge',
  'code_challenge_method',
  'nonce',
  'redirect_uri',
  'response_mode',
  'response_type',
  'scope',
  'state',
];

/** Parameters as in a query, `name=value&name=value`. */
const authorizationParameters = z.string().transform((text, { addIssue }): Readonly<Record<string, string>> => {
  const entries = [...new URLSearchParams(text)];
  const names = entries.map(([name]) => name);
  const taken = names.filter((name) => ownParameters.includes(name));
  if (taken.length > 0) addIssue({ code: 'custom', message: `must not set ${taken.join(', ')}` });
  if (entries.some(([name, value]) => name === '' || value === '') || new Set(names).size < names.length)
    addIssue({ code: 'custom', message: 'must be name=value, each name once, with & between them' });
  return Object.fromEntries(entries);
});

export const authVariables = {
  AUTH_JWKS_URL: httpUrl.optional(),
  AUTH_ISSUER: z.string().max(1_000).optional(),
  AUTH_AUDIENCE: z.string().optional(),
  AUTH_PRESET: z.enum(presetNames, `must be one of ${presetNames.join(', ')}`).optional(),
  AUTH_ISSUERS: issuers.optional(),
  AUTH_IMPERSONATION: z.enum(['allow', 'deny'], 'must be allow or deny').default('allow'),
  AUTH_CLIENT_ID: z.string().optional(),
  AUTH_SCOPES: z
    .string()
    .refine((text) => text.split(/\s+/).includes('openid'), 'must hold openid, among scopes with blanks between them')
    .default('openid profile email'),
  AUTH_TOKEN_KIND: z.enum(['access', 'id'], 'must be access or id').default('access'),
  AUTH_PARAMETERS: authorizationParameters.default({}),
};

type Variables = z.infer<z.ZodObject<typeof authVariables>>;

/** What is wrong with the variables together. One issuer has variables of its own; several have one for all. */
export function authFaults(given: Readonly<Record<string, string | undefined>>): string[] {
  const ofOne = ['AUTH_ISSUER', 'AUTH_JWKS_URL', 'AUTH_AUDIENCE', 'AUTH_PRESET'].filter(
    (name) => given[name] !== undefined,
  );
  if (given.AUTH_ISSUERS !== undefined) {
    return ofOne.map((name) => `${name}: has no effect beside AUTH_ISSUERS; say it there`);
  }
  const { AUTH_ISSUER, AUTH_JWKS_URL, AUTH_CLIENT_ID, AUTH_AUDIENCE, AUTH_PRESET } = given;
  const ofPreset = AUTH_AUDIENCE === undefined && needsAudience(AUTH_PRESET) ? [`AUTH_AUDIENCE: ${audienceFault}`] : [];
  if (AUTH_ISSUER === undefined || httpUrl.safeParse(AUTH_ISSUER).success) return ofPreset;
  return [
    ...ofPreset,
    ...(AUTH_JWKS_URL === undefined
      ? ['AUTH_JWKS_URL: is required where AUTH_ISSUER is no URL, at which it could be found out']
      : []),
    ...(AUTH_CLIENT_ID === undefined ? [] : ['AUTH_CLIENT_ID: needs an AUTH_ISSUER that is a URL, to sign in at']),
  ];
}

/** The issuers whose tokens are accepted; undefined where none is named. */
export function issuersFrom(given: Variables): readonly IssuerSettings[] | undefined {
  const { AUTH_ISSUER: issuer, AUTH_JWKS_URL: jwksUrl, AUTH_AUDIENCE: audience, AUTH_PRESET: preset } = given;
  const one = issuer === undefined ? undefined : [toSettings({ issuer, jwksUrl, audience, preset }, true)];
  const refusesImpersonation = given.AUTH_IMPERSONATION === 'deny';
  return (given.AUTH_ISSUERS ?? one)?.map((settings) => ({ ...settings, refusesImpersonation }));
}

/** How users sign in with a browser, at the first issuer; undefined where they do not. */
export function signInFrom(given: Variables): SignInOptions | undefined {
  const issuer = given.AUTH_ISSUER ?? given.AUTH_ISSUERS?.[0]?.issuer;
  const { AUTH_CLIENT_ID: clientId } = given;
  if (issuer === undefined || clientId === undefined) return undefined;
  const { AUTH_SCOPES: scopes, AUTH_TOKEN_KIND: token, AUTH_PARAMETERS: parameters } = given;
  return { issuer, clientId, scopes, token, parameters };
}
