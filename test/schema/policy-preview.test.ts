import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { trustedActor } from '../../src/domain/ledger/ledger-entry.ts';
import { changesOf, findRevisions } from '../../src/domain/ledger/revision.ts';
import { loadStates } from '../../src/domain/ledger/snapshot.ts';
import { filterModels } from '../../src/domain/models/model-list.ts';
import { isPreview } from '../../src/domain/policy/policy-change.ts';
import { findPolicyFacts } from '../../src/domain/policy/policy-facts.ts';
import { updateModelSettings } from '../../src/domain/settings/model-settings.ts';
import { UserError } from '../../src/errors/base.ts';
import { limitsOf } from '../../src/limits.ts';
import { impactOf } from '../../src/policy/impact.ts';
import { anySubject } from '../../src/policy/subject.ts';
import { CreateConfig, EnableConfig, MakeDefault } from '../kit/config-operations.ts';
import { decisionsBy } from '../kit/decisions.ts';
import { anyChange, ChangePolicy } from '../kit/policy.ts';
import { startService, today } from '../kit/service.ts';
import { aReport, record } from '../kit/usage.ts';
import { aMember, anOrganization, type World } from '../kit/world.ts';

const { ask, aWorld, db, database, heard, takeStatements } = await startService();
const catalog = readCatalog();

async function change({ organization, admin }: World, input: Record<string, unknown>, headers = {}, as = admin) {
  const variables = { input: { organizationId: organization.id, ...input } };
  const { data, errors } = await ask(ChangePolicy, variables, { as, headers });
  expect(errors).toBe(undefined);
  return data?.updateModelSettings ?? expect.fail();
}

async function preview(world: World, input: Record<string, unknown>, as = world.admin) {
  const outcome = await change(world, { ...input, dryRun: true }, {}, as);
  if (outcome.__typename !== 'PolicyPreview') return expect.fail(JSON.stringify(outcome));
  return outcome;
}

async function configured(
  { organization }: World,
  as: { id: string },
  modelId: string,
  scope: 'USER' | 'ORGANIZATION',
) {
  const input = { organizationId: organization.id, provider: 'openai', modelId, scope };
  const { data } = await ask(CreateConfig, { input }, { as });
  const config = data?.createModelConfig;
  return config?.__typename === 'ModelConfig' ? config.id : expect.fail(JSON.stringify(config));
}

/** Makes each statement fail that writes to a table, and answers what permits it again. */
async function forbidWriting(): Promise<() => Promise<void>> {
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const { rows } = await owner.query<{ name: string }>(
    `SELECT relname AS "name" FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'Instance'`,
  );
  const onEach = (sql: (name: string) => string) => owner.query(rows.map(({ name }) => sql(name)).join(';'));
  await owner.query(`CREATE FUNCTION "forbid"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'written'; END $$`);
  await onEach(
    (name) => `CREATE TRIGGER "forbidden" BEFORE INSERT OR UPDATE OR DELETE ON "${name}" EXECUTE FUNCTION "forbid"()`,
  );
  return async () => {
    await onEach((name) => `DROP TRIGGER "forbidden" ON "${name}"`);
    await owner.query('DROP FUNCTION "forbid"');
    await owner.end();
  };
}

describe('a dry run', () => {
  it('tells what would change, at which revision, and the document after it', async () => {
    const world = await aWorld();
    await change(world, { disabledProviders: ['mistral'] });

    const told = await preview(world, { disabledModels: ['gpt-4o'], defaultModelKey: 'gpt-4.1' });

    expect(told).toMatchObject({
      revision: 1,
      changes: [
        { field: 'defaultModelKey', added: ['gpt-4.1'], removed: [] },
        { field: 'disabledModels', added: ['gpt-4o'], removed: [] },
      ],
    });
    expect(JSON.parse(told.document)).toEqual({
      disabledProviders: ['mistral'],
      disabledModels: ['gpt-4o'],
      defaultModelKey: 'gpt-4.1',
    });
    expect(told.impact.newlyBlocked.map(({ model }) => model.id)).toContain('mdl_openai/gpt-4o');
    expect(told.impact.newlyBlocked[0]).toMatchObject({ before: [], after: ['MODEL_DISABLED'] });
  });

  it('writes nothing: no statement of it changes a table, also where it has an idempotency key', async () => {
    const world = await aWorld();
    await change(world, { disabledProviders: ['mistral'] });
    const permit = await forbidWriting();
    try {
      for (const headers of [{}, { 'idempotency-key': 'a' }, { 'idempotency-key': 'a' }]) {
        const told = await change(world, { disabledModels: ['gpt-4o'], dryRun: true }, headers);
        expect(told).toMatchObject({ __typename: 'PolicyPreview', revision: 1 });
      }
      const variables = { input: { organizationId: world.organization.id, disabledModels: ['gpt-4o'] } };
      const { errors } = await ask(ChangePolicy, variables, { as: world.admin });
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'INTERNAL_SERVER_ERROR' });
    } finally {
      await permit();
    }
  });

  it('is told anew each time, and not replayed to the change that has its key', async () => {
    const world = await aWorld();
    const key = { 'idempotency-key': 'one' };

    await change(world, { disabledModels: ['gpt-4o'], dryRun: true }, key);
    await change(world, { disabledProviders: ['google'] });
    const again = await change(world, { disabledModels: ['gpt-4o'], dryRun: true }, key);
    const made = await change(world, { disabledModels: ['gpt-4o'] }, key);

    expect(again).toMatchObject({ __typename: 'PolicyPreview', revision: 1 });
    expect(made).toMatchObject({ __typename: 'OrganizationModelSettings', settingsRevision: 2 });
  });

  it('leaves its key to others where it is refused too, and takes no effect from what is beside it', async () => {
    const world = await aWorld();
    const { id: organizationId } = world.organization;
    const key = { 'idempotency-key': 'beside' };
    const kept = () => db.idempotentAnswer.count({ where: { callerId: world.admin.id } });
    const both = `mutation ($settings: UpdateModelSettingsInput!, $usage: RecordModelUsageInput!) { __typename
      updateModelSettings(input: $settings) { __typename }
      recordModelUsage(input: $usage) { ... on RecordModelUsagePayload { recorded } } }`;
    const settings = { organizationId, disabledModels: ['gpt-4o'], dryRun: true };
    const usage = { organizationId, records: [aReport({ modelKey: 'openai/gpt-4o' })] };

    const refused = await change(world, { disabledProviders: ['nobody'], dryRun: true }, key);
    await change(world, { organizationId: world.foreignOrganization.id, dryRun: true }, key);
    expect(await kept()).toBe(0);
    const { data } = await ask<Record<string, unknown>, Record<string, unknown>>(
      both,
      { settings, usage },
      { as: world.admin, headers: key },
    );

    expect(refused).toMatchObject({ code: 'INVALID_PROVIDER_SLUG' });
    expect(data).toMatchObject({
      updateModelSettings: { __typename: 'PolicyPreview' },
      recordModelUsage: { recorded: 1 },
    });
    expect(await db.usageRecord.count({ where: { organizationId } })).toBe(1);
    expect(await kept()).toBe(1);
  });

  it.each([
    [{ disabledProviders: ['nobody'] }, 'INVALID_PROVIDER_SLUG'],
    [{ defaultModelKey: 'gpt-99' }, 'UNKNOWN_MODEL'],
    [{ defaultModelKey: 'gpt-4o', disabledProviders: ['openai'] }, 'DEFAULT_MODEL_DISABLED'],
    [{ expectedRevision: 7 }, 'REVISION_CONFLICT'],
    [{ reason: 'x'.repeat(501) }, 'VALIDATION_ERROR'],
  ])('refuses what the change refuses, alike: $1', async (input, code) => {
    const world = await aWorld();

    const tried = await change(world, { ...input, dryRun: true });
    const made = await change(world, input);

    expect(tried).toMatchObject({ code });
    expect(tried).toEqual(made);
  });

  it('has the permissions of the change', async () => {
    const world = await aWorld();

    const member = await change(world, { disabledModels: ['gpt-4o'], dryRun: true }, {}, world.member);
    const stranger = await change(world, { disabledModels: ['gpt-4o'], dryRun: true }, {}, world.stranger);

    expect(member).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
    expect(stranger).toMatchObject({ code: 'ORGANIZATION_ACCESS_DENIED' });
  });

  it('tells of nothing where nothing would change', async () => {
    const world = await aWorld();
    await change(world, { disabledModels: ['gpt-4o', 'o3'] });

    const told = await preview(world, { disabledModels: ['o3', 'gpt-4o'] });

    expect(told).toMatchObject({ changes: [], impact: { newlyBlockedCount: 0, newlyAllowedCount: 0, defaults: [] } });
  });
});

describe('the impact', () => {
  it('names the configurations that stop working, and counts those of others', async () => {
    const world = await aWorld();
    const shared = await configured(world, world.admin, 'gpt-4o', 'ORGANIZATION');
    const own = await configured(world, world.admin, 'gpt-4o', 'USER');
    const off = await configured(world, world.admin, 'gpt-4o', 'USER');
    await ask(EnableConfig, { input: { id: off, isEnabled: false } }, { as: world.admin });
    await configured(world, world.admin, 'gpt-4.1', 'ORGANIZATION');
    await configured(world, world.member, 'gpt-4o', 'USER');
    await configured(world, world.member, 'gpt-4.1', 'USER');

    const { impact } = await preview(world, { disabledModels: ['gpt-4o'] });

    expect(impact.modelConfigs.map(({ id }) => id)).toEqual([shared, own]);
    expect(impact).toMatchObject({ modelConfigCount: 2, hiddenModelConfigCount: 1 });
  });

  it('counts the members whose default changes, by what they have of their own', async () => {
    const world = await aWorld();
    const shared = await configured(world, world.admin, 'gpt-4.1', 'ORGANIZATION');
    const own = await configured(world, world.member, 'gpt-4o', 'USER');
    await ask(MakeDefault, { input: { id: shared } }, { as: world.admin });
    await ask(MakeDefault, { input: { id: own } }, { as: world.member });
    await change(world, { defaultModelKey: 'anthropic/claude-sonnet-4-6' });

    const one = await preview(world, { disabledModels: ['gpt-4o'] });
    const both = await preview(world, { disabledProviders: ['openai'] });

    const [four, gpt, claude] = ['openai/gpt-4o', 'openai/gpt-4.1', 'anthropic/claude-sonnet-4-6'].map((key) => ({
      id: `mdl_${key}`,
    }));
    expect(one.impact.defaults).toEqual([{ from: four, to: gpt, members: 1 }]);
    expect(both.impact.defaults).toEqual([
      { from: gpt, to: claude, members: 2 },
      { from: four, to: claude, members: 1 },
    ]);
  });

  it('tells how many members are left without a model', async () => {
    const world = await aWorld();
    const providers = [...new Set(catalog.models.map(({ provider }) => provider))];

    const most = await preview(world, { disabledProviders: providers.slice(1) });
    const all = await preview(world, { disabledProviders: providers });

    expect(most.impact.membersLeftWithoutModel).toBe(0);
    expect(all.impact.membersLeftWithoutModel).toBe(3);
  });

  it('tells what was used in the last 30 days, and what it cost, of what is newly blocked', async () => {
    const world = await aWorld();
    const daysAgo = (days: number) => new Date(today.getTime() - days * 86_400_000).toISOString();
    await record({ ask }, world.organization, world.admin, [
      aReport({ modelKey: 'openai/gpt-4o', usedAt: daysAgo(1) }),
      aReport({ modelKey: 'openai/gpt-4o', usedAt: daysAgo(29), userId: 'someone' }),
      aReport({ modelKey: 'openai/gpt-4o', usedAt: daysAgo(31) }),
      aReport({ modelKey: 'openai/gpt-4.1', usedAt: daysAgo(1) }),
    ]);

    const { impact } = await preview(world, { disabledModels: ['gpt-4o'] });

    expect(impact.recentUses).toBe('2');
    expect(impact.newlyBlocked[0]).toMatchObject({
      model: { id: 'mdl_openai/gpt-4o' },
      recentUses: '2',
      recentUsers: 1,
    });
    expect(impact.recentCost).toBe('0.015');
  });

  it('is read by as many statements for two organizations as for one', async () => {
    const { organization, admin } = await aWorld();
    const query = `{ caller { memberships { organization {
      policy(atRevision: 0) { document } policyDiff(from: 0) { impact { newlyBlockedCount } } } } } }`;
    const counted = async () => {
      takeStatements();
      const { data } = await ask<Record<string, never>, Record<string, never>>(query, {}, { as: admin, once: true });
      expect(data).toBeTruthy();
      return takeStatements().length;
    };
    await counted();
    const one = await counted();
    const other = await anOrganization(db, 'Other');
    await db.membership.create({ data: { organizationId: other.id, userId: admin.id, role: 'ADMIN' } });
    await heard();
    await counted();

    expect(organization.id).not.toBe(other.id);
    expect(await counted()).toBe(one);
    expect(one).toBeGreaterThan(1);
  });
});

function without(some: ReadonlySet<string>, others: ReadonlySet<string>): Set<string> {
  return new Set([...some].filter((id) => !others.has(id)));
}

describe('a preview and the change after it', () => {
  it('agree: the same changes, and the models whose access changes are those that were told', {
    timeout: 120_000,
  }, async () => {
    const organization = await anOrganization(db, 'Property');
    await aMember(db, organization, 'OWNER');
    const context = { catalog, organizationId: organization.id, actor: trustedActor, now: today, limits: limitsOf() };
    const allowed = async () => {
      const [state] = await loadStates(db, [organization.id]);
      const decisions = decisionsBy(state ?? expect.fail(), { catalog, now: today });
      return new Set(filterModels(decisions, { allowed: true }).map(({ id }) => id));
    };
    const [facts] = await findPolicyFacts(db, { catalog, viewerId: null, now: today }, [
      { organizationId: organization.id, subjectIds: [] },
    ]);
    const all = { ...(facts ?? expect.fail()), exceptions: [], viewer: anySubject };
    let before = await allowed();
    let made = 0;

    await fc.assert(
      fc.asyncProperty(anyChange, async (input) => {
        const attempt = (more: object) =>
          updateModelSettings(db, context, { ...input, ...more }).catch((error: Error) => error);
        const told = await attempt({ dryRun: true });
        if (told instanceof UserError) {
          expect(await attempt({})).toEqual(told);
          return;
        }
        if (told instanceof Error || !isPreview(told)) return expect.fail();
        const { newlyBlocked, newlyAllowed } = impactOf(told.before, told.after, all, today);

        const outcome = await attempt({ expectedRevision: told.revision });
        const after = await allowed();

        expect(outcome).toMatchObject({ revision: told.revision + (told.changes.length > 0 ? 1 : 0) });
        if (told.changes.length > 0) {
          made += 1;
          const newest = { after: undefined, before: undefined, limit: 1, inverted: false };
          const [[entry] = []] = await findRevisions(db, [organization.id], newest);
          expect(changesOf(entry ?? expect.fail())).toEqual(told.changes);
        }
        const idsOf = (impacts: typeof newlyBlocked) => new Set(impacts.map(({ model }) => model.id));
        expect(idsOf(newlyBlocked)).toEqual(without(before, after));
        expect(idsOf(newlyAllowed)).toEqual(without(after, before));
        before = after;
      }),
      { numRuns: 1_000 },
    );
    expect(made).toBeGreaterThan(350);
  });
});
