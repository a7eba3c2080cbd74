import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ReadHistory, UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { ask, aWorld, db, database } = service;
const instances = [service, service.anotherInstance()];

describe('the ledger', () => {
  it('numbers 50 concurrent changes from two instances 1 to 50, each beginning where the last one ended', async () => {
    const { organization, admin } = await aWorld();

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const input = { organizationId: organization.id, disabledModels: [`model-${index}`] };
        return instances[index % 2]?.ask(UpdateSettings, { input }, { as: admin });
      }),
    );

    const told = answers.map((answer) => answer?.data?.updateModelSettings);
    expect(told.every((result) => result?.__typename === 'OrganizationModelSettings')).toBe(true);
    const entries = await db.revision.findMany({
      where: { organizationId: organization.id },
      orderBy: { number: 'asc' },
    });
    expect(entries.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    for (const [index, entry] of entries.entries()) {
      if (index > 0) expect(entry.before).toEqual(entries[index - 1]?.after);
    }
    expect(entries.map(({ at }) => at)).toEqual(
      entries.map(({ at }) => at).toSorted((a, b) => a.getTime() - b.getTime()),
    );
  });

  it('lets exactly one of 50 concurrent changes win that all expect the same revision', async () => {
    const { organization, admin } = await aWorld();

    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => {
        const input = { organizationId: organization.id, disabledModels: [`model-${index}`], expectedRevision: 0 };
        return instances[index % 2]?.ask(UpdateSettings, { input }, { as: admin });
      }),
    );

    const told = answers.map((answer) => answer?.data?.updateModelSettings);
    expect(told.filter((result) => result?.__typename === 'OrganizationModelSettings')).toHaveLength(1);
    const conflicts = told.filter((result) => result?.__typename === 'RevisionConflictError');
    expect(conflicts).toHaveLength(49);
    expect(conflicts.every((conflict) => 'currentRevision' in conflict && conflict.currentRevision === 1)).toBe(true);
    const { data } = await ask(ReadHistory, { organizationId: organization.id }, { as: admin });
    expect(data?.organization?.revisions?.totalCount).toBe(1);
  });

  it('shows the next reader what was acknowledged, at another instance once that has heard of it', async () => {
    const { organization, admin } = await aWorld();
    for (let round = 1; round <= 10; round += 1) {
      const input = { organizationId: organization.id, disabledModels: [`model-${round}`] };
      const [here = service, there = service] = round % 2 ? instances : instances.toReversed();
      await here.ask(UpdateSettings, { input }, { as: admin });
      for (const [instance, isHeard] of [[here], [there, service.heard()]] as const) {
        await isHeard;
        const { data } = await instance.ask(ReadHistory, { organizationId: organization.id }, { as: admin });
        expect(data?.organization?.revision).toBe(round);
      }
    }
  });
});

describe('a ledger entry', () => {
  const [asService, asOwner] = [database.url, database.ownerUrl].map(
    (connectionString) => new pg.Client({ connectionString }),
  );

  beforeAll(async () => {
    await asService?.connect();
    await asOwner?.connect();
    const { organization, admin } = await aWorld();
    await ask(UpdateSettings, { input: { organizationId: organization.id, disabledModels: ['x'] } }, { as: admin });
  });
  afterAll(async () => {
    await asService?.end();
    await asOwner?.end();
  });

  it.each([
    ['changed', `UPDATE "Revision" SET "action" = 'NOTHING'`],
    ['deleted', 'DELETE FROM "Revision"'],
    ['truncated', 'TRUNCATE "Revision"'],
    ['truncated along', 'TRUNCATE "Organization" CASCADE'],
    ['freed of its guard', 'ALTER TABLE "Revision" DISABLE TRIGGER ALL'],
    ['dropped', 'DROP TABLE "Revision"'],
  ])("cannot be %s by the service's role", async (_, sql) => {
    await expect(asService?.query(sql)).rejects.toThrow(/permission denied|must be owner/);
    expect(await db.revision.count()).toBeGreaterThan(0);
  });

  it.each([
    ['changed', `UPDATE "Revision" SET "action" = 'NOTHING'`],
    ['deleted', 'DELETE FROM "Revision"'],
    ['truncated', 'TRUNCATE "Revision"'],
  ])("cannot be %s by the tables' owner either", async (_, sql) => {
    await expect(asOwner?.query(sql)).rejects.toThrow('the ledger is append-only');
    expect(await db.revision.count()).toBeGreaterThan(0);
  });
});
