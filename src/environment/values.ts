import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type IssuerSettings, Issuers } from '../auth/issuer-settings.ts';
import { isProviderSlug, type ProviderSlug, providerSlugs } from '../catalog/providers.ts';
import { DatabaseUrlError, readConnectionUrl } from '../database/pool/connection-url.ts';
import { parseSigningKey, type SigningKey, SigningKeyError } from '../domain/checkpoints/signing-key.ts';
import { userIdForm } from '../domain/input/id.ts';
import { type MasterKeys, MasterKeysError, parseMasterKeys } from '../domain/vault/master-keys.ts';
import { codeOf } from '../errors/error-code.ts';
import { isJson } from './text.ts';

// The kinds of values that environment variables have: each parses one, and says what it must be.

/** Files of persisted documents; with `only`, other documents are refused. */
export interface PersistedDocumentFiles {
  files: readonly string[];
  only: boolean;
}

export const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');
export const whole = (from: number, to: number) => {
  const error = `must be a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .pipe(z.number().min(from, error).max(to, error));
};
export const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, `must be one of ${values.join(', ')}`);
export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
export const postgresUrl = z.string().superRefine((text, { addIssue }) => {
  try {
    readConnectionUrl(text);
  } catch (error) {
    if (!(error instanceof DatabaseUrlError)) throw error;
    addIssue({ code: 'custom', message: error.message });
  }
});
export const httpUrl = z.url({
  protocol: /^https?$/,
  error: 'must be a URL such as https://example.com/.well-known/jwks.json',
});

/** Issuers as JSON, or the path of a file of it. */
export const issuers = z.string().transform((text, { addIssue }): IssuerSettings[] => {
  const refuse = (message: string) => {
    addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  let json: unknown;
  try {
    json = JSON.parse(isJson(text) ? text : readFileSync(text, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return refuse(`is no valid JSON${placeOf(error)}`);
    const code = codeOf(error) && ` (${codeOf(error)})`;
    return refuse(`must be a list of issuers in JSON, or the path of a file of it, which cannot be read${code}`);
  }
  const parsed = Issuers.safeParse(json);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) refuse([path.join('.'), message].filter(Boolean).join(': '));
  return z.NEVER;
});

/** Where it says so; the rest of the message quotes the text, which may have the password of a URL in it. */
function placeOf({ message }: SyntaxError): string {
  const [place] = / at position \d+( \(line \d+ column \d+\))?/.exec(message) ?? [];
  return place ?? '';
}

export const masterKeys = z.string().transform((text, { addIssue }): MasterKeys => {
  try {
    return parseMasterKeys(text);
  } catch (error) {
    if (!(error instanceof MasterKeysError)) throw error;
    for (const message of error.faults) addIssue({ code: 'custom', message });
    return z.NEVER;
  }
});

export const signingKey = z.string().transform((text, { addIssue }): SigningKey => {
  try {
    return parseSigningKey(text);
  } catch (error) {
    if (!(error instanceof SigningKeyError)) throw error;
    addIssue({ code: 'custom', message: error.message });
    return z.NEVER;
  }
});

export const platformProviders = z.string().transform((text, { addIssue }): ReadonlySet<ProviderSlug> => {
  const slugs = text.split(',').map((slug) => slug.trim());
  if (slugs.every(isProviderSlug)) return new Set(slugs);
  addIssue({ code: 'custom', message: `must be slugs among ${providerSlugs.join(', ')}, with commas between them` });
  return z.NEVER;
});

export const invitationUrl = z
  .url({
    protocol: /^https?$/,
    error: 'must be a URL such as https://app.example.com/join/{organizationId}/{invitationId}',
    abort: true,
  })
  .refine(
    (text) => text.includes('{invitationId}') && text.includes('{organizationId}'),
    'must have {organizationId} and {invitationId} in it',
  );

export const operators = z.string().transform((text, { addIssue }): ReadonlySet<string> => {
  const ids = text.split(',').map((id) => id.trim());
  if (ids.every((id) => userIdForm.test(id))) return new Set(ids);
  addIssue({ code: 'custom', message: 'must be ids of users (usr_… or user_…), with commas between them' });
  return z.NEVER;
});

export const redisUrl = z.url({
  protocol: /^rediss?$/,
  error: 'must be a URL such as redis://user:password@host:6379',
});

export const otlpUrl = z.url({ protocol: /^https?$/, error: 'must be a URL such as http://localhost:4318' });
const otlpProtocols = ['http/protobuf', 'http/json'] as const;
export type OtlpProtocol = (typeof otlpProtocols)[number];
export const otlpProtocol = z.enum(otlpProtocols, `must be ${otlpProtocols.join(' or ')}`);

const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;
export const origins = z
  .string()
  .transform((text) => text.split(',').map((origin) => origin.trim()))
  .refine((texts) => texts.every(isOrigin), 'must be origins such as https://app.example, with commas between them')
  .transform((texts): ReadonlySet<string> => new Set(texts));

/** File names with commas between them; the word "only" among them refuses all other documents. */
export const persistedDocuments = z.string().transform((text): PersistedDocumentFiles => {
  const names = text.split(',').map((name) => name.trim());
  return { files: names.filter((name) => name !== '' && name !== 'only'), only: names.includes('only') };
});

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
export const authorizationParameters = z.string().transform((text, { addIssue }): Readonly<Record<string, string>> => {
  const entries = [...new URLSearchParams(text)];
  const names = entries.map(([name]) => name);
  const taken = names.filter((name) => ownParameters.includes(name));
  if (taken.length > 0) addIssue({ code: 'custom', message: `must not set ${taken.join(', ')}` });
  if (entries.some(([name, value]) => name === '' || value === '') || new Set(names).size < names.length)
    addIssue({ code: 'custom', message: 'must be name=value, each name once, with & between them' });
  return Object.fromEntries(entries);
});
