// A service process as far as its PostgreSQL goes, for tests that kill it or run it as another user:
// embedded-process.ts <directory> [uid]. Prints one line of JSON, and stops when its input ends.
import { once } from 'node:events';
import { startEmbeddedPostgres } from '../../src/database/embedded/start.ts';

const [directory = '', uid] = process.argv.slice(2);
if (uid !== undefined) {
  process.setgroups?.([]);
  process.setgid?.(Number(uid));
  process.setuid?.(Number(uid));
}
try {
  const postgres = await startEmbeddedPostgres({ directory, log: () => {} });
  process.stdout.write(`${JSON.stringify({ ownerUrl: postgres.ownerUrl })}\n`);
  process.stdin.resume();
  await once(process.stdin, 'end');
  await postgres.stop();
} catch (error) {
  process.stdout.write(`${JSON.stringify({ name: (error as Error).name, message: (error as Error).message })}\n`);
}
