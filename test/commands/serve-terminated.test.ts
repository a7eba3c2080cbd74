import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { createTestDatabase } from '../kit/database.ts';
import { aServiceOn, changed } from './external.ts';
import { startLoad } from './load.ts';

it('says SERVICE_UNAVAILABLE and nothing else while an administrator ends its connections, and does not notice that idle ones were', async () => {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  const { ask, read, disable, organizationId } = await aServiceOn(database.url);
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  onTestFinished(() => owner.end());
  const endAll = () =>
    owner.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );

  const load = startLoad(ask, organizationId);
  await load.progresses();
  // At whatever they are: a read, a statement of a transaction, its commit.
  for (let round = 0; round < 20; round += 1) await Promise.all([endAll(), read(), sleep(25)]);
  await load.progresses();
  const { codes } = await load.stop();
  await endAll();
  await sleep(200);
  const afterwards = [await read(), await disable('idle'), await disable('idle', 'key')];

  expect([...codes].filter((code) => code !== 'SERVICE_UNAVAILABLE')).toEqual([]);
  expect(afterwards).toMatchObject([{ status: 200 }, changed, changed]);
});
