// Loaded before a service: tells, at SIGUSR2, how many kB have survived so far. Collects the young generation all the time, and
// never the old one, so that what is kept alive by garbage of the old one counts.
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');
const survived = () =>
  getHeapSpaceStatistics()
    .filter(({ space_name: name }) => name === 'old_space' || name === 'large_object_space')
    .reduce((sum, { space_used_size: bytes }) => sum + bytes, 0);
let number = 0;

setInterval(() => collect({ type: 'minor' }), 20).unref();
process.on('SIGUSR2', () => {
  for (let time = 0; time < 3; time += 1) collect({ type: 'minor' });
  process.stderr.write(`survived ${++number}: ${Math.round(survived() / 1_000)}\n`);
});
