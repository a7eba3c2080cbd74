import { z } from 'zod';
import type { IssuerSettings } from './auth/issuer-settings.ts';
import { type CacheLimits, defaultCache } from './cache/tags.ts';
import type { ProviderSlug } from './catalog/providers.ts';
import { type PreparedStatements, preparedStatements } from './database/pool/prepared-statements.ts';
import type { MasterKeys } from './domain/vault/master-keys.ts';
import { authFaults, authVariables, issuersFrom, signInFrom } from './env-auth.ts';
import { EnvironmentError, faultOfText, textsOf } from './env-text.ts';
import {
  flag,
  invitationUrl,
  logLevels,
  masterKeys,
  type OtlpProtocol,
  operators,
  origins,
  otlpProtocol,
  otlpUrl,
  type PersistedDocumentFiles,
  persistedDocuments,
  platformProviders,
  postgresUrl,
  redisUrl,
  whole,
} from './env-values.ts';
import {
  type Introspection,
  introspections,
  type LimitName,
  type Limits,
  limitRules,
  limitsOf,
  type OrganizationCreators,
  organizationCreators,
} from './limits.ts';
import type { SignInOptions } from './server/sign-in/sign-in.ts';

const limitVariables = Object.fromEntries(
  Object.values(limitRules).map(({ variable, from, to }) => [variable, whole(from, to).optional()]),
);

const Variables = z.object({
  HOST: z.string().default('localhost'),
  PORT: whole(0, 65_535).default(4000),
  KEEP_ALIVE_TIMEOUT_MS: whole(1_000, 3_600_000).default(65_000),
  SEND_TIMEOUT_MS: whole(100, 3_600_000).default(30_000),
  METRICS_PORT: whole(0, 65_535).optional(),
  METRICS_HOST: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl.optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: otlpUrl.optional(),
  OTEL_EXPORTER_OTLP_PROTOCOL: otlpProtocol.optional(),
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: otlpProtocol.optional(),
  OTEL_SDK_DISABLED: z.string().optional(),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none'], 'must be otlp or none').optional(),
  LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  DATABASE_URL: postgresUrl.optional(),
  MIGRATE_DATABASE_URL: postgresUrl.optional(),
  DATABASE_POOL_SIZE: whole(1, 500).default(10),
  DATABASE_PREPARED_STATEMENTS: z
    .enum(preparedStatements, `must be one of ${preparedStatements.join(', ')}`)
    .default('auto'),
  DATA_DIR: z.string().optional(),
  ...authVariables,
  MASTER_KEYS: masterKeys.optional(),
  PLATFORM_PROVIDERS: platformProviders.optional(),
  ORGANIZATION_CREATION: z.enum(organizationCreators, `must be one of ${organizationCreators.join(', ')}`).optional(),
  OPERATORS: operators.optional(),
  INVITATION_URL: invitationUrl.optional(),
  GRAPHIQL: flag.optional(),
  INTROSPECTION: z.enum(introspections, `must be one of ${introspections.join(', ')}`).optional(),
  CORS_ORIGINS: origins.optional(),
  PERSISTED_DOCUMENTS: persistedDocuments.optional(),
  SUBGRAPH_HMAC_SECRET: z.string().min(32, 'must be at least 32 characters').optional(),
  SUBGRAPH_FORWARDED_JWT: flag.optional(),
  REDIS_URL: redisUrl.optional(),
  TRUSTED_PROXIES: whole(0, 100).default(0),
  CACHE_BYTES: whole(0, 999_999_999).default(defaultCache.bytes),
  CACHE_ENTRIES: whole(0, 10_000_000).default(defaultCache.entries),
});
const LimitVariables = z.object(limitVariables);

/** The names of all environment variables that are read. */
export const variableNames: readonly string[] = [...Object.keys(Variables.shape), ...Object.keys(limitVariables)];

/** The settings of the process; `.env.example` describes each. Without `databaseUrl` the database is the embedded one. */
export interface Environment {
  host: string;
  port: number;
  /** How long a connection may be idle between two requests. */
  keepAliveTimeoutMs: number;
  /** How long a client may read nothing of an answer before it is disconnected. */
  sendTimeoutMs: number;
  /** Where metrics are; absent: they are off. */
  metrics: { host: string; port: number } | undefined;
  /** How traces are exported; absent: they are off. Where to, and what else there is to say, the exporter reads itself. */
  traces: { protocol: OtlpProtocol } | undefined;
  logLevel: string;
  databaseUrl: string | undefined;
  migrateDatabaseUrl: string | undefined;
  databasePoolSize: number;
  preparedStatements: PreparedStatements;
  dataDirectory: string | undefined;
  /** The issuers whose tokens are accepted. */
  auth: readonly IssuerSettings[] | undefined;
  /** How users sign in with a browser, at the first of them. */
  signIn: SignInOptions | undefined;
  /** The first encrypts provider keys, all decrypt them. */
  masterKeys: MasterKeys | undefined;
  /** Providers at which the operator has a key for every organization. */
  platformProviders: ReadonlySet<ProviderSlug>;
  /** Who may create organizations. */
  organizationCreation: OrganizationCreators | undefined;
  /** The ids of users who operate the service. */
  operators: ReadonlySet<string>;
  /** The page on which invitations are accepted, with `{organizationId}` and `{invitationId}` in it. */
  invitationUrl: string | undefined;
  graphiql: boolean | undefined;
  introspection: Introspection | undefined;
  /** Origins whose pages may read answers. */
  corsOrigins: ReadonlySet<string>;
  persistedDocuments: PersistedDocumentFiles | undefined;
  /** The secret with which the gateway of a supergraph signs its calls. */
  subgraphHmacSecret: string | undefined;
  /** Whether callers may be named by tokens that the gateway verified, and signs. */
  subgraphForwardedJwt: boolean;
  /** Redis, where several processes share rate limits; absent: each process counts alone. */
  redisUrl: string | undefined;
  /** How many proxies in front of the service are trusted to append to `X-Forwarded-For`. */
  trustedProxies: number;
  limits: Limits;
  /** What one process caches at most. */
  cache: CacheLimits;
}

/**
 * Parses and validates environment variables. Values are trimmed; an empty variable counts as absent. With `needsAuth` (tokens
 * will be verified, keys encrypted) a `DATABASE_URL` requires an issuer and master keys.
 *
 * @throws EnvironmentError
 */
export function readEnvironment(
  variables: Record<string, string | undefined>,
  { needsAuth = true }: { needsAuth?: boolean } = {},
): Environment {
  const given: Partial<Record<string, string>> = textsOf(variables, variableNames);
  const unclean = new Map(Object.entries(given).map(([name, value = '']) => [name, faultOfText(name, value)]));
  const parsed = Variables.safeParse(given);
  const parsedLimits = LimitVariables.safeParse(given);
  const issues = [...(parsed.error?.issues ?? []), ...(parsedLimits.error?.issues ?? [])];
  const faults = issues
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
  if (!parsed.success || !parsedLimits.success || faults.length > 0) throw new EnvironmentError(faults);

  const rest = parsed.data;
  return {
    host: rest.HOST,
    port: rest.PORT,
    keepAliveTimeoutMs: rest.KEEP_ALIVE_TIMEOUT_MS,
    sendTimeoutMs: rest.SEND_TIMEOUT_MS,
    metrics:
      rest.METRICS_PORT === undefined ? undefined : { host: rest.METRICS_HOST ?? rest.HOST, port: rest.METRICS_PORT },
    traces: hasTraces(rest)
      ? { protocol: rest.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? rest.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/protobuf' }
      : undefined,
    logLevel: rest.LOG_LEVEL,
    databaseUrl: rest.DATABASE_URL,
    migrateDatabaseUrl: rest.MIGRATE_DATABASE_URL,
    databasePoolSize: rest.DATABASE_POOL_SIZE,
    preparedStatements: rest.DATABASE_PREPARED_STATEMENTS,
    dataDirectory: rest.DATA_DIR,
    auth: issuersFrom(rest),
    signIn: signInFrom(rest),
    masterKeys: rest.MASTER_KEYS,
    platformProviders: rest.PLATFORM_PROVIDERS ?? new Set(),
    organizationCreation: rest.ORGANIZATION_CREATION,
    operators: rest.OPERATORS ?? new Set(),
    invitationUrl: rest.INVITATION_URL,
    graphiql: rest.GRAPHIQL,
    introspection: rest.INTROSPECTION,
    corsOrigins: rest.CORS_ORIGINS ?? new Set(),
    persistedDocuments: rest.PERSISTED_DOCUMENTS,
    subgraphHmacSecret: rest.SUBGRAPH_HMAC_SECRET,
    subgraphForwardedJwt: rest.SUBGRAPH_FORWARDED_JWT ?? false,
    redisUrl: rest.REDIS_URL,
    trustedProxies: rest.TRUSTED_PROXIES,
    limits: limitsOf(givenLimits(parsedLimits.data)),
    cache: { bytes: rest.CACHE_BYTES, entries: rest.CACHE_ENTRIES },
  };
}

/** By the standard variables of OpenTelemetry. */
function hasTraces(values: z.infer<typeof Variables>): boolean {
  const isOff = values.OTEL_SDK_DISABLED?.toLowerCase() === 'true' || values.OTEL_TRACES_EXPORTER === 'none';
  return !isOff && (values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? values.OTEL_EXPORTER_OTLP_ENDPOINT) !== undefined;
}

function givenLimits(values: Record<string, number | undefined>): Partial<Limits> {
  const names = Object.keys(limitRules) as LimitName[];
  const given = names.map((name) => [name, values[limitRules[name].variable]] as const);
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
