import { describe, expect, it } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { anApiKey } from '../kit/keys.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { aWorld, db } = service;
const call = restOf(service);

const create = { provider: 'openai', modelId: 'gpt-4.1' };

/** The organization that a new configuration comes to be in. */
async function organizationOf(given: { as?: { id: string }; headers?: Record<string, string> }) {
  const { status, body } = await call('POST', '/v1/model-configs', { ...given, body: create });
  return status === 201 ? body.organizationId : `${status} ${body.error}`;
}

describe('the organization of a request', () => {
  it('is the only one, or the one that is named', async () => {
    const { organization, foreignOrganization, member, stranger } = await aWorld();
    await db.membership.create({
      data: { organizationId: foreignOrganization.id, userId: member.id, role: 'MEMBER' },
    });
    const naming = (id: string) => ({ headers: { 'x-organization-id': id } });

    expect(await organizationOf({ as: stranger })).toBe(foreignOrganization.id);
    expect(await organizationOf({ as: member })).toMatch(/^400 .*say which organization: X-Organization-Id$/);
    for (const { id } of [organization, foreignOrganization]) {
      expect(await organizationOf({ as: member, ...naming(id) })).toBe(id);
    }
    for (const id of [organization.id, 'org_absent']) {
      expect(await organizationOf({ as: stranger, ...naming(id) })).toBe(
        "403 You don't have access to this organization",
      );
    }
    expect(await organizationOf(naming(organization.id))).toBe('401 User authentication required');
  });

  it('is nobody’s of a user who is in none', async () => {
    expect(await organizationOf({ as: { id: 'usr_newcomer' } })).toBe('400 You are in no organization');
  });

  it('is the one that the token names, and no other', async () => {
    const { organization, foreignOrganization, member } = await aWorld();
    await db.membership.create({
      data: { organizationId: foreignOrganization.id, userId: member.id, role: 'MEMBER' },
    });
    const claims = { sub: member.id, org_id: organization.id, org_role: 'org:member' };
    const authorization = `Bearer ${await mint(claims)}`;

    expect(await organizationOf({ headers: { authorization } })).toBe(organization.id);
    expect(await organizationOf({ headers: { authorization, 'x-organization-id': foreignOrganization.id } })).toBe(
      "403 You don't have access to this organization",
    );
  });
});

describe('an API key', () => {
  it.each([
    ['after Bearer', (token: string) => ({ authorization: `Bearer ${token}` })],
    ['as it is', (token: string) => ({ authorization: token })],
    ['in X-API-Key', (token: string) => ({ 'x-api-key': token })],
  ])('acts in its organization: %s', async (_, headersOf) => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ']);
    const foreign = { 'x-organization-id': world.foreignOrganization.id };
    const read = (headers: Record<string, string>) => call('GET', '/v1/model-configs/in-use', { headers });

    expect(await read(headersOf(token))).toMatchObject({ status: 200, body: { data: [], total: 0 } });
    expect(await read({ ...headersOf(token), ...foreign })).toMatchObject({ status: 403 });
    const settings = `/v1/organizations/${world.organization.id}/model-settings`;
    expect(await call('GET', settings, { headers: headersOf(token) })).toMatchObject({ status: 200 });
    expect(await read(headersOf(`mgk_${'x'.repeat(43)}`))).toMatchObject({
      status: 401,
      body: { error: 'Your API key is invalid' },
    });
  });

  it('in X-API-Key does not count beside another token, nor for the graph', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ']);

    expect(
      await call('GET', '/v1/model-configs', { headers: { authorization: 'Bearer x', 'x-api-key': token } }),
    ).toMatchObject({
      status: 401,
    });
    for (const headers of [{ 'x-api-key': token }, { authorization: token }]) {
      const { data } = await service.ask<{ caller: { kind: string } }, Record<string, never>>(
        '{ caller { kind } }',
        {},
        { headers },
      );
      expect(data?.caller.kind).not.toBe('SERVICE');
    }
  });
});
