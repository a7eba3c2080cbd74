import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createClient } from '@redis/client';
import { pino } from 'pino';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { connectRedis } from '../../src/commands/redis.ts';
import { startService } from '../kit/service.ts';
import { startValkey } from '../kit/valkey.ts';

const limits = { viewerPoints: 3, rateWindowSeconds: 600 };
const hello = '{ __typename }';

let valkey = await startValkey();
afterAll(() => valkey.stop());

let people = 0;
const aViewer = () => ({ id: `usr_shared${++people}` });

/** A connection, once it stands, and what it had to say. */
async function connectTo(url: string) {
  const lines: string[] = [];
  const redis = connectRedis(url, pino({}, { write: (line: string) => void lines.push(line) }));
  return { ...redis, lines };
}

const redis = await connectTo(valkey.url);
const service = await startService({ limits, redis: redis.client });
const other = service.anotherInstance();
afterAll(redis.close);

/** Whether a point that is spent on one of them counts on the other. */
async function isShared(): Promise<boolean> {
  const as = aViewer();
  for (const { ask } of [service, other, service]) await ask(hello, {}, { as });
  return (await other.ask(hello, {}, { as })).status === 429;
}

it('counts together what is spent on any of several processes', async () => {
  await expect.poll(isShared, { timeout: 10_000 }).toBe(true);

  const as = aViewer();
  await service.ask(hello, {}, { as });
  const { headers } = await other.ask(hello, {}, { as });

  expect(headers.get('ratelimit')).toMatch(/^"viewer";r=1;t=(600|599)$/);
});

it('keeps nothing in Redis but who spent how much, and that not for long', async () => {
  const client = await createClient({ url: valkey.url }).connect();
  onTestFinished(() => client.destroy());
  const as = aViewer();
  await service.ask(hello, {}, { as });

  const keys = await client.keys('*');

  expect(keys).toContain(`modelgate:viewer:${as.id}`);
  for (const key of keys) expect(await client.ttl(key)).toBeLessThanOrEqual(600);
  expect(keys.filter((key) => !/^modelgate:viewer:usr_\w+$/.test(key))).toEqual([]);
});

it('goes on alone while Redis is gone, and together once it is back', async () => {
  await valkey.stop();
  const as = aViewer();
  const answers: number[] = [];
  for (let index = 0; index < 4; index++) answers.push((await service.ask(hello, {}, { as })).status);

  expect(answers).toEqual([200, 200, 200, 429]);
  await expect.poll(() => redis.lines.length, { timeout: 10_000 }).toBe(1);
  expect(redis.lines[0]).toContain('points are counted by this process alone');

  valkey = await startValkey(valkey.port);

  await expect.poll(isShared, { timeout: 20_000 }).toBe(true);
});

it('does not wait for a Redis that takes connections and says nothing', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { close, client } = await connectTo(`redis://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  onTestFinished(() => {
    close();
    silent.close();
  });
  // As a connection is that stood before: it is ready, and the next answer never comes.
  const stalled = { isReady: true, eval: () => new Promise<never>(() => {}) };

  for (const shared of [client, stalled]) {
    const alone = await startService({ limits, redis: shared });
    const as = aViewer();
    const answers: number[] = [];
    for (let index = 0; index < 4; index++) answers.push((await alone.ask(hello, {}, { as })).status);
    expect(answers).toEqual([200, 200, 200, 429]);
  }
});
