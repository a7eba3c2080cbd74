import { z } from 'zod';
import { isProviderSlug, type ProviderSlug, providerSlugs } from './catalog/providers.ts';
import { type MasterKeys, MasterKeysError, parseMasterKeys } from './domain/master-keys.ts';

const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');
const whole = (from: number, to: number) => {
  const error = `must be a whole number from ${from} to ${to}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, error)
    .transform(Number)
    .pipe(z.number().min(from, error).max(to, error));
};
const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;
const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be a URL such as postgresql://user:password@host/database',
});
const httpUrl = z.url({
  protocol: /^https?$/,
  error: 'must be a URL such as https://example.com/.well-known/jwks.json',
});

const masterKeys = z.string().transform((text, { addIssue }): MasterKeys => {
  try {
    return parseMasterKeys(text);
  } catch (error) {
    if (!(error instanceof MasterKeysError)) throw error;
    for (const message of error.faults) addIssue({ code: 'custom', message });
    return z.NEVER;
  }
});

const platformProviders = z.string().transform((text, { addIssue }): ReadonlySet<ProviderSlug> => {
  const slugs = text.split(',').map((slug) => slug.trim());
  if (slugs.every(isProviderSlug)) return new Set(slugs);
  addIssue({ code: 'custom', message: `must be slugs among ${providerSlugs.join(', ')}, with commas between them` });
  return z.NEVER;
});

const Variables = z.object({
  HOST: z.string().default('localhost'),
  PORT: whole(0, 65_535).default(4000),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  DATABASE_URL: postgresUrl.optional(),
  MIGRATE_DATABASE_URL: postgresUrl.optional(),
  DATABASE_POOL_SIZE: whole(1, 500).default(10),
  DATA_DIR: z.string().optional(),
  AUTH_JWKS_URL: httpUrl.optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
  MASTER_KEYS: masterKeys.optional(),
  PLATFORM_PROVIDERS: platformProviders.optional(),
  GRAPHIQL: flag.optional(),
});

/** Every variable that is read. */
export const variableNames: readonly string[] = Object.keys(Variables.shape);

/** The settings of the process; `.env.example` says what each is. Without `databaseUrl` the embedded mode is meant. */
export interface Environment {
  host: string;
  port: number;
  logLevel: string;
  databaseUrl: string | undefined;
  migrateDatabaseUrl: string | undefined;
  databasePoolSize: number;
  dataDirectory: string | undefined;
  auth: { jwksUrl: string; issuer: string; audience: string | undefined } | undefined;
  /** The first seals provider keys, all open them. */
  masterKeys: MasterKeys | undefined;
  /** Those at which the operator has a key for every organization. */
  platformProviders: ReadonlySet<ProviderSlug>;
  graphiql: boolean | undefined;
}

/** Everything that is wrong with the environment, at once. Values are not repeated: some are secret. */
export class EnvironmentError extends Error {
  constructor(faults: readonly string[]) {
    super(`The environment has faults:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'EnvironmentError';
  }
}

/**
 * The settings that these variables make. An empty variable counts as absent. `needsAuth` says whether tokens will be
 * verified and keys sealed, for which a database of one's own wants an issuer and master keys of one's own.
 *
 * @throws EnvironmentError
 */
export function readEnvironment(
  variables: Record<string, string | undefined>,
  { needsAuth = true }: { needsAuth?: boolean } = {},
): Environment {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const parsed = Variables.safeParse(given);
  const faults = (parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
  if (needsAuth && given.DATABASE_URL !== undefined) {
    const missing = ['AUTH_JWKS_URL', 'AUTH_ISSUER', 'MASTER_KEYS'].filter((name) => given[name] === undefined);
    faults.push(...missing.map((name) => `${name}: is required where DATABASE_URL is set`));
  }
  if (!parsed.success || faults.length > 0) throw new EnvironmentError(faults);

  const { AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE, ...rest } = parsed.data;
  return {
    host: rest.HOST,
    port: rest.PORT,
    logLevel: rest.LOG_LEVEL,
    databaseUrl: rest.DATABASE_URL,
    migrateDatabaseUrl: rest.MIGRATE_DATABASE_URL,
    databasePoolSize: rest.DATABASE_POOL_SIZE,
    dataDirectory: rest.DATA_DIR,
    auth:
      AUTH_JWKS_URL !== undefined && AUTH_ISSUER !== undefined
        ? { jwksUrl: AUTH_JWKS_URL, issuer: AUTH_ISSUER, audience: AUTH_AUDIENCE }
        : undefined,
    masterKeys: rest.MASTER_KEYS,
    platformProviders: rest.PLATFORM_PROVIDERS ?? new Set(),
    graphiql: rest.GRAPHIQL,
  };
}
