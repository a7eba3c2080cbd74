import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createTags } from '../cache/tags.ts';
import { readCatalog } from '../catalog/catalog.ts';
import { createDatabase } from '../database/pool/client.ts';
import { CacheLease } from '../domain/feed/cache-lease.ts';
import { createChangeFeed } from '../domain/feed/change-feed.ts';
import { createPeers } from '../domain/feed/peers.ts';
import { createRevisionHub } from '../domain/feed/revision-hub.ts';
import { createVault } from '../domain/vault/vault.ts';
import type { Environment } from '../env.ts';
import type { ServerOptions } from '../server/options.ts';
import { graphiqlPage } from '../server/plugins/graphiql.ts';
import { createServer, loadRest } from '../server.ts';
import { banner } from './banner.ts';
import { UsageError } from './command.ts';
import type { Endpoint } from './listen.ts';
import { watchReadiness } from './readiness.ts';
import type { Redis } from './redis.ts';
import { say } from './say.ts';
import type { ServiceDependencies } from './service-dependencies.ts';
import { aborted } from './stop-signal.ts';

const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|::1)$/.test(host);

/** How soon after it is ready the service loads what first answers seldom need, in ms. */
const warmUpMs = 1_000;

/** How long after an operation's time the database itself gives up its statement, where it was not told to. */
const cancellationMs = 1_000;

/** How long a service told to stop by SIGTERM still answers all comers: load balancers must see that it is not ready. */
const drainMs = 2_000;

/** How long requests in flight may take to finish after that. */
const shutdownGraceMs = 6_000;

/** How long is waited for what the database still holds after that. */
const disconnectMs = 500;

/** Answers at the endpoint, with these dependencies, until `stop` is aborted or the database is gone. */
export async function answerUntil(
  stop: AbortSignal,
  {
    environment,
    persistedDocuments,
    log,
  }: { environment: Environment } & Pick<ServerOptions, 'persistedDocuments' | 'log'>,
  { databaseUrl, issuer, masterKeys, local, lost }: ServiceDependencies,
  endpoint: Endpoint,
): Promise<void> {
  const statementMs = environment.limits.executionMs + cancellationMs;
  const { databasePoolSize: poolSize, preparedStatements } = environment;
  const db = createDatabase(databaseUrl, { poolSize, statementMs, preparedStatements });
  const readiness = watchReadiness(databaseUrl);
  const lease = new CacheLease();
  const changeFeed = createChangeFeed(databaseUrl, lease);
  const revisionHub = createRevisionHub({ db, changeFeed, limits: environment.limits });
  const tags = createTags({
    changeFeed,
    lease,
    awaitPeers: createPeers(db, lease),
    limits: environment.cache,
  });
  const redis = environment.redisUrl === undefined ? undefined : await openRedis(environment.redisUrl, log);
  const showsGraphiql = environment.graphiql ?? local !== undefined;
  const server = createServer({
    db,
    catalog: readCatalog(),
    issuer,
    vault: createVault(masterKeys),
    log,
    platformProviders: environment.platformProviders,
    readiness: readiness.check,
    revisionHub,
    tags,
    cache: environment.cache,
    jwks: local?.jwks,
    limits: environment.limits,
    redis: redis?.client,
    trustedProxies: environment.trustedProxies,
    corsOrigins: environment.corsOrigins,
    subgraphHmacSecret: environment.subgraphHmacSecret,
    introspection: environment.introspection ?? (local ? 'everyone' : 'signed-in'),
    persistedDocuments,
    graphiql: showsGraphiql ? graphiqlPage(isLoopback(environment.host) ? local : undefined) : undefined,
  });
  endpoint.answerWith(server.listener);
  say(local ? banner(endpoint.url, environment) : `Modelgate is ready: ${endpoint.url}/graphql`);

  // By then whoever waited for the service has an answer; a fault is met again, and told, where it matters.
  const loading = setTimeout(() => void loadRest().catch(() => {}), warmUpMs);

  await Promise.race([aborted(stop), ...(lost ? [lost] : [])]);
  clearTimeout(loading);
  readiness.withdraw();
  endpoint.drain();
  // In development nobody waits for a load balancer, nor does whoever presses Ctrl-C.
  if (!local && stop.reason === 'SIGTERM') await sleep(drainMs);
  revisionHub.close();
  tags.close();
  await endpoint.close(shutdownGraceMs);
  redis?.close();
  await settle(Promise.all([db.$disconnect(), readiness.close(), changeFeed.close()]), disconnectMs);
  if (!stop.aborted) throw new UsageError('The service has stopped, since its database is gone. Its data is kept.');
}

/** Waits for what is under way, but not for ever. */
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
