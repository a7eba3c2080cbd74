import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import type { Environment } from '../environment/environment.ts';
import { commandLine, pathInPackage } from '../program.ts';
import type { Command } from './command.ts';
import { type Endpoint, listen, variables } from './listen.ts';
import { readOwnEnvironment } from './own-environment.ts';
import { stopSignal } from './stop-signal.ts';

const usage = `Usage: ${commandLine('serve')}

Starts the service. Without DATABASE_URL it brings a PostgreSQL of its own, in DATA_DIR, with a small demo world.
The variables of the environment are in ${pathInPackage('.env.example')}.
`;

/** How long, in ms, the process may still take once everything is closed. */
const endMs = 100;

export const serve: Command = {
  usage,
  run: async (parameters) => {
    parseArgs({ args: parameters });
    // Long-lived data are the caches, whose size is bounded. By default the heap grows to three times of their size before a
    // full garbage collection.
    setFlagsFromString('--heap-growing-percent=80');
    // Otherwise V8 learns from objects that survive while the database is awaited, and allocates all objects of that kind in
    // its old space, also for requests that await nothing. There they keep everything that they reference alive until a full
    // garbage collection.
    setFlagsFromString('--no-allocation-site-pretenuring');

    const environment = readOwnEnvironment();
    const stop = stopSignal();
    // Listens first: a port in use is the fastest error to detect.
    const endpoint = await listen(environment);
    let metricsEndpoint: Endpoint | undefined;
    try {
      metricsEndpoint = await listenForMetrics(environment);
      // Loads most of the code here, after the signal handlers are installed.
      const { runService } = await import('./run-service.ts');
      await runService(environment, { endpoint, metricsEndpoint }, stop);
    } finally {
      await endpoint.close();
      await metricsEndpoint?.close();
      // What is left is not waited for, such as spans on their way to a collector that does not answer.
      setTimeout(() => process.exit(), endMs).unref();
    }
  },
};

async function listenForMetrics({ metrics, ...environment }: Environment): Promise<Endpoint | undefined> {
  return metrics && listen({ ...environment, ...metrics }, variables('METRICS_HOST', 'METRICS_PORT'));
}
