import { z } from 'zod';
import { authentication, authFaults, issuersFrom, signInFrom } from './authentication.ts';
import { caching } from './caching.ts';
import { clients } from './clients.ts';
import { database } from './database.ts';
import { limits, limitsFrom } from './limits.ts';
import { network } from './network.ts';
import { organizations } from './organizations.ts';
import { telemetry, tracesFrom } from './telemetry.ts';
import { EnvironmentError, faultOfText, textsOf } from './text.ts';
import { shapeOf } from './variable.ts';

/** All variables of the environment that are read. */
export const variables = {
  ...network,
  ...telemetry,
  ...database,
  ...authentication,
  ...organizations,
  ...clients,
  ...caching,
  ...limits,
};

/** Their names. */
export const variableNames: readonly string[] = Object.keys(variables);

const Variables = z.object(shapeOf(variables));

/** The settings of the process. Without `databaseUrl` the database is the embedded one. */
export type Environment = ReturnType<typeof readEnvironment>;

/**
 * Parses and validates environment variables. Values are trimmed; an empty variable counts as absent. With `needsAuth` (tokens
 * will be verified, keys encrypted) a `DATABASE_URL` requires an issuer and master keys.
 *
 * @throws EnvironmentError
 */
export function readEnvironment(
  environment: Record<string, string | undefined>,
  { needsAuth = true }: { needsAuth?: boolean } = {},
) {
  const given: Partial<Record<string, string>> = textsOf(environment, variableNames);
  const unclean = new Map(Object.entries(given).map(([name, value = '']) => [name, faultOfText(name, value)]));
  const parsed = Variables.safeParse(given);
  const faults = (parsed.error?.issues ?? [])
    .map(({ path, message }) => ({ name: path.join('.'), message }))
    // An unclean value has that fault alone.
    .filter(({ name }) => unclean.get(name) === undefined)
    .map(({ name, message }) => `${name}: ${message}`);
  faults.unshift(...[...unclean].flatMap(([name, fault]) => (fault === undefined ? [] : [`${name}: ${fault}`])));
  if (needsAuth && given.DATABASE_URL !== undefined) {
    const required = given.AUTH_ISSUERS === undefined ? ['AUTH_ISSUER', 'MASTER_KEYS'] : ['MASTER_KEYS'];
    const missing = required.filter((name) => given[name] === undefined);
    faults.push(...missing.map((name) => `${name}: is required where DATABASE_URL is set`));
  }
  if (given.SUBGRAPH_FORWARDED_JWT === 'true' && given.SUBGRAPH_HMAC_SECRET === undefined) {
    faults.push('SUBGRAPH_FORWARDED_JWT: needs SUBGRAPH_HMAC_SECRET, with which they are signed');
  }
  const metricsPort = parsed.data?.METRICS_PORT;
  if (metricsPort !== undefined && metricsPort !== 0 && metricsPort === parsed.data?.PORT) {
    faults.push('METRICS_PORT: must be another port than PORT');
  }
  // Of an unclean value nothing else is said.
  if (faults.length === 0) faults.push(...authFaults(given));
  if (!parsed.success || faults.length > 0) throw new EnvironmentError(faults);

  const rest = parsed.data;
  return {
    host: rest.HOST,
    port: rest.PORT,
    keepAliveTimeoutMs: rest.KEEP_ALIVE_TIMEOUT_MS,
    sendTimeoutMs: rest.SEND_TIMEOUT_MS,
    metrics:
      rest.METRICS_PORT === undefined ? undefined : { host: rest.METRICS_HOST ?? rest.HOST, port: rest.METRICS_PORT },
    traces: tracesFrom(rest),
    logLevel: rest.LOG_LEVEL,
    databaseUrl: rest.DATABASE_URL,
    migrateDatabaseUrl: rest.MIGRATE_DATABASE_URL,
    databasePoolSize: rest.DATABASE_POOL_SIZE,
    preparedStatements: rest.DATABASE_PREPARED_STATEMENTS,
    dataDirectory: rest.DATA_DIR,
    auth: issuersFrom(rest),
    signIn: signInFrom(rest),
    masterKeys: rest.MASTER_KEYS,
    ledgerSigningKey: rest.LEDGER_SIGNING_KEY,
    platformProviders: rest.PLATFORM_PROVIDERS ?? new Set(),
    organizationCreation: rest.ORGANIZATION_CREATION,
    operators: rest.OPERATORS ?? new Set(),
    invitationUrl: rest.INVITATION_URL,
    graphiql: rest.GRAPHIQL,
    console: rest.CONSOLE,
    introspection: rest.INTROSPECTION,
    corsOrigins: rest.CORS_ORIGINS ?? new Set(),
    persistedDocuments: rest.PERSISTED_DOCUMENTS,
    subgraphHmacSecret: rest.SUBGRAPH_HMAC_SECRET,
    subgraphForwardedJwt: rest.SUBGRAPH_FORWARDED_JWT,
    extAuthz: rest.EXT_AUTHZ ? { takesCutBodies: rest.EXT_AUTHZ_CUT_BODIES } : undefined,
    redisUrl: rest.REDIS_URL,
    trustedProxies: rest.TRUSTED_PROXIES,
    limits: limitsFrom(rest),
    cache: { bytes: rest.CACHE_BYTES, entries: rest.CACHE_ENTRIES },
  };
}
