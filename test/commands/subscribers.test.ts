import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { createTestDatabase } from '../kit/database.ts';
import { mint } from '../kit/issuer.ts';
import { reviseQuickly } from '../kit/subscriptions.ts';
import { buildWorld } from '../kit/world.ts';
import { environmentOn } from './external.ts';
import { addressOf, projectFolder, type Running, runs } from './process.ts';

const subscribers = 1_000;

/** A service process, and how its subscribers come. */
async function startSubscribable() {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const db = createDatabase(database.url);
  onTestFinished(() => db.$disconnect());
  const { organization, admin, member } = await buildWorld(db);
  const service = runs(['serve'], {
    env: {
      ...(await environmentOn(database.url)),
      // As many as come at once: who comes later finds a place only if nobody keeps one after leaving.
      MAX_SUBSCRIPTIONS: String(subscribers),
      MAX_SUBSCRIPTIONS_PER_VIEWER: String(subscribers),
      NODE_OPTIONS: `--import ${join(projectFolder, 'test/kit/report-heap.mjs')}`,
    },
  });
  const follow = followerOf(`${await addressOf(service)}/graphql`, await mint({ sub: member.id }), organization);
  return { service, follow, revise: (times: number) => reviseQuickly(db, organization, { as: admin, times }) };
}

it(`needs no more memory after ${subscribers} subscribers have come and gone`, async () => {
  const { service, follow, revise } = await startSubscribable();
  const heapUsed = heapReaderOf(service);
  const comeAndGo = async () => {
    const all = [];
    // In groups that the pool of connections serves in time.
    while (all.length < subscribers) all.push(...(await Promise.all(Array.from({ length: 50 }, follow))));
    await revise(2);
    await Promise.all(all.map(({ hears }) => hears('event: next', 2)));
    for (const { leave } of all) leave();
    return heapUsed();
  };

  const afterFirst = await comeAndGo();
  const afterSecond = await comeAndGo();

  // Each that is there needs some 45 kB; of those that have left not even a tenth of it may stay.
  expect(afterSecond - afterFirst).toBeLessThan(4_000_000);
});

it('completes the streams when the service is told to stop', async () => {
  const { service, follow } = await startSubscribable();
  const { hears } = await follow();

  service.child.kill('SIGTERM');

  await hears('event: complete');
  expect(await service.outcome).toMatchObject({ code: 0 });
});

/** Reads how much of the service's heap is in use, in bytes, once that does not become less any more. */
function heapReaderOf({ child, says }: Running): () => Promise<number> {
  let reports = 0;
  const read = async () => {
    child.kill('SIGUSR2');
    const [, bytes] = await says(new RegExp(`heap ${++reports}: (\\d+) bytes`));
    return Number(bytes);
  };
  const settle = async (before: number): Promise<number> => {
    await sleep(300);
    const now = await read();
    return now > before - 500_000 ? now : settle(now);
  };
  return async () => settle(await read());
}

/** Begins subscriptions over connections of their own, which are broken off without a word. */
function followerOf(url: string, bearer: string, { id }: { id: string }) {
  const body = JSON.stringify({
    query: `subscription { organizationRevision(organizationId: "${id}") { number actor { name } } }`,
  });
  const headers = {
    accept: 'text/event-stream',
    'content-type': 'application/json',
    authorization: `Bearer ${bearer}`,
  };
  return async () => {
    const asking = request(url, { method: 'POST', agent: false, headers }).end(body);
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('error', () => {});
    return {
      /** Resolves once a text has come so often. */
      hears: async (part: string, times = 1) => {
        while (text.split(part).length <= times) await once(response, 'data');
      },
      leave: () => void asking.destroy(),
    };
  };
}
