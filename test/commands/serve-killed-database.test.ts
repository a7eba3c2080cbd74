import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { applyMigrations } from '../../src/database/migrate/migrations.ts';
import { startMortalPostgres } from '../kit/temporary-postgres.ts';
import { aServiceOn, notReady, unavailable } from './external.ts';
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
  const { codes, changes, configs, usages } = await load.stop();
  const { code, stdout, stderr } = await end(service);

  expect([ready, health, reading]).toMatchObject([notReady, { status: 200 }, unavailable]);
  expect(readyAgain.status).toBe(200);
  expect(recoveryMs).toBeLessThan(5_000);
  expect([...codes]).toEqual(['SERVICE_UNAVAILABLE']);
  const kept = await whatIsKept(postgres.ownerUrl, organizationId);
  expect(kept.revisions.map(({ number }) => number)).toEqual(kept.revisions.map((_, index) => index + 1));
  expect(kept.revision).toBe(kept.revisions.length);
  for (const { revision, disabledModels } of changes) {
    expect(kept.revisions[revision - 1]?.after).toMatchObject({ disabledModels });
  }
  expect(kept.disabledModels).toEqual(
    kept.revisions.findLast(({ action }) => action === 'MODEL_SETTINGS_UPDATED')?.after.disabledModels,
  );
  expect(kept.configs).toEqual(expect.arrayContaining(configs));
  expect(kept.revisions.map(({ subjectId }) => subjectId)).toEqual(expect.arrayContaining(configs));
  expect(kept.usages).toEqual(expect.arrayContaining(usages));
  expect({ code, stderr }).toEqual({ code: 0, stderr: `Modelgate is ready: ${url}/graphql\n` });
  expect(stdout).not.toContain(new URL(postgres.url).password);
});

/** What the database holds of an organization, asked behind the service's back. */
async function whatIsKept(ownerUrl: string, organizationId: string) {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const select = async (sql: string) => (await owner.query(sql, [organizationId])).rows;
  try {
    const [organization] = await select('SELECT "revision" FROM "Organization" WHERE "id" = $1');
    const [settings] = await select('SELECT "disabledModels" FROM "ModelSettings" WHERE "organizationId" = $1');
    const configs = await select('SELECT "id" FROM "ModelConfig" WHERE "organizationId" = $1');
    const usages = await select('SELECT "id" FROM "UsageRecord" WHERE "organizationId" = $1');
    return {
      revisions: await select('SELECT * FROM "Revision" WHERE "organizationId" = $1 ORDER BY "number"'),
      revision: organization?.revision,
      disabledModels: settings?.disabledModels,
      configs: configs.map(({ id }) => id),
      usages: usages.map(({ id }) => id),
    };
  } finally {
    await owner.end();
  }
}
