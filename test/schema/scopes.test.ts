import { describe, expect, it } from 'vitest';
import { CreateConfig, EffectiveDefault } from '../kit/config-operations.ts';
import { anApiKey } from '../kit/keys.ts';
import { everyList, everyListOf } from '../kit/listed-models.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { setScope } from '../kit/scopes.ts';
import { startService } from '../kit/service.ts';
import { followersOf } from '../kit/subscriptions.ts';
import { aTeam } from '../kit/teams.ts';
import { aMember, type World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db, heard } = service;
const call = restOf(service);

async function update({ organization, admin }: World, change: object) {
  const { data } = await ask(UpdateSettings, { input: { organizationId: organization.id, ...change } }, { as: admin });
  expect(data?.updateModelSettings.__typename).toBe('OrganizationModelSettings');
}

const small = ['claude-haiku-5-5', 'gpt-5.4-mini', 'gemini-3.5-flash'];
const smallModels = ['anthropic/claude-haiku-5-5', 'openai/gpt-5.4-mini', 'openai/gpt-5.4-mini-2026-03-17'];
const roles = ['role_owner', 'role_admin', 'role_member'];

describe('everybody the small models, engineering also the strong one, and one provider forbidden for all', () => {
  it('is what every list says to each of them, and the decision on each model', async () => {
    const world = await aWorld();
    const { organization, owner, admin, member } = world;
    const engineer = await aMember(db, organization, 'MEMBER');
    const engineering = await aTeam(db, organization, { members: [engineer, admin] });
    for (const role of roles) await setScope(service, world, role, { allowedModels: small });
    await setScope(service, world, engineering.id, { allowedModels: [...small, 'claude-opus-5-5'] });
    await update(world, { disabledProviders: ['google'] });
    await heard();

    for (const as of [owner, member]) {
      expect(await everyListOf(service, organization, { as })).toEqual(everyList(smallModels));
    }
    for (const as of [engineer, admin]) {
      expect(await everyListOf(service, organization, { as })).toEqual(
        everyList([...smallModels, 'anthropic/claude-opus-5-5']),
      );
    }
  });
});

describe('the rules of those that somebody belongs to', () => {
  it('add up where they disable, whoever it is that they are of', async () => {
    const world = await aWorld();
    const { organization, member } = world;
    const teams = [
      await aTeam(db, organization, { members: [member] }),
      await aTeam(db, organization, { members: [member] }),
    ];
    await update(world, {
      disabledProviders: ['google', 'mistral', 'cohere', 'aitronos', 'openai'],
      allowedModels: ['claude-fable-5*', 'claude-opus-5*', 'claude-sonnet-5*', 'claude-haiku-5*'],
    });
    await setScope(service, world, 'role_member', { disabledModels: ['claude-fable*'] });
    await setScope(service, world, teams[0]?.id ?? '', { disabledModels: ['claude-opus*'] });
    await setScope(service, world, teams[1]?.id ?? '', { disabledModels: ['claude-sonnet-5'] });
    await setScope(service, world, 'role_admin', { disabledProviders: ['anthropic'] });
    await heard();

    const before = await everyListOf(service, organization, { as: member });
    await setScope(service, world, member.id, { addDisabledModels: ['claude-haiku-5-5'] });

    expect(before).toEqual(everyList(['anthropic/claude-haiku-5-5', 'anthropic/claude-sonnet-5-5']));
    expect(await everyListOf(service, organization, { as: member })).toEqual(
      everyList(['anthropic/claude-sonnet-5-5']),
    );
    expect((await everyListOf(service, organization, { as: world.admin })).models).toEqual([]);
    expect((await everyListOf(service, organization, { as: world.owner })).models.length).toBeGreaterThan(5);
  });

  it('count by the nearest where they allow: its own, else those of its teams together, else that of its role, else the organization', async () => {
    const world = await aWorld();
    const { organization, member } = world;
    const [one, other] = [
      await aTeam(db, organization, { members: [member] }),
      await aTeam(db, organization, { members: [member] }),
    ];
    await heard();
    const allow = (subjectId: string, ...allowedModels: string[]) =>
      setScope(service, world, subjectId, { allowedModels });
    const seen = async () => (await everyListOf(service, organization, { as: member })).models;
    const among = ['claude-opus-5', 'claude-opus-5-5', 'claude-haiku-5-5', 'claude-sonnet-5'];
    const at = (...models: string[]) => models.map((modelId) => `anthropic/${modelId}`).toSorted();

    await update(world, { allowedModels: among });
    expect(await seen()).toEqual(at(...among));
    await allow('role_member', 'claude-opus-5', 'gpt-5.5');
    expect(await seen()).toEqual(at('claude-opus-5'));
    await allow(one.id, 'claude-haiku-5-5');
    expect(await seen()).toEqual(at('claude-haiku-5-5'));
    await allow(other.id, 'claude-sonnet-5', 'gpt-5.5');
    expect(await seen()).toEqual(at('claude-haiku-5-5', 'claude-sonnet-5'));
    await allow(member.id, 'claude-opus-5-5', 'gpt-5.5');
    expect(await seen()).toEqual(at('claude-opus-5-5'));
    await allow(member.id);
    expect(await everyListOf(service, organization, { as: member })).toEqual(everyList([]));
  });

  it('decide for an API key by its own, in the graph and by REST, and not by a role', async () => {
    const world = await aWorld();
    const { organization } = world;
    const { id, token } = await anApiKey(service, world, ['READ']);
    const another = await anApiKey(service, world, ['READ']);
    for (const role of roles) await setScope(service, world, role, { disabledProviders: ['anthropic'] });
    await setScope(service, world, id, { allowedModels: small, disabledProviders: ['google'] });
    await heard();

    expect(await everyListOf(service, organization, { token })).toEqual(everyList(smallModels));
    expect((await everyListOf(service, organization, { token: another.token })).models).toContain(
      'anthropic/claude-opus-5-5',
    );
    const { body } = await call('GET', '/v1/model-configs/search-capable', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(body.data.map((item: { id: string }) => item.id)).toEqual(smallModels.slice(1).map((id) => `mdl_${id}`));
  });
});

describe('what is not a list of models', () => {
  /** A member who may use one model less than others; each of two models is configured, and the default is that one. */
  async function aConfiguredWorld() {
    const world = await aWorld();
    const { organization, admin, member } = world;
    const ids = [];
    for (const modelId of ['gpt-5.4-mini', 'gpt-5.5']) {
      const input = { organizationId: organization.id, provider: 'openai', modelId, scope: 'ORGANIZATION' as const };
      const { data } = await ask(CreateConfig, { input }, { as: admin });
      const config = data?.createModelConfig;
      ids.push(config?.__typename === 'ModelConfig' ? config.id : expect.fail());
    }
    await update(world, { defaultModelKey: 'gpt-5.5' });
    await setScope(service, world, member.id, { disabledModels: ['gpt-5.5'] });
    return { ...world, ids };
  }

  const Configs = `query ($o: ID!) {
    allowed: modelConfigs(organizationId: $o, filter: { allowed: true }) { edges { node { id access { allowed } } } }
    refused: modelConfigs(organizationId: $o, filter: { allowed: false }) { edges { node { id access { reasons } } } }
  }`;

  it('follows the rules of the caller too: configurations, by the graph and by REST', async () => {
    const { organization, admin, member, ids } = await aConfiguredWorld();
    const read = async (as: { id: string }) =>
      (
        await ask<Record<'allowed' | 'refused', { edges: { node: unknown }[] }>, { o: string }>(
          Configs,
          { o: organization.id },
          { as },
        )
      ).data;

    expect(await read(member)).toEqual({
      allowed: { edges: [{ node: { id: ids[0], access: { allowed: true } } }] },
      refused: { edges: [{ node: { id: ids[1], access: { reasons: ['MODEL_DISABLED'] } } }] },
    });
    expect(await read(admin)).toMatchObject({ allowed: { edges: [{}, {}] }, refused: { edges: [] } });
    const searchable = async (as: { id: string }) =>
      (await call('GET', '/v1/model-configs/search-configured', { as })).body.data.map(
        (item: { id: string }) => item.id,
      );
    expect(await searchable(member)).toEqual([ids[0]]);
    expect(await searchable(admin)).toEqual(ids);
  });

  it('follows them too: the effective default, and what one may configure for oneself', async () => {
    const { organization, admin, member } = await aConfiguredWorld();
    const defaultOf = async (as: { id: string }) =>
      (await ask(EffectiveDefault, { organizationId: organization.id }, { as })).data?.organization
        ?.effectiveDefaultModel;
    const configure = async (as: { id: string }) => {
      const input = { organizationId: organization.id, provider: 'openai', modelId: 'gpt-5.5' };
      return (await ask(CreateConfig, { input }, { as })).data?.createModelConfig;
    };

    expect(await defaultOf(admin)).toMatchObject({ model: { id: 'mdl_openai/gpt-5.5' }, skipped: [] });
    expect(await defaultOf(member)).toMatchObject({
      model: null,
      skipped: [{ modelKey: 'gpt-5.5', access: { reasons: ['MODEL_DISABLED'] } }],
    });
    expect(await configure(admin)).toMatchObject({ __typename: 'ModelConfig' });
    expect(await configure(member)).toMatchObject({ code: 'MODEL_NOT_ALLOWED', reasons: ['MODEL_DISABLED'] });
  });

  it('follows them too: what is read of an organization with the event that tells of the change', async () => {
    const world = await aWorld();
    const { organization, member } = world;
    const { follow } = await followersOf(service);
    const query = `subscription ($organizationId: ID!) { organizationRevision(organizationId: $organizationId) {
      number action organization { models(filter: { allowed: true }, first: 100) { edges { node { id } } } } } }`;
    const events = await follow(organization, { as: member, query });

    await setScope(service, world, member.id, { allowedModels: ['gpt-5.5'], reason: 'A trial' });

    const { value } = await events.next();
    expect(value).toMatchObject({
      data: {
        organizationRevision: {
          number: 1,
          action: 'SCOPE_POLICY_UPDATED',
          organization: {
            models: { edges: ['gpt-5.5', 'gpt-5.5-2026-04-23'].map((id) => ({ node: { id: `mdl_openai/${id}` } })) },
          },
        },
      },
    });
    await events.return();
  });
});
