import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { readCatalog } from '../catalog/catalog.ts';
import { createDatabase } from '../database/client.ts';
import { type Environment, readEnvironment } from '../env.ts';
import { graphiqlPage } from '../server/graphiql.ts';
import { createServer } from '../server.ts';
import { banner } from './banner.ts';
import { type Foundation, layFoundation } from './foundation.ts';
import { type Endpoint, listen } from './listen.ts';
import { watchReadiness } from './readiness.ts';

/** How long requests in flight may take to finish after a request to stop. */
const shutdownGraceMs = 8_000;

const usage = `Usage: npm start

Starts the service. Without DATABASE_URL it brings a PostgreSQL of its own, in DATA_DIR, with a small demo world.
The variables of the environment are in .env.example.
`;

export async function serve(parameters: string[]): Promise<void> {
  const { values } = parseArgs({ args: parameters, options: { help: { type: 'boolean', short: 'h' } } });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }

  const environment = readEnvironment(process.env);
  const stopRequest = nextStopSignal();
  // The port first: it is the quickest to be refused.
  const endpoint = await listen(environment);
  try {
    const foundation = await layFoundation(environment, say);
    try {
      await answerUntil(stopRequest, environment, foundation, endpoint);
    } finally {
      await foundation.close();
    }
  } finally {
    await endpoint.close();
  }
}

async function answerUntil(
  stopRequest: Promise<void>,
  environment: Environment,
  { databaseUrl, issuer, local }: Foundation,
  endpoint: Endpoint,
): Promise<void> {
  const db = createDatabase(databaseUrl, { poolSize: environment.databasePoolSize });
  const readiness = watchReadiness(databaseUrl);
  const showsGraphiql = environment.graphiql ?? local !== undefined;
  const server = createServer({
    db,
    catalog: readCatalog(),
    issuer,
    log: pino({ level: environment.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime }),
    readiness: readiness.check,
    jwks: local?.jwks,
    graphiql: showsGraphiql ? graphiqlPage(local) : undefined,
  });
  endpoint.answerWith(server);
  say(local ? banner(endpoint.url) : `Modelgate is ready: ${endpoint.url}/graphql`);

  await stopRequest;
  readiness.withdraw();
  await endpoint.close(shutdownGraceMs);
  await Promise.all([db.$disconnect(), readiness.close()]);
}

/** Resolves at the first request to stop. Another one, later, is meant and ends the process at once. */
function nextStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let stoppingSince: number | undefined;
    const onSignal = () => {
      // The terminal and npm both pass on one Ctrl-C.
      if (stoppingSince !== undefined && performance.now() - stoppingSince > 1_000) process.exit(1);
      stoppingSince ??= performance.now();
      resolve();
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  });
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
