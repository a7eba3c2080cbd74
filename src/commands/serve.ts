import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { readEnvironment } from '../env.ts';
import type { Command } from './command.ts';
import { listen } from './listen.ts';
import { stopSignal } from './stop-signal.ts';

const usage = `Usage: npm start

Starts the service. Without DATABASE_URL it brings a PostgreSQL of its own, in DATA_DIR, with a small demo world.
The variables of the environment are in .env.example.
`;

export const serve: Command = {
  usage,
  run: async (parameters) => {
    parseArgs({ args: parameters });
    // What lives long is what is remembered, and bounded; by default the heap grows to three times of that before it is cleaned.
    setFlagsFromString('--heap-growing-percent=80');
    // Else V8 takes what survives while the database is waited for as a sign that all such things do, and makes them in its old
    // space from then on, also for requests that wait for nothing: they keep alive whatever they name until that is cleaned.
    setFlagsFromString('--no-allocation-site-pretenuring');

    const environment = readEnvironment(process.env);
    const stop = stopSignal();
    // The port first: it is the quickest to be refused.
    const endpoint = await listen(environment);
    try {
      // The most is loaded here, when a request to stop is already heeded.
      const { runService } = await import('./run-service.ts');
      await runService(environment, endpoint, stop);
    } finally {
      await endpoint.close();
    }
  },
};
