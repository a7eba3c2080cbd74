import { pino } from 'pino';
import { readCatalog } from '../catalog/catalog.ts';
import { createDatabase } from '../database/client.ts';
import { createVault } from '../domain/vault.ts';
import type { Environment } from '../env.ts';
import { graphiqlPage } from '../server/graphiql.ts';
import { createServer } from '../server.ts';
import { banner } from './banner.ts';
import { UsageError } from './command.ts';
import { type Foundation, layFoundation } from './foundation.ts';
import type { Endpoint } from './listen.ts';
import { watchReadiness } from './readiness.ts';
import { aborted } from './stop-signal.ts';

const isLoopback = (host: string) => /^(localhost|127(\.\d+){3}|::1)$/.test(host);

/** How long requests in flight may take to finish after a request to stop. */
const shutdownGraceMs = 8_000;

/** Answers at the endpoint until `stop` is aborted, on a foundation that it lays before and takes away after. */
export async function runService(environment: Environment, endpoint: Endpoint, stop: AbortSignal): Promise<void> {
  const foundation = await layFoundation(environment, say, stop).catch((error: unknown) => {
    // Ctrl-C also reaches what is being started, which then fails; that was asked for.
    if (!stop.aborted) throw error;
  });
  if (foundation) await answerUntil(stop, environment, foundation, endpoint).finally(foundation.close);
}

async function answerUntil(
  stop: AbortSignal,
  environment: Environment,
  { databaseUrl, issuer, masterKeys, local, lost }: Foundation,
  endpoint: Endpoint,
): Promise<void> {
  const db = createDatabase(databaseUrl, { poolSize: environment.databasePoolSize });
  const readiness = watchReadiness(databaseUrl);
  const showsGraphiql = environment.graphiql ?? local !== undefined;
  const server = createServer({
    db,
    catalog: readCatalog(),
    issuer,
    vault: createVault(masterKeys),
    log: pino({ level: environment.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime }),
    platformProviders: environment.platformProviders,
    readiness: readiness.check,
    jwks: local?.jwks,
    limits: environment.limits,
    graphiql: showsGraphiql ? graphiqlPage(isLoopback(environment.host) ? local : undefined) : undefined,
  });
  endpoint.answerWith(server);
  say(local ? banner(endpoint.url, environment) : `Modelgate is ready: ${endpoint.url}/graphql`);

  await Promise.race([aborted(stop), ...(lost ? [lost] : [])]);
  readiness.withdraw();
  await endpoint.close(shutdownGraceMs);
  await Promise.all([db.$disconnect(), readiness.close()]);
  if (!stop.aborted) throw new UsageError('The service has stopped, since its database is gone. Its data is kept.');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
