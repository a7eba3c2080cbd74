import { expect, it, onTestFinished } from 'vitest';
import { applyMigrations } from '../../src/database/migrate/migrations.ts';
import { startMortalPostgres } from '../kit/temporary-postgres.ts';
import { aServiceOn, notReady, unavailable } from './external.ts';
import { expectKept, readKept } from './kept.ts';
import { startLoad } from './load.ts';
import { end } from './process.ts';

it('lives when its PostgreSQL is killed under load, says so, serves again when it is back, and has lost nothing that it acknowledged', async () => {
  const postgres = await startMortalPostgres();
  onTestFinished(postgres.remove);
  await applyMigrations(postgres.ownerUrl, { serviceRole: 'modelgate' });
  const { service, url, organizationId, ask, read, recovers, probe } = await aServiceOn(postgres.url);
  const load = startLoad(ask, organizationId);
  await load.progresses();

  await postgres.kill();
  const [ready, health, reading] = await Promise.all([probe('/ready'), probe('/health'), read()]);
  await postgres.restart();
  const recoveryMs = await recovers();
  const readyAgain = await probe('/ready');
  await load.progresses();
  const told = await load.stop();
  const { code, stdout, stderr } = await end(service);

  expect([ready, health, reading]).toMatchObject([notReady, { status: 200 }, unavailable]);
  expect(readyAgain.status).toBe(200);
  expect(recoveryMs).toBeLessThan(5_000);
  expect([...told.codes]).toEqual(['SERVICE_UNAVAILABLE']);
  expectKept(await readKept(postgres.ownerUrl, organizationId), told);
  expect({ code, stderr }).toEqual({ code: 0, stderr: `Modelgate is ready: ${url}/graphql\n` });
  expect(stdout).not.toContain(new URL(postgres.url).password);
});
