import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { createTestDatabase } from '../kit/database.ts';
import { aServiceOn, changed, unavailable } from './external.ts';
import { lockOrganization } from './organization-lock.ts';

/** A service that may open two connections, on a database of its own, and what its owner can do there. */
async function aSmallPool(variables: Record<string, string> = {}) {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const service = await aServiceOn(database.url, { DATABASE_POOL_SIZE: '2', ...variables });
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  onTestFinished(() => owner.end());
  const name = new URL(database.url).pathname.slice(1);
  return {
    ...service,
    lock: () => lockOrganization(database.ownerUrl, service.organizationId),
    /** Sets something of the database, for all who connect from now on, and ends who is connected. */
    alter: async (setting: string) => {
      await owner.query(`ALTER DATABASE ${name} ${setting}`);
      const others = 'FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';
      await owner.query(`SELECT pg_terminate_backend(pid) ${others}`);
    },
    idleInTransaction: async () => {
      const idle = "datname = current_database() AND state LIKE 'idle in transaction%'";
      return (await owner.query(`SELECT FROM pg_stat_activity WHERE ${idle}`)).rowCount;
    },
  };
}

it('queues requests while all connections are in use, and answers them when one is free', async () => {
  const { lock, disable, read } = await aSmallPool();
  const held = await lock();
  const changes = [disable('a', 'a'), disable('b', 'b')];
  await held.isAwaitedBy(2);

  const readings = [read(), read(), read()];
  const isAnswered = await Promise.race([...readings.map((reading) => reading.then(() => true)), sleep(300, false)]);
  await held.release();

  expect(isAnswered).toBe(false);
  expect(await Promise.all(changes)).toMatchObject([changed, changed]);
  for (const { data, errors } of await Promise.all(readings)) {
    expect({ data, errors }).toEqual({ data: { organization: { revision: expect.any(Number) } }, errors: undefined });
  }
});

it('gives up requests that are queued for too long, and keeps no connection from those that come after', async () => {
  const { lock, disable, read, idleInTransaction } = await aSmallPool({ EXECUTION_TIMEOUT_MS: '2000' });
  const held = await lock();

  const refused = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((model) => disable(model, model)));
  await held.release();
  const heldAgain = await lock();
  const later = [disable('g', 'g'), disable('h', 'h')];
  await heldAgain.isAwaitedBy(2);
  await heldAgain.release();

  expect(refused).toMatchObject(Array(6).fill(unavailable));
  expect(await Promise.all(later)).toMatchObject([changed, changed]);
  expect(await idleInTransaction()).toBe(0);
  expect((await read()).data).toEqual({ organization: { revision: 2 } });
});

it('says that it is unavailable while its database lets nobody in, or only reads, and serves again after', async () => {
  const { disable, alter } = await aSmallPool();
  const refusedWhile = async (fault: string, remedy: string) => {
    await alter(fault);
    const answers = await Promise.all(['a', 'b', 'c'].map((model) => disable(model)));
    await alter(remedy);
    // One may still meet the end of a connection.
    while ((await disable('d')).errors) await sleep(20);
    return answers;
  };

  const full = await refusedWhile('CONNECTION LIMIT 0', 'CONNECTION LIMIT -1');
  const standby = await refusedWhile('SET default_transaction_read_only = on', 'RESET default_transaction_read_only');

  expect([...full, ...standby]).toMatchObject(Array(6).fill(unavailable));
});
