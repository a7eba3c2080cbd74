import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { trustedActor } from '../../src/domain/ledger/ledger-entry.ts';
import { isPreview } from '../../src/domain/policy/policy-change.ts';
import { findPoliciesAt } from '../../src/domain/policy/policy-history.ts';
import { restorePolicy } from '../../src/domain/policy/policy-restore.ts';
import { updateModelSettings } from '../../src/domain/settings/model-settings.ts';
import { UserError } from '../../src/errors/base.ts';
import { limitsOf } from '../../src/limits.ts';
import { AskAccess } from '../kit/operations.ts';
import { anyChange, ChangePolicy, DiffPolicy, ReadPolicy, RestorePolicy } from '../kit/policy.ts';
import { startService, today } from '../kit/service.ts';
import { anOrganization, type World } from '../kit/world.ts';

const { ask, aWorld, db, database } = await startService();
const catalog = readCatalog();

async function change({ organization, admin }: World, input: Record<string, unknown>) {
  const variables = { input: { organizationId: organization.id, ...input } };
  const { data } = await ask(ChangePolicy, variables, { as: admin });
  expect(data?.updateModelSettings.__typename).toBe('OrganizationModelSettings');
}

async function restore(
  { organization, admin }: World,
  input: { revision: number } & Record<string, unknown>,
  as = admin,
) {
  const { data } = await ask(RestorePolicy, { input: { organizationId: organization.id, ...input } }, { as });
  return data?.restorePolicy ?? expect.fail();
}

async function read({ organization, admin }: World, atRevision?: number) {
  const { data, errors } = await ask(ReadPolicy, { organizationId: organization.id, atRevision }, { as: admin });
  return data?.organization?.policy ?? errors?.[0] ?? expect.fail();
}

async function asOwner(work: (owner: pg.Client) => Promise<unknown>) {
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  try {
    await work(owner);
  } finally {
    await owner.end();
  }
}

/** A world whose policy was changed twice, with another change between. */
async function aHistory() {
  const world = await aWorld();
  await change(world, { disabledModels: ['gpt-4o', 'a model of tomorrow'], defaultModelKey: 'gpt-4.1' });
  await ask(
    `mutation ($id: ID!) { updateOrganization(input: { organizationId: $id, name: "Named" }) { __typename } }`,
    { id: world.organization.id },
    { as: world.owner },
  );
  await change(world, { disabledProviders: ['openai'], disabledModels: [], defaultModelKey: null });
  return world;
}

describe('the policy at a revision', () => {
  it('is what the newest change of it, until then, left', async () => {
    const world = await aHistory();
    const first = { disabledModels: ['gpt-4o', 'a model of tomorrow'], defaultModelKey: 'gpt-4.1', sinceRevision: 1 };

    expect(await read(world, 0)).toMatchObject({
      revision: 0,
      disabledProviders: [],
      sinceRevision: null,
      changedAt: null,
      document: '{}\n',
    });
    expect(await read(world, 1)).toMatchObject({ revision: 1, ...first, changedBy: { id: world.admin.id } });
    expect(await read(world, 2)).toMatchObject({ revision: 2, ...first });
    expect(await read(world, 3)).toMatchObject({
      revision: 3,
      disabledProviders: ['openai'],
      disabledModels: [],
      sinceRevision: 3,
    });
    expect(await read(world)).toEqual(await read(world, 3));
  });

  it.each([-1, 4])('must be one that the organization has reached: %i', async (revision) => {
    const world = await aHistory();

    const { organization, admin } = world;
    const diff = async (range: { from: number; to?: number }) =>
      (await ask(DiffPolicy, { organizationId: organization.id, ...range }, { as: admin })).errors?.[0];
    const refusedAt = (path: string) => ({
      extensions: { code: 'VALIDATION_ERROR', details: { issues: [{ path }] } },
    });

    expect(await read(world, revision)).toMatchObject(refusedAt('atRevision'));
    expect(await diff({ from: revision })).toMatchObject(refusedAt('from'));
    expect(await diff({ from: 1, to: revision })).toMatchObject(refusedAt('to'));
    expect(await restore(world, { revision })).toMatchObject({
      code: 'VALIDATION_ERROR',
      issues: [{ path: 'revision' }],
    });
  });

  it('is that of the present release too, whose entries have what was given alone', async () => {
    const { organization, admin } = await aWorld();
    await asOwner(async (owner) => {
      await owner.query(
        `INSERT INTO "Revision" ("id", "organizationId", "number", "at", "actorId", "action", "subjectId", "before", "after")
         VALUES ('rev_' || $1, $1, 1, now(), $2, 'MODEL_SETTINGS_UPDATED', $3, '{"disabledProviders":[]}', '{"disabledProviders":["google"]}')`,
        [organization.id, admin.id, organization.id.replace('org_', 'oms_')],
      );
      await owner.query('UPDATE "Organization" SET "revision" = 1 WHERE "id" = $1', [organization.id]);
    });

    const { data } = await ask(ReadPolicy, { organizationId: organization.id, atRevision: 1 }, { as: admin });

    expect(data?.organization?.policy).toMatchObject({
      disabledProviders: ['google'],
      disabledModels: [],
      defaultModelKey: null,
    });
  });

  it('decides with the catalog of today', async () => {
    const { organization, admin } = await aHistory();
    const access = async (atRevision: number) => {
      const query = `query ($o: ID!, $r: Int) { modelAccess(organizationId: $o, modelKey: "openai/gpt-4o", atRevision: $r) { allowed reasons revision } }`;
      const { data } = await ask<{ modelAccess: object }, Record<string, unknown>>(
        query,
        { o: organization.id, r: atRevision },
        { as: admin },
      );
      return data?.modelAccess;
    };

    expect(await access(0)).toEqual({ allowed: true, reasons: [], revision: 0 });
    expect(await access(2)).toEqual({ allowed: false, reasons: ['MODEL_DISABLED'], revision: 2 });
    expect(await access(3)).toEqual({ allowed: false, reasons: ['PROVIDER_DISABLED'], revision: 3 });
    expect(
      (await ask(AskAccess, { organizationId: organization.id, modelKey: 'openai/gpt-4o' }, { as: admin })).data
        ?.modelAccess,
    ).toMatchObject({ revision: 3 });
  });

  it('is read by one statement, by its index, at any of 10,000', async () => {
    const { id } = await anOrganization(db, 'Long');
    await asOwner(async (owner) => {
      await owner.query(
        `INSERT INTO "Revision" ("id", "organizationId", "number", "at", "action", "subjectId", "before", "after")
         SELECT 'rev_' || $1 || n, $1, n, now(), 'MODEL_CONFIG_UPDATED', 'cfg_x', NULL::jsonb, '{}'::jsonb FROM generate_series(1, 10000) n WHERE n <> 100
         UNION ALL SELECT 'rev_' || $1, $1, 100, now(), 'MODEL_SETTINGS_UPDATED', $2, NULL, '{"disabledProviders":["google"]}'`,
        [id, id.replace('org_', 'oms_')],
      );
      await owner.query('UPDATE "Organization" SET "revision" = 10000 WHERE "id" = $1', [id]);
      const revisions = [0, 99, 100, 5_000, 10_000];

      const found = await findPoliciesAt(
        db,
        revisions.map((atRevision) => ({ organizationId: id, atRevision })),
      );

      expect(found.map((at) => at && 'policy' in at && at.policy.disabledProviders)).toEqual([
        [],
        [],
        ['google'],
        ['google'],
        ['google'],
      ]);
      await owner.query('ANALYZE "Revision"');
      const { rows } = await owner.query(
        `EXPLAIN (ANALYZE, FORMAT JSON) SELECT "after" FROM "Revision" WHERE "organizationId" = $1 AND "subjectId" LIKE 'oms\\_%' AND "number" <= 10000 ORDER BY "number" DESC LIMIT 1`,
        [id],
      );
      expect(JSON.stringify(rows)).toContain('Revision_policy_history_idx');
    });
  });
});

describe('policyDiff', () => {
  it('tells what differs in two revisions, and in effect', async () => {
    const world = await aHistory();
    const diff = async (from: number, to?: number) => {
      const { data } = await ask(DiffPolicy, { organizationId: world.organization.id, from, to }, { as: world.admin });
      return data?.organization?.policyDiff;
    };

    const forth = await diff(1, 3);
    const back = await diff(3, 1);

    expect(forth?.changes).toEqual([
      { field: 'defaultModelKey', added: [], removed: ['gpt-4.1'] },
      { field: 'disabledModels', added: [], removed: ['gpt-4o', 'a model of tomorrow'] },
      { field: 'disabledProviders', added: ['openai'], removed: [] },
    ]);
    expect(forth?.impact.newlyBlockedCount).toBeGreaterThan(0);
    expect(back?.impact).toEqual({
      newlyBlockedCount: forth?.impact.newlyAllowedCount,
      newlyAllowedCount: forth?.impact.newlyBlockedCount,
    });
    expect(await diff(1)).toEqual(forth);
    expect(await diff(1, 2)).toMatchObject({ changes: [], impact: { newlyBlockedCount: 0 } });
  });

  it('is told of each revision of the policy, and of no other', async () => {
    const { organization, admin } = await aHistory();

    const { data } = await ask<
      { organization: { revisions: { edges: { node: { impact: object | null } }[] } } },
      { id: string }
    >(
      `query ($id: ID!) { organization(id: $id) { revisions { edges { node { number impact { newlyBlockedCount } } } } } }`,
      { id: organization.id },
      { as: admin },
    );

    expect(data?.organization.revisions.edges.map(({ node }) => node.impact !== null)).toEqual([true, false, true]);
  });
});

describe('restorePolicy', () => {
  it('makes a new revision that names the old one, with its reason', async () => {
    const world = await aHistory();

    const outcome = await restore(world, { revision: 1, reason: ' It was better. ', expectedRevision: 3 });

    expect(outcome).toEqual({ __typename: 'OrganizationModelSettings', settingsRevision: 4 });
    const { data } = await ask<{ organization: { revisions: { edges: { node: object }[] } } }, { id: string }>(
      `query ($id: ID!) { organization(id: $id) { revisions(first: 1) { edges { node { number action reason restoredFrom } } } } }`,
      { id: world.organization.id },
      { as: world.admin },
    );
    expect(data?.organization.revisions.edges[0]?.node).toEqual({
      number: 4,
      action: 'POLICY_RESTORED',
      reason: 'It was better.',
      restoredFrom: 1,
    });
  });

  it('keeps what names no model any more, and restores the policy alone', async () => {
    const world = await aHistory();

    await restore(world, { revision: 1 });

    expect(await read(world)).toMatchObject({ disabledModels: ['gpt-4o', 'a model of tomorrow'] });
    const { data } = await ask(
      `query ($id: ID!) { organization(id: $id) { name } }`,
      { id: world.organization.id },
      { as: world.admin },
    );
    expect(data).toEqual({ organization: { name: 'Named' } });
  });

  it('makes no revision where it is so already', async () => {
    const world = await aHistory();

    expect(await restore(world, { revision: 3 })).toMatchObject({ settingsRevision: 3 });
  });

  it('refuses a default that would break, another revision, and whoever may not', async () => {
    const world = await aWorld();
    await change(world, { defaultModelKey: 'gpt-4.1' });
    await change(world, { defaultModelKey: null });
    await asOwner(async (owner) => {
      await owner.query('ALTER TABLE "Revision" DISABLE TRIGGER USER');
      await owner.query(
        `UPDATE "Revision" SET "after" = '{"defaultModelKey":"gone"}' WHERE "organizationId" = $1 AND "number" = 1`,
        [world.organization.id],
      );
      await owner.query('ALTER TABLE "Revision" ENABLE TRIGGER USER');
    });

    expect(await restore(world, { revision: 1 })).toMatchObject({ code: 'DEFAULT_MODEL_DISABLED' });
    expect(await restore(world, { revision: 0, expectedRevision: 1 })).toMatchObject({ code: 'REVISION_CONFLICT' });
    expect(await restore(world, { revision: 0 }, world.member)).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
    expect(await restore(world, { revision: 0 }, world.stranger)).toMatchObject({ code: 'ORGANIZATION_ACCESS_DENIED' });
    expect(await read(world)).toMatchObject({ revision: 2 });
  });

  it('can be tried', async () => {
    const world = await aHistory();

    const told = await restore(world, { revision: 1, dryRun: true });

    expect(told).toMatchObject({
      __typename: 'PolicyPreview',
      revision: 3,
      impact: { newlyBlockedCount: expect.any(Number) },
    });
    expect(await read(world)).toMatchObject({ revision: 3 });
  });

  it('restores to the last byte, whatever the policies between were', { timeout: 60_000 }, async () => {
    const { id: organizationId } = await anOrganization(db, 'Bytes');
    const context = { catalog, organizationId, actor: trustedActor, now: today, limits: limitsOf() };
    const stored = async () => {
      const [row] = await db.$queryRaw<
        { text: string }[]
      >`SELECT "policy"::text AS "text" FROM "ModelSettings" WHERE "organizationId" = ${organizationId}`;
      return row?.text;
    };
    const texts = new Map<number, string | undefined>();

    await fc.assert(
      fc.asyncProperty(anyChange, fc.nat(), async (input, anyNumber) => {
        const outcome = await updateModelSettings(db, context, input).catch((error: Error) => error);
        if (outcome instanceof UserError) return;
        if (outcome instanceof Error || isPreview(outcome)) return expect.fail();
        texts.set(outcome.revision, await stored());
        const known = [...texts.keys()];
        const revision = known[anyNumber % known.length] ?? expect.fail();

        const restored = await restorePolicy(db, context, { revision });

        if (isPreview(restored)) return expect.fail();
        expect(await stored()).toBe(texts.get(revision));
        texts.set(restored.revision, await stored());
      }),
      { numRuns: 150 },
    );
    expect(texts.size).toBeGreaterThan(50);
  });
});
