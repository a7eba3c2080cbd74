import { z } from 'zod';

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const postgresUrl = z.url({
  protocol: /^postgres(ql)?$/,
  error: 'must be a URL such as postgresql://user:password@host/database',
});
const httpUrl = z.url({
  protocol: /^https?$/,
  error: 'must be a URL such as https://example.com/.well-known/jwks.json',
});

const Variables = z.object({
  HOST: z.string().default('localhost'),
  PORT: z.coerce.number('must be a number from 0 to 65535').int().min(0).max(65_535).default(4000),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  DATABASE_URL: postgresUrl.optional(),
  MIGRATE_DATABASE_URL: postgresUrl.optional(),
  DATABASE_POOL_SIZE: z.coerce.number('must be a number from 1 to 500').int().min(1).max(500).default(10),
  DATA_DIR: z.string().optional(),
  AUTH_JWKS_URL: httpUrl.optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
  GRAPHIQL: flag.optional(),
});

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
 * verified, for which a database of one's own wants an issuer of one's own.
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
    const missing = ['AUTH_JWKS_URL', 'AUTH_ISSUER'].filter((name) => given[name] === undefined);
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
    graphiql: rest.GRAPHIQL,
  };
}
