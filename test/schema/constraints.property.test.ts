import fc from 'fast-check';
import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { type PolicyDocument, policyOf } from '../../src/policy/policy-value.ts';
import { UpdateConfig } from '../kit/config-operations.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';
import { aCall, aChange, type Known, resolve, type Step } from '../kit/steps.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db, logLines } = service;
const call = restOf(service);
const catalog = readCatalog();

/** Mutations whose object is known from then on. */
const makes: Record<string, string> = {
  createModelConfig: '... on ModelConfig { id }',
  createProviderKey: '... on ProviderKey { id }',
  inviteMember: '... on Invitation { id }',
  requestModelException: '... on ModelException { id }',
  grantModelException: '... on ModelException { id }',
  createTeam: '... on Team { id }',
};

/** Sends a step, and says what is wrong with the answer; what it made is known to the next. */
async function take(step: Step, world: World, known: Known): Promise<string | undefined> {
  const as = world[step.as];
  if ('path' in step) {
    const path = String(resolve(step.path, known));
    const body = resolve(step.body, known);
    // Once: others change what a read answers meanwhile.
    const answer = await call(step.method, path, { as, once: true, ...(body === undefined ? {} : { body }) });
    return answer.status < 500 ? undefined : `${answer.status} ${JSON.stringify(step)}`;
  }

  const { field, type } = step;
  const made = makes[field] ?? '';
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { __typename ${made} ... on ModelgateError { code } } }`;
  const answer = await ask<Record<string, { id?: string }>, Record<string, unknown>>(
    query,
    { input: resolve(step.input, known) },
    { as },
  );
  const id = answer.data?.[field]?.id;
  if (id?.startsWith('cfg_')) known.configs.push(id);
  if (id?.startsWith('key_')) known.keys.push(id);
  if (id?.startsWith('inv_')) known.invitations.push(id);
  if (id?.startsWith('exc_')) known.exceptions.push(id);
  if (id?.startsWith('team_')) known.teams.push(id);
  const isOurs = answer.errors?.some(({ extensions }) => Number(extensions.status) >= 500);
  return isOurs || answer.status >= 500 ? JSON.stringify({ step, errors: answer.errors }) : undefined;
}

/** An organization with a configuration of each kind, and a key of two providers. */
async function aStart(): Promise<{ world: World; known: Known }> {
  const world = await aWorld();
  const { organization, owner, admin, member, stranger } = world;
  const known: Known = {
    organizations: [organization.id, world.foreignOrganization.id, 'org_absent'],
    users: [owner.id, admin.id, member.id, stranger.id, 'user_2a', 'user_2b', 'user_2c', 'user_2d'],
    configs: [],
    keys: [],
    invitations: [],
    exceptions: [],
    teams: [],
  };
  const organizationId = organization.id;
  const openai = { organizationId, provider: 'openai', modelId: 'gpt-4.1' };
  const start: Step[] = [
    { field: 'createProviderKey', input: { ...openai, name: 'A', secret: 'sk-live-4f9a8c2e71' } },
    { field: 'createProviderKey', input: { ...openai, name: 'B', secret: 'sk-live-4f9a8c2e72', isActive: false } },
    { field: 'createModelConfig', input: { ...openai, scope: 'ORGANIZATION', isDefault: true } },
    { field: 'createModelConfig', input: { ...openai, scope: 'ORGANIZATION', isEnabled: false } },
    { field: 'createModelConfig', input: { ...openai, scope: 'USER' } },
  ].map(({ field, input: { modelId, ...input } }) => ({
    as: 'admin',
    field,
    type: `${field[0]?.toUpperCase()}${field.slice(1)}Input`,
    input: field === 'createModelConfig' ? { ...input, modelId } : input,
  }));
  for (const step of start) expect(await take(step, world, known)).toBeUndefined();
  expect([known.configs.length, known.keys.length]).toEqual([3, 2]);
  return { world, known };
}

/** What holds whatever was sent. */
async function expectOrder({ organization: { id: organizationId } }: World) {
  const configs = await db.modelConfig.findMany({ where: { organizationId } });
  const defaults = configs.filter(({ isDefault }) => isDefault);
  expect(defaults.every(({ isEnabled }) => isEnabled)).toBe(true);
  expect(new Set(defaults.map(({ userId }) => userId)).size).toBe(defaults.length);

  const { revision } = await db.organization.findUniqueOrThrow({ where: { id: organizationId } });
  const entries = await db.revision.findMany({ where: { organizationId }, orderBy: { number: 'asc' } });
  expect(entries.map(({ number }) => number)).toEqual(Array.from({ length: revision }, (_, index) => index + 1));
  expect(await db.membership.count({ where: { organizationId, role: 'OWNER' } })).toBeGreaterThan(0);

  const members = await db.membership.findMany({ where: { organizationId }, select: { userId: true } });
  const memberIds = members.map(({ userId }) => userId);
  expect(await db.teamMember.count({ where: { organizationId, userId: { notIn: memberIds } } })).toBe(0);

  const granted = entries.filter(({ action }) => action === 'MODEL_EXCEPTION_GRANTED');
  const isOwn = ({ actorId, after }: (typeof granted)[number]) =>
    (after as { subjectId: string }).subjectId === actorId;
  expect(granted.filter((entry) => isOwn(entry) && !('selfGranted' in Object(entry.after)))).toEqual([]);

  const settings = await db.modelSettings.findUnique({ where: { organizationId } });
  const { aliases, defaultModelKey } = policyOf((settings?.policy ?? null) as PolicyDocument | null);
  const targets = Object.values(aliases).flat();
  expect(targets.filter((target) => Object.hasOwn(aliases, target))).toEqual([]);
  if (defaultModelKey !== null && !catalog.find(defaultModelKey)) expect(aliases).toHaveProperty([defaultModelKey]);

  const counted = await db.usageRecord.count({ where: { organizationId } });
  const { _sum: sums } = await db.usageDay.aggregate({ where: { organizationId }, _sum: { usageCount: true } });
  expect(Number(sums.usageCount ?? 0)).toBe(counted);
}

describe('whatever is sent, in whatever order', () => {
  it('meets no constraint of the database unprepared, one by one and at once', async () => {
    const step = fc.oneof({ weight: 3, arbitrary: aChange }, { weight: 1, arbitrary: aCall });
    const script = fc.record({
      inTurn: fc.array(step, { minLength: 10, maxLength: 25 }),
      atOnce: fc.array(step, { maxLength: 8 }),
    });
    await fc.assert(
      fc.asyncProperty(script, async ({ inTurn, atOnce }) => {
        const { world, known } = await aStart();

        const faults: (string | undefined)[] = [];
        for (const one of inTurn) faults.push(await take(one, world, known));
        faults.push(...(await Promise.all(atOnce.map((one) => take(one, world, known)))));

        const logged = logLines().filter(({ err }) => err !== undefined);
        expect(faults.filter((fault) => fault !== undefined).map((fault) => [fault, logged.at(-1)])).toEqual([]);
        await expectOrder(world);
      }),
      { numRuns: 15, interruptAfterTimeLimit: 60_000 },
    );
  });
});

const switches = [undefined, true, false];
const states = [
  { isEnabled: true, isDefault: true },
  { isEnabled: true, isDefault: false },
  { isEnabled: false, isDefault: false },
];

describe('a change of a configuration', () => {
  it.each(states)('that is %j does what it says, by every pair of its fields', async (state) => {
    const { world, known } = await aStart();
    const { organization, admin } = world;
    const [key] = known.keys;
    const row = { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4.1', creatorId: admin.id };

    for (const isEnabled of switches) {
      for (const isDefault of switches) {
        for (const providerKeyId of [undefined, key]) {
          for (const otherIsDefault of state.isDefault ? [false] : [false, true]) {
            const [id, other] = [typeid('cfg').toString(), typeid('cfg').toString()];
            const times = { createdAt: new Date(), updatedAt: new Date() };
            await db.modelConfig.deleteMany({ where: { organizationId: organization.id } });
            await db.modelConfig.createMany({
              data: [
                { ...row, ...times, ...state, id },
                { ...row, ...times, id: other, isDefault: otherIsDefault },
              ],
            });

            const change = { isEnabled, isDefault, providerKeyId };
            const { data, errors } = await ask(UpdateConfig, { input: { id, ...change } }, { as: admin });

            const given = Object.fromEntries(
              Object.entries({ isEnabled, isDefault }).filter(([, on]) => on !== undefined),
            );
            const after = { ...state, ...given };
            const isRefused = after.isDefault && !after.isEnabled;
            const wanted = isRefused ? { code: 'DEFAULT_CONFIG' } : { id, ...after };
            expect({ change, errors, result: data?.updateModelConfig }).toMatchObject({ change, result: wanted });
            const defaults = await db.modelConfig.findMany({
              where: { organizationId: organization.id, isDefault: true },
            });
            const left = otherIsDefault && (isRefused || !after.isDefault) ? [other] : [];
            const mine = (isRefused ? state : after).isDefault ? [id] : [];
            expect({ change, defaults: defaults.map((config) => config.id) }).toEqual({
              change,
              defaults: [...mine, ...left],
            });
          }
        }
      }
    }
  });
});
