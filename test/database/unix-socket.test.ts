import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { createDatabase, withSignal } from '../../src/database/pool/client.ts';
import { isUnavailable } from '../../src/database/pool/faults.ts';
import { createChangeFeed } from '../../src/domain/feed/change-feed.ts';
import { createTestDatabase } from '../kit/database.ts';

const database = await createTestDatabase();
const folder = await mkdtemp(join(tmpdir(), 'modelgate-socket-'));
const { hostname, port, username, password, pathname } = new URL(database.url);
const name = pathname.slice(1);

// The run's PostgreSQL has no socket of its own.
const server = createServer((near) => {
  const far = connect(Number(port), hostname);
  near.pipe(far).pipe(near);
  for (const socket of [near, far]) socket.on('error', () => {});
});
await once(server.listen(join(folder, '.s.PGSQL.5432')), 'listening');
afterAll(async () => {
  server.close();
  await database.drop();
  await rm(folder, { recursive: true });
});

it.each([
  `postgresql://${username}:${password}@/${name}?host=${folder}`,
  `postgresql://${username}:${password}@${encodeURIComponent(folder)}/${name}`,
  `socket:${folder}?db=${name}&user=${username}&password=${password}`,
])('a Unix socket is a way to ask, to hear and to cancel: %#', async (url) => {
  const db = createDatabase(url, { poolSize: 1 });
  const feed = createChangeFeed(url);
  onTestFinished(() => Promise.all([db.$disconnect(), feed.close()]).then(() => {}));
  const client = new AbortController();

  const sleeping = withSignal(db, client.signal).query`SELECT pg_sleep(100)`.catch((error: unknown) => error);
  await sleep(100);
  client.abort();

  expect(isUnavailable(await sleeping)).toBe(true);
  expect(await db.organization.count()).toBe(0);
  await expect.poll(() => feed.isConnected).toBe(true);
});

it('that is not there is a database that is away', async () => {
  const db = createDatabase(`socket:${folder}/nowhere?db=x`);
  onTestFinished(() => db.$disconnect());
  const failures = [db.query`SELECT 1`, db.organization.count()];

  const faults = await Promise.all(failures.map((failure) => failure.catch((error: unknown) => error)));

  expect(faults.map(isUnavailable)).toEqual([true, true]);
});
