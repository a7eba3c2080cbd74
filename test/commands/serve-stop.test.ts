import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestDatabase } from '../kit/database.ts';
import { aServiceOn, changed, countRefusals } from './external.ts';
import { lockOrganization } from './organization-lock.ts';

/** A service in production, and a client that keeps its connection. */
async function aProduction() {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const service = await aServiceOn(database.url);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return {
    ...service,
    /** Asks one after another, all by one connection as long as the service lets it stay. */
    keepAsking: async (path: string) => {
      const [response] = (await once(get(`${service.url}${path}`, { agent }), 'response')) as [IncomingMessage];
      return { status: response.statusCode, connection: response.headers.connection, body: await json(response) };
    },
    lock: () => lockOrganization(database.ownerUrl, service.organizationId),
    countRefusals: () => countRefusals(database.url),
  };
}

describe('serve, told to stop in production', () => {
  it('is not ready, still answers, lets clients go, closes streams, and finishes what waits for a lock', async () => {
    const { service, read, disable, keepAsking, subscribe, lock } = await aProduction();
    const { events } = await subscribe();
    const before = await keepAsking('/ready');
    const held = await lock();
    const change = disable('gpt-4o');
    await held.isAwaitedBy(1);

    service.child.kill('SIGTERM');
    while ((await keepAsking('/health')).connection === 'keep-alive') await sleep(10);
    const ready = await keepAsking('/ready');
    const health = await keepAsking('/health');
    const reading = await read();
    const received = await events;
    await held.release();

    expect(before).toMatchObject({ status: 200, connection: 'keep-alive' });
    expect(ready).toEqual({
      status: 503,
      connection: 'close',
      body: { status: 'unavailable', reason: 'The service is stopping.' },
    });
    expect(health).toMatchObject({ status: 200, connection: 'close' });
    expect(received).toMatch(/event: complete\s+data:?\s*$/);
    expect(reading.data).toEqual({ organization: { revision: 0 } });
    expect(await change).toMatchObject(changed);
    expect(await service.outcome).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^Modelgate is ready: \S+\n$/),
    });
  });

  it('writes the refusals that it has counted', async () => {
    const { service, isRefused, countRefusals } = await aProduction();
    const refused = [await isRefused(), await isRefused(), await isRefused()];
    const before = await countRefusals();

    service.child.kill('SIGINT');
    const { code } = await service.outcome;

    expect([refused, before, code]).toEqual([[true, true, true], 0, 0]);
    expect(await countRefusals()).toBe(3);
  });

  it('ends within 10 seconds, and well, though a request does not', async () => {
    const { service, disable, lock } = await aProduction();
    const held = await lock();
    const change = disable('gpt-4o').catch((error: unknown) => error);
    await held.isAwaitedBy(1);

    const toldAt = performance.now();
    service.child.kill('SIGTERM');
    const { code } = await service.outcome;

    expect(code).toBe(0);
    expect(performance.now() - toldAt).toBeLessThan(10_000);
    expect(await change).toBeInstanceOf(TypeError);
  });
});
