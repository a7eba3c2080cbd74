import { describe, expect, it } from 'vitest';
import { aliasesOf, Resolve } from '../kit/aliases.ts';
import { CreateConfig, EnableConfig } from '../kit/config-operations.ts';
import { exceptionsOf, made } from '../kit/exceptions.ts';
import { anApiKey } from '../kit/keys.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { refusalsOf } from '../kit/refusals.ts';
import { setScope } from '../kit/scopes.ts';
import { startService, today } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db, heard, takeStatements } = service;
const { set } = aliasesOf(service);
const { grant } = exceptionsOf(service, () => today);

const mini = 'mdl_openai/gpt-4o-mini';
const haiku = 'mdl_anthropic/claude-haiku-4-5';
const nano = 'mdl_openai/gpt-4.1-mini';

type Asker = { as?: { id: string }; token?: string; once?: boolean };

async function resolve({ organization }: World, modelKey: string, asker: Asker, subjectId?: string) {
  const variables = { organizationId: organization.id, modelKey, ...(subjectId !== undefined && { subjectId }) };
  const { data, errors } = await ask(Resolve, variables, asker);
  return data?.resolveModel ?? errors?.[0]?.extensions.code;
}

async function disable({ organization, admin }: World, change: object) {
  await ask(UpdateSettings, { input: { organizationId: organization.id, ...change } }, { as: admin });
}

async function configure(
  { organization }: World,
  as: { id: string },
  [provider = '', modelId = '']: string[],
  more: object = {},
) {
  const input = { organizationId: organization.id, provider, modelId, ...more };
  const { data } = await ask(CreateConfig, { input }, { as });
  return data?.createModelConfig.__typename === 'ModelConfig'
    ? data.createModelConfig.id
    : expect.fail(JSON.stringify(data));
}

/** «Our apps say fast.» */
async function aFastWorld() {
  const world = await aWorld();
  await set(world, 'fast', ['gpt-4o-mini', 'claude-haiku-4-5', 'gpt-4.1-mini']);
  return world;
}

describe('resolveModel', () => {
  it('gives applications the second model of an alias as soon as an admin disables the first', async () => {
    const world = await aFastWorld();
    const { token } = await anApiKey(service, world, ['READ']);
    expect(await resolve(world, 'fast', { token })).toMatchObject({
      source: 'ALIAS',
      model: { id: mini },
      skipped: [],
    });

    await disable(world, { disabledModels: ['gpt-4o-mini'] });

    expect(await resolve(world, 'Fast', { token })).toMatchObject({
      source: 'ALIAS',
      model: { id: haiku },
      skipped: [{ modelKey: 'gpt-4o-mini', access: { reasons: ['MODEL_DISABLED'] } }],
      access: { allowed: true, reasons: [], revision: 3 },
    });
  });

  it('resolves names of models likewise, and tells what is unknown or refused', async () => {
    const world = await aFastWorld();
    const { member: as } = world;
    await disable(world, { disabledModels: ['gpt-4o-mini', 'gpt-4.1-mini'], disabledProviders: ['anthropic'] });

    expect(await resolve(world, 'GPT-4o', { as })).toMatchObject({
      source: 'MODEL',
      model: { id: 'mdl_openai/gpt-4o' },
    });
    expect(await resolve(world, 'nova', { as })).toMatchObject({
      source: 'MODEL',
      model: null,
      config: null,
      access: { reasons: ['UNKNOWN_MODEL'] },
      skipped: [{ modelKey: 'nova' }],
    });
    expect(await resolve(world, 'fast', { as })).toMatchObject({
      source: 'ALIAS',
      model: null,
      access: { allowed: false, reasons: ['MODEL_DISABLED'] },
      skipped: [{ modelKey: 'gpt-4o-mini' }, { modelKey: 'claude-haiku-4-5' }, { modelKey: 'gpt-4.1-mini' }],
    });
    expect(await resolve(world, 'x'.repeat(300), { as })).toMatchObject({ access: { reasons: ['UNKNOWN_MODEL'] } });
  });

  it('decides for the subject: by its scopes, its teams and its exceptions, which end', async () => {
    const world = await aFastWorld();
    const { admin, member, organization } = world;
    const team = await aTeam(db, organization, { members: [member] });
    await heard();
    await setScope(service, world, team.id, { disabledModels: ['gpt-4o-mini'] });
    await setScope(service, world, 'role_admin', { allowedModels: ['gpt-4.1-mini'] });
    const own = () => resolve(world, 'fast', { as: member });

    expect(await own()).toMatchObject({ model: { id: haiku }, validUntil: null });
    expect(await resolve(world, 'fast', { as: admin })).toMatchObject({ model: { id: nano } });
    expect(await resolve(world, 'fast', { as: admin }, member.id)).toMatchObject({ model: { id: haiku } });
    expect(await resolve(world, 'fast', { as: admin }, 'role_member')).toMatchObject({ model: { id: mini } });

    const until = '2026-12-24T12:00:00.000Z';
    made(await grant(world, admin, { subjectId: member.id, models: ['gpt-4o-mini'], until }));

    expect(await own()).toMatchObject({ model: { id: mini }, skipped: [], validUntil: until });
  });

  it('names the configuration: of the caller its own, a default before others, else the shared one', async () => {
    const world = await aFastWorld();
    const { admin, member, owner } = world;
    const gpt = ['openai', 'gpt-4o-mini'];
    const configOf = async (as: { id: string }, subjectId?: string) =>
      ((await resolve(world, 'fast', { as }, subjectId)) as { config: { id: string; settings: object } }).config;
    expect(await configOf(member)).toBe(null);

    const shared = await configure(world, admin, gpt, { scope: 'ORGANIZATION', settings: { temperature: 0.5 } });
    await configure(world, admin, gpt, { scope: 'ORGANIZATION' });
    const first = await configure(world, member, gpt);
    await configure(world, owner, ['openai', 'gpt-4o']);
    expect(await configOf(member)).toMatchObject({ id: first });
    const preferred = await configure(world, member, gpt, { isDefault: true });

    expect(await configOf(member)).toMatchObject({ id: preferred });
    expect(await configOf(member, member.id)).toMatchObject({ id: preferred });
    expect(await configOf(owner)).toMatchObject({ id: shared, settings: { temperature: 0.5 } });
    expect(await configOf(owner, member.id)).toMatchObject({ id: shared });

    await ask(EnableConfig, { input: { id: shared, isEnabled: false } }, { as: admin });
    expect(await configOf(owner)).not.toMatchObject({ id: shared });
  });

  it('is answered about others to owners, admins and services that may read', async () => {
    const world = await aFastWorld();
    const { member, admin, stranger } = world;
    const { token } = await anApiKey(service, world, ['READ']);

    expect(await resolve(world, 'fast', { as: member }, admin.id)).toBe('INSUFFICIENT_PERMISSIONS');
    expect(await resolve(world, 'fast', { token }, member.id)).toMatchObject({ model: { id: mini } });
    for (const subject of [stranger.id, 'usr_absent', 'team_absent']) {
      expect(await resolve(world, 'fast', { as: admin }, subject)).toMatchObject({
        model: null,
        access: { reasons: ['NOT_A_MEMBER'] },
      });
    }
    expect(await resolve(world, 'fast', { as: admin }, 'nobody')).toBe('VALIDATION_ERROR');
    expect(await resolve(world, 'fast', { as: stranger })).toBe('ORGANIZATION_ACCESS_DENIED');
  });

  it('counts what refuses the caller, once, and not what another one would be refused', async () => {
    const world = await aFastWorld();
    const { member, admin } = world;
    await disable(world, { disabledModels: ['gpt-4o-mini', 'gpt-4.1-mini'], disabledProviders: ['anthropic'] });

    await resolve(world, 'fast', { as: member, once: true });
    await resolve(world, 'fast', { as: admin, once: true }, member.id);
    await resolve(world, 'gpt-4o', { as: member, once: true });

    expect(await refusalsOf(service, world)).toMatchObject([
      { subjectId: member.id, reason: 'MODEL_DISABLED', count: '1' },
    ]);
  });

  it('takes one statement for the configurations of all names of a request', async () => {
    const world = await aFastWorld();
    const { organization, member: as } = world;
    await configure(world, as, ['openai', 'gpt-4o-mini']);
    const asked = (...names: string[]) =>
      ask(
        `query ($id: ID!) { ${names.map((name, index) => `n${index}: resolveModel(organizationId: $id, modelKey: "${name}") { config { id } }`).join(' ')} }`,
        { id: organization.id },
        { as },
      );
    await asked('gpt-4.1');
    takeStatements();
    await asked('fast', 'gpt-4o', 'o3', 'claude-haiku-4-5');

    expect(takeStatements().filter((sql) => sql.includes('"ModelConfig"'))).toHaveLength(1);
  });
});
