import { z } from 'zod';
import { audienceFault, type IssuerSettings, needsAudience, presetNames, toSettings } from '../auth/issuer-settings.ts';

import type { SignInOptions } from '../server/sign-in/sign-in.ts';
import { authorizationParameters, httpUrl, issuers, oneOf } from './values.ts';
import type { shapeOf, Variable } from './variable.ts';

// The variables of authentication: the issuers whose tokens are accepted, and how users sign in with a browser.

export const authentication = {
  AUTH_ISSUER: {
    section: 'Authentication',
    schema: z.string().max(1_000).optional(),
    description: "The issuer of your users' tokens: what their `iss` must be",
    details:
      'To the letter, with or without a slash at its end: where a token has another, the log shows both. Not used without ' +
      'DATABASE_URL.',
    absent: 'none; it or `AUTH_ISSUERS` is required with `DATABASE_URL`',
    example: 'https://example.com',
  },
  AUTH_JWKS_URL: {
    section: 'Authentication',
    schema: httpUrl.optional(),
    description: 'Where the public keys of the issuer are (a JWKS document)',
    details: 'A user and password in it are sent as such; redirects are not followed.',
    absent: 'OpenID Connect discovery at `AUTH_ISSUER`',
    example: 'https://example.com/.well-known/jwks.json',
  },
  AUTH_AUDIENCE: {
    section: 'Authentication',
    schema: z.string().optional(),
    description: 'What the `aud` of a token must hold',
    details: 'The presets google and entra require one.',
    absent: 'any audience is accepted',
    example: 'modelgate',
  },
  AUTH_PRESET: {
    section: 'Authentication',
    schema: oneOf(presetNames).optional(),
    description: 'Where the claims of a token are: one of [the issuers](authentication.md#the-issuers)',
    details: 'Claims say who a user is, and in which organization.',
    absent: 'as in the session tokens of Clerk',
    example: 'keycloak',
  },
  AUTH_ISSUERS: {
    section: 'Authentication',
    schema: issuers.optional(),
    description:
      'Several issuers, as JSON or a file of it, instead of the four variables above: [claims of your own](authentication.md#claims-of-your-own)',
    details:
      'Also for one issuer whose claims are elsewhere. Each has an issuer, and may have jwksUrl, audience, authorizedParties, ' +
      'preset, keepsIds, and paths of claims that replace those of the preset.',
    absent: 'none',
    example: '[{"issuer":"https://id.example.com/realms/acme","preset":"keycloak","teamsClaim":"groups"}]',
  },
  AUTH_IMPERSONATION: {
    section: 'Authentication',
    schema: z.enum(['allow', 'deny'], 'must be allow or deny').default('allow'),
    description: 'Whether tokens with `act`, of somebody who acts as somebody else, are accepted',
    details: 'The history names both.',
  },
  AUTH_CLIENT_ID: {
    section: 'Authentication',
    schema: z.string().optional(),
    description:
      'The client at your issuer with which users [sign in with the browser](authentication.md#sign-in-with-the-browser)',
    details:
      'They sign in on GraphiQL and on /v1/docs, at AUTH_ISSUER or the first of AUTH_ISSUERS, which must have OpenID Connect. ' +
      'A public client, without a secret, with the redirect URI https://your-modelgate.example/sign-in. Not used without ' +
      'DATABASE_URL.',
    absent: 'none (nobody signs in with a browser)',
    example: 'modelgate-pages',
  },
  AUTH_SCOPES: {
    section: 'Authentication',
    schema: z
      .string()
      .refine((text) => text.split(/\s+/).includes('openid'), 'must hold openid, among scopes with blanks between them')
      .default('openid profile email'),
    description: 'The scopes that a sign-in asks for, with blanks between them',
    details: 'With offline_access many issuers give a refresh token.',
    example: 'openid profile email offline_access',
  },
  AUTH_TOKEN_KIND: {
    section: 'Authentication',
    schema: z.enum(['access', 'id'], 'must be access or id').default('access'),
    description: 'Which token of a sign-in the service is sent',
    details: 'Use id where the access tokens of the issuer are no JWTs.',
    example: 'id',
  },
  AUTH_PARAMETERS: {
    section: 'Authentication',
    schema: authorizationParameters.optional(),
    description: 'What else a sign-in asks the issuer, as a query: `name=value&name=value`',
    details: 'An audience (Auth0), a resource (RFC 8707), an organization.',
    absent: 'none',
    example: 'audience=https://modelgate.example',
  },
} satisfies Record<string, Variable>;

type Variables = z.infer<z.ZodObject<ReturnType<typeof shapeOf<typeof authentication>>>>;

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
  const { AUTH_SCOPES: scopes, AUTH_TOKEN_KIND: token, AUTH_PARAMETERS: parameters = {} } = given;
  return { issuer, clientId, scopes, token, parameters };
}
