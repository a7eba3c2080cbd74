// Loaded before a service: at each SIGUSR2 it says on stderr how much of the heap is in use after a collection.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
let report = 0;
process.on('SIGUSR2', () => {
  collect();
  process.stderr.write(`heap ${++report}: ${process.memoryUsage().heapUsed} bytes\n`);
});
