import pg from 'pg';
import { expect } from 'vitest';
import type { Told } from './load.ts';

/** What the database holds of an organization, asked behind the service's back. */
export async function readKept(ownerUrl: string, organizationId: string) {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  const select = async (sql: string) => (await owner.query(sql, [organizationId])).rows;
  try {
    const [organization] = await select('SELECT "revision" FROM "Organization" WHERE "id" = $1');
    const [settings] = await select('SELECT "disabledModels" FROM "ModelSettings" WHERE "organizationId" = $1');
    const configs = await select('SELECT "id" FROM "ModelConfig" WHERE "organizationId" = $1');
    const usages = await select('SELECT "id" FROM "UsageRecord" WHERE "organizationId" = $1');
    const [hours] = await select(
      'SELECT sum("usageCount")::int AS "count" FROM "UsageHour" WHERE "organizationId" = $1',
    );
    const [days] = await select('SELECT sum("usageCount")::int AS "count" FROM "UsageDay" WHERE "organizationId" = $1');
    return {
      revisions: await select('SELECT * FROM "Revision" WHERE "organizationId" = $1 ORDER BY "number"'),
      revision: organization?.revision,
      disabledModels: settings?.disabledModels,
      configs: configs.map(({ id }) => id),
      usages: usages.map(({ id }) => id),
      usageSums: [hours?.count, days?.count],
    };
  } finally {
    await owner.end();
  }
}

/** Nothing that clients were told is missing, and what is there agrees with itself: the ledger is contiguous, and sums add up. */
export function expectKept(kept: Awaited<ReturnType<typeof readKept>>, { changes, configs, usages }: Told): void {
  expect(kept.revisions.map(({ number }) => number)).toEqual(kept.revisions.map((_, index) => index + 1));
  expect(kept.revision).toBe(kept.revisions.length);
  for (const { revision, disabledModels } of changes) {
    expect(kept.revisions[revision - 1]?.after).toMatchObject({ disabledModels });
  }
  expect(kept.disabledModels).toEqual(
    kept.revisions.findLast(({ action }) => action === 'MODEL_SETTINGS_UPDATED')?.after.disabledModels,
  );
  expect(kept.configs).toEqual(expect.arrayContaining(configs));
  expect(kept.revisions.map(({ subjectId }) => subjectId)).toEqual(expect.arrayContaining(kept.configs));
  expect(kept.usages).toEqual(expect.arrayContaining(usages));
  expect(kept.usageSums).toEqual([kept.usages.length, kept.usages.length]);
}
