import { describe, expect, it } from 'vitest';
import { anApiKey } from '../kit/keys.ts';
import { ReadHistory, UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';
import { aMember, type World } from '../kit/world.ts';

// Pages are read however small the service is set up to make them.
const service = await startService({ limits: { pageSize: 20 } });
const { ask, aWorld, db } = service;
const call = restOf(service);

const path = '/v1/model-configs';

async function aWorldWithDefault(defaultModelKey: string): Promise<World> {
  const world = await aWorld();
  const input = { organizationId: world.organization.id, defaultModelKey };
  const { data } = await ask(UpdateSettings, { input }, { as: world.admin });
  expect(data?.updateModelSettings.__typename).toBe('OrganizationModelSettings');
  return world;
}

describe('GET /v1/model-configs', () => {
  it('lists nothing where there is neither a configuration nor a default', async () => {
    const { member } = await aWorld();

    expect(await call('GET', path, { as: member })).toMatchObject({ status: 200, body: { data: [], total: 0 } });
  });

  it('makes the effective default the first configuration of a caller who has none, once', async () => {
    const { organization, member, admin } = await aWorldWithDefault('claude-sonnet-4-6');

    const { status, body } = await call('GET', path, { as: member });

    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        data: [
          {
            userId: member.id,
            provider: 'anthropic',
            modelId: 'claude-sonnet-4-6',
            isEnabled: true,
            isDefault: true,
            settings: {},
            configScope: 'user',
          },
        ],
        total: 1,
      },
    });
    expect((await call('GET', path, { as: member })).body).toEqual(body);
    const { data } = await ask(ReadHistory, { organizationId: organization.id, first: 1 }, { as: admin });
    expect(data?.organization?.revisions?.edges[0]?.node).toMatchObject({
      action: 'MODEL_CONFIG_CREATED',
      subjectId: body.data[0].id,
      actor: { id: member.id },
    });
  });

  it('makes one only, however many ask at once', async () => {
    const world = await aWorldWithDefault('gpt-4.1');
    const other = service.anotherInstance();

    const answers = await Promise.all(
      [service, other, service, other].map((instance) => restOf(instance)('GET', path, { as: world.member })),
    );

    const ids = answers.map(({ body }) => body.data.map(({ id }: { id: string }) => id));
    expect(ids).toEqual(ids.map(() => [expect.stringMatching(/^cfg_/)]));
    expect(new Set(ids.flat()).size).toBe(1);
    expect(await db.modelConfig.count({ where: { userId: world.member.id } })).toBe(1);
  });

  it('gives each of several callers one, though their changes meet', async () => {
    const world = await aWorldWithDefault('gpt-4.1');
    const people = [world.member, world.admin, world.owner];

    await Promise.all(people.map((as) => call('GET', path, { as })));

    for (const as of people) expect((await call('GET', path, { as })).body).toMatchObject({ total: 1 });
  });

  it('makes none for an API key, nor where the organization shares one', async () => {
    const world = await aWorldWithDefault('gpt-4.1');
    const { token } = await anApiKey(service, world, ['READ']);
    const authorization = `Bearer ${token}`;

    expect(await call('GET', path, { headers: { authorization } })).toMatchObject({ status: 200, body: { total: 0 } });

    const shared = {
      id: `cfg_${world.organization.id}`,
      organizationId: world.organization.id,
      creatorId: world.admin.id,
    };
    const model = { provider: 'openai', modelId: 'gpt-4.1', settings: {} };
    await db.modelConfig.create({ data: { ...shared, ...model, createdAt: new Date(), updatedAt: new Date() } });
    for (const given of [{ headers: { authorization } }, { as: world.member }]) {
      expect(await call('GET', path, given)).toMatchObject({
        status: 200,
        body: { data: [{ id: shared.id, userId: world.admin.id, configScope: 'organization' }], total: 1 },
      });
    }
  });

  it('lists all of them, past one page, and nobody else’s', async () => {
    const { organization, member, admin } = await aWorld();
    const colleague = await aMember(db, organization, 'MEMBER');
    const model = { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4.1', settings: {} };
    const configOf = (userId: string) => (_: unknown, index: number) => ({
      ...model,
      id: `cfg_${userId}_${index}`,
      userId,
      creatorId: userId,
      createdAt: new Date(index),
      updatedAt: new Date(index),
    });
    await db.modelConfig.createMany({
      data: [...Array.from({ length: 130 }, configOf(member.id)), ...Array.from({ length: 3 }, configOf(colleague.id))],
    });

    const { body } = await call('GET', path, { as: member });

    expect(body.total).toBe(130);
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual(
      Array.from({ length: 130 }, (_, index) => `cfg_${member.id}_${index}`),
    );
    expect((await call('GET', path, { as: admin })).body).toMatchObject({ total: 0 });
  });

  it('leaves out what the catalog does not know', async () => {
    const { organization, member } = await aWorld();
    const model = { organizationId: organization.id, provider: 'openai', modelId: 'gone-1', settings: {} };
    const owned = { id: `cfg_${member.id}`, userId: member.id, creatorId: member.id };
    await db.modelConfig.create({ data: { ...model, ...owned, createdAt: new Date(), updatedAt: new Date() } });

    const { body } = await call('GET', path, { as: member });

    expect(Object.keys(body.data[0])).toEqual([
      ...['id', 'userId', 'organizationId', 'provider', 'modelId', 'providerKeyId', 'isEnabled', 'isDefault'],
      ...['settings', 'createdAt', 'updatedAt', 'displayName', 'keyStatus', 'configScope'],
    ]);
  });
});
