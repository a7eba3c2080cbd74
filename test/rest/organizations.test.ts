import { describe, expect, it } from 'vitest';
import { anApiKey } from '../kit/keys.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';
import { aMember, anOrganization } from '../kit/world.ts';

const service = await startService();
const { aWorld, db } = service;
const call = restOf(service);

const listed = ({ id, name }: { id: string; name: string }) => ({
  id,
  name,
  description: null,
  logo: null,
  createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  updatedAt: expect.any(String),
});

describe('GET /v1/organizations', () => {
  it('lists those that the caller may enter, page by page', async () => {
    const { organization, member } = await aWorld();
    const others = await Promise.all(['Second', 'Third'].map((name) => anOrganization(db, name)));
    await db.membership.createMany({
      data: others.map(({ id }) => ({ organizationId: id, userId: member.id, role: 'MEMBER' as const })),
    });
    const mine = [organization, ...others].sort((left, right) => (left.id < right.id ? -1 : 1));

    const all = await call('GET', '/v1/organizations', { as: member });
    const page = await call('GET', '/v1/organizations?skip=1&limit=1', { as: member });

    expect(all).toMatchObject({ status: 200, body: mine.map(listed) });
    expect(page.body.map(({ id }: { id: string }) => id)).toEqual([mine[1]?.id]);
    expect(page.headers.get('x-total-count')).toBe('3');
    expect(await call('GET', '/v1/organizations?limit=0', { as: member })).toMatchObject({
      status: 422,
      body: { error: { code: 'VALIDATION_ERROR', details: { issues: [{ path: 'limit' }] } } },
    });
  });

  it.each(['1e1', '0x10', '%205', '+5', '5%20', '', '-1', '1.0', '٣', '1_0', 'Infinity', '9999999999', '5,6'])(
    'is refused with a page that is no whole number: %s',
    async (number) => {
      const { member } = await aWorld();

      for (const name of ['skip', 'limit']) {
        expect(await call('GET', `/v1/organizations?${name}=${number}`, { as: member })).toMatchObject({
          status: 422,
          body: { error: { code: 'VALIDATION_ERROR', details: { issues: [{ path: name }] } } },
        });
      }
    },
  );

  it('is that of an API key alone, and nothing for the anonymous', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ']);

    const answer = await call('GET', '/v1/organizations', { headers: { authorization: `Bearer ${token}` } });

    expect(answer).toMatchObject({ status: 200, body: [listed(world.organization)] });
    expect(await call('GET', '/v1/organizations')).toMatchObject({ status: 401 });
  });
});

describe('GET /v1/organizations/{organization_id}', () => {
  it('tells of one, and finds its owner wherever it stands among the members', async () => {
    const { organization, owner, member } = await aWorld();
    for (let count = 0; count < 3; count++) await aMember(db, organization, 'MEMBER');
    const small = restOf(service.anotherInstance({ limits: { pageSize: 2 } }));

    expect(await small('GET', `/v1/organizations/${organization.id}`, { as: member })).toMatchObject({
      status: 200,
      body: { id: organization.id, name: organization.name, type: 'Work', is_active: true, owner_id: owner.id },
    });
  });
});

describe('GET /v1/organizations/{organization_id}/models', () => {
  it('lists the models that are allowed, in order', async () => {
    const { organization, admin, member } = await aWorld();
    const path = `/v1/organizations/${organization.id}`;
    const read = async () => (await call('GET', `${path}/models`, { as: member })).body;

    const before = await read();
    const disabled = { disabledProviders: ['google'], disabledModels: ['gpt-4o'] };
    await call('PATCH', `${path}/model-settings`, { as: admin, body: disabled });
    const after = await read();

    expect(before).toMatchObject({ organization_id: organization.id, total_count: before.models.length });
    expect(before.models.length).toBeGreaterThan(100);
    expect(before.models.map(({ order }: { order: number }) => order)).toEqual(
      before.models.map((_: unknown, index: number) => index + 1),
    );
    expect(before.models.find(({ key }: { key: string }) => key === 'gpt-4o')).toMatchObject({
      id: 'mdl_openai/gpt-4o',
      external: 'openai/gpt-4o',
      provider: 'openai',
      is_active: true,
      is_visible_in_ui: true,
      max_tokens: 128_000,
      cost_per_1k_tokens: expect.any(Number),
    });
    // With the name go its snapshots.
    const isDisabled = ({ provider, key }: { provider: string; key: string }) =>
      provider === 'google' || /^gpt-4o(-\d{4}-\d\d-\d\d)?$/.test(key);
    expect(after.models.map(({ id }: { id: string }) => id)).toEqual(
      before.models.filter((model: never) => !isDisabled(model)).map(({ id }: { id: string }) => id),
    );
  });
});
