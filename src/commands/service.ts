import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { readCatalog } from '../catalog/catalog.ts';
import { createChangeFeed } from '../database/change-feed.ts';
import { createDatabase } from '../database/client.ts';
import { createRevisionHub } from '../domain/revision-hub.ts';
import { createVault } from '../domain/vault.ts';
import type { Environment } from '../env.ts';
import { graphiqlPage } from '../server/graphiql.ts';
import type { ServerOptions } from '../server/options.ts';
import { createServer, openPersistedDocuments } from '../server.ts';
import { banner } from './banner.ts';
import { UsageError } from './command.ts';
import { type Foundation, layFoundation } from './foundation.ts';
import type { Endpoint } from './listen.ts';
import { watchReadiness } from './readiness.ts';
import { connectRedis } from './redis.ts';
import { aborted } from './stop-signal.ts';

const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|::1)$/.test(host);

/** How long after an operation's time the database itself gives up its statement, where it was not told to. */
const cancellationMs = 1_000;

/** How long a service told to stop by SIGTERM still answers all comers: load balancers must see that it is not ready. */
const drainMs = 2_000;

/** How long requests in flight may take to finish after that. */
const shutdownGraceMs = 6_000;

/** How long is waited for what the database still holds after that. */
const disconnectMs = 500;

/** Answers at the endpoint until `stop` is aborted, on a foundation that it lays before and takes away after. */
export async function runService(environment: Environment, endpoint: Endpoint, stop: AbortSignal): Promise<void> {
  const { persistedDocuments: files } = environment;
  const persistedDocuments = files && openPersistedDocuments(files);
  const foundation = await layFoundation(environment, say, stop).catch((error: unknown) => {
    // Ctrl-C also reaches what is being started, which then fails; that was asked for.
    if (!stop.aborted) throw error;
  });
  if (!foundation) return;
  await answerUntil(stop, { environment, persistedDocuments }, foundation, endpoint).finally(foundation.close);
}

async function answerUntil(
  stop: AbortSignal,
  { environment, persistedDocuments }: { environment: Environment } & Pick<ServerOptions, 'persistedDocuments'>,
  { databaseUrl, issuer, masterKeys, local, lost }: Foundation,
  endpoint: Endpoint,
): Promise<void> {
  const statementMs = environment.limits.executionMs + cancellationMs;
  const db = createDatabase(databaseUrl, { poolSize: environment.databasePoolSize, statementMs });
  const readiness = watchReadiness(databaseUrl);
  const changeFeed = createChangeFeed(databaseUrl);
  const revisionHub = createRevisionHub({ db, changeFeed, limits: environment.limits });
  const log = pino({ level: environment.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  const redis = environment.redisUrl === undefined ? undefined : connectRedis(environment.redisUrl, log);
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
  endpoint.answerWith(server);
  say(local ? banner(endpoint.url, environment) : `Modelgate is ready: ${endpoint.url}/graphql`);

  await Promise.race([aborted(stop), ...(lost ? [lost] : [])]);
  readiness.withdraw();
  endpoint.drain();
  // In development nobody waits for a load balancer, nor does whoever presses Ctrl-C.
  if (!local && stop.reason === 'SIGTERM') await sleep(drainMs);
  revisionHub.close();
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

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
