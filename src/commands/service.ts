import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createTags } from '../cache/tags.ts';
import { readCatalog } from '../catalog/read-catalog.ts';
import { createDatabase } from '../database/pool/client.ts';
import { startCheckpointWriter } from '../domain/checkpoints/checkpoint-writer.ts';
import { CacheLease } from '../domain/feed/cache-lease.ts';
import { createChangeFeed } from '../domain/feed/change-feed.ts';
import { createPeers } from '../domain/feed/peers.ts';
import { createRevisionHub } from '../domain/feed/revision-hub.ts';
import { RefusalCounter } from '../domain/refusals/refusal-counter.ts';
import { createSnapshotHub } from '../domain/snapshots/snapshot-hub.ts';
import { createVault } from '../domain/vault/vault.ts';
import type { Environment } from '../environment/environment.ts';
import { version } from '../program.ts';
import type { ServerOptions } from '../server/options.ts';
import { loggedError } from '../server/request/logged-error.ts';
import { createServer, loadTheRest } from '../server.ts';
import type { Traces } from '../traces/traces.ts';
import { banner } from './banner.ts';
import { UsageError } from './command.ts';
import type { Endpoints } from './listen.ts';
import { answerMetrics } from './metrics-endpoint.ts';
import { watchReadiness } from './readiness.ts';
import type { Redis } from './redis.ts';
import { say } from './say.ts';
import type { ServiceDependencies } from './service-dependencies.ts';
import { aborted } from './stop-signal.ts';

const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|::1)$/.test(host);

/** How long, in ms, after its start the service loads code that the first requests seldom need. */
const warmUpMs = 1_000;

/**
 * How long, in ms, after an operation's deadline the database itself cancels a statement, where no cancel request has reached
 * it.
 */
const cancellationMs = 1_000;

/**
 * How long, in ms, the service still answers all requests after SIGTERM: load balancers must first see that it is not ready.
 */
const drainMs = 2_000;

/** How long, in ms, requests in flight may take to finish after that. */
const shutdownGraceMs = 6_000;

/** How long, in ms, open connections to the database are awaited after that. */
const disconnectMs = 500;

/** How long, in ms, the last spans may take to be exported, and the last counts to be written. */
const exportMs = 500;

/** Serves at the endpoint, with these dependencies, until `stop` is aborted or the database has ended. */
export async function serveUntil(
  stop: AbortSignal,
  {
    environment,
    persistedDocuments,
    log,
  }: { environment: Environment } & Pick<ServerOptions, 'persistedDocuments' | 'log'>,
  { databaseUrl, issuers, masterKeys, ledgerSigningKey, local, lost }: ServiceDependencies,
  { endpoint, metricsEndpoint }: Endpoints,
): Promise<void> {
  const statementMs = environment.limits.executionMs + cancellationMs;
  const { databasePoolSize: poolSize, preparedStatements } = environment;
  const metrics = metricsEndpoint && (await import('../metrics/metrics.ts')).createMetrics();
  const traces = environment.traces && (await openTraces(environment.traces, log));
  const observer = { ...metrics?.poolObserver, ...traces?.poolObserver };
  const db = createDatabase(databaseUrl, { poolSize, statementMs, preparedStatements, observer });
  const readiness = watchReadiness(databaseUrl);
  const lease = new CacheLease();
  const changeFeed = createChangeFeed(databaseUrl, lease);
  const revisionHub = createRevisionHub({ db, changeFeed, limits: environment.limits });
  const catalog = readCatalog();
  const snapshotHub = createSnapshotHub({
    db,
    changeFeed,
    catalog,
    key: ledgerSigningKey,
    limits: environment.limits,
  });
  const tags = createTags({
    changeFeed,
    lease,
    awaitPeers: createPeers(db, lease),
    limits: environment.cache,
  });
  const refusals = new RefusalCounter({
    db,
    onFault: ({ error, lost }) =>
      log.warn(
        { err: error instanceof Error ? loggedError(error) : undefined, lost },
        'counts of refusals were not written; those that are not lost are kept for the next attempt',
      ),
  });
  const checkpoints =
    ledgerSigningKey &&
    startCheckpointWriter({
      db,
      key: ledgerSigningKey,
      onCheckpoints: (found) => log.info({ checkpoints: found }, 'checkpoints of the ledger were signed'),
      onFault: (error) =>
        log.warn(
          { err: error instanceof Error ? loggedError(error) : undefined },
          'checkpoints of the ledger were not signed; they will be tried again',
        ),
    });
  metrics?.watch({ db, changeFeed, lease, revisionHub, snapshotHub });
  const redis = environment.redisUrl === undefined ? undefined : await openRedis(environment.redisUrl, log);
  // The tokens of another issuer are not accepted where the service is its own.
  const signIn = local ? undefined : environment.signIn;
  const server = createServer({
    db,
    catalog,
    issuers,
    vault: createVault(masterKeys),
    log,
    platformProviders: environment.platformProviders,
    organizationCreation: {
      creators: environment.organizationCreation ?? (local ? 'anyone' : 'operators'),
      operators: environment.operators,
    },
    invitationUrl: environment.invitationUrl,
    readiness: readiness.check,
    revisionHub,
    snapshotHub,
    tags,
    refusals,
    metrics,
    startSpan: traces?.startSpan,
    cache: environment.cache,
    jwks: local?.jwks,
    signingKey: ledgerSigningKey,
    limits: environment.limits,
    redis: redis?.client,
    trustedProxies: environment.trustedProxies,
    corsOrigins: environment.corsOrigins,
    subgraphHmacSecret: environment.subgraphHmacSecret,
    subgraphForwardedJwt: environment.subgraphForwardedJwt,
    extAuthz: environment.extAuthz,
    introspection: environment.introspection ?? (local ? 'everyone' : 'signed-in'),
    persistedDocuments,
    graphiql: environment.graphiql ?? local !== undefined,
    console: environment.console,
    demo: isLoopback(environment.host) ? local : undefined,
    signIn,
  });
  endpoint.answerWith(server.listener);
  if (metrics) metricsEndpoint?.answerWith(answerMetrics(metrics));
  say(local ? banner(endpoint.url, environment) : `Modelgate is ready: ${endpoint.url}/graphql`);
  if (metricsEndpoint) say(`Metrics are at ${metricsEndpoint.url}/metrics`);

  // By now the first requests are answered. An error of the import occurs again, and is logged, where the code is used.
  const loading = setTimeout(() => void loadTheRest().catch(() => {}), warmUpMs);

  await Promise.race([aborted(stop), ...(lost ? [lost] : [])]);
  clearTimeout(loading);
  readiness.withdraw();
  endpoint.drain();
  // The embedded mode has no load balancer, and Ctrl-C (SIGINT) shall stop at once.
  if (!local && stop.reason === 'SIGTERM') await sleep(drainMs);
  revisionHub.close();
  snapshotHub.close();
  tags.close();
  await endpoint.close(shutdownGraceMs);
  redis?.close();
  metrics?.close();
  await settle(Promise.all([traces?.close(), refusals.close(), checkpoints?.close()]), exportMs);
  await settle(Promise.all([db.$disconnect(), readiness.close(), changeFeed.close()]), disconnectMs);
  if (!stop.aborted) throw new UsageError('The service has stopped, since its database is gone. Its data is kept.');
}

/** Awaits the work, up to a timeout. */
function settle(work: Promise<unknown>, withinMs: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timeout = setTimeout(resolve, withinMs);
    work.then(resolve, reject).finally(() => clearTimeout(timeout));
  });
}

async function openRedis(url: string, log: Logger): Promise<Redis> {
  const { connectRedis } = await import('./redis.ts');
  return connectRedis(url, log);
}

async function openTraces({ protocol }: NonNullable<Environment['traces']>, log: Logger): Promise<Traces> {
  const { startTraces } = await import('../traces/traces.ts');
  return startTraces({ protocol, version: version(), log });
}
