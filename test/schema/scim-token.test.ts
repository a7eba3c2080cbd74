import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import { trustedIssuer } from '../kit/issuer.ts';
import { aScimToken, CreateScimToken, RevokeScimToken } from '../kit/scim.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService({ limits: { scimTokens: 2 } });
const { ask, aWorld, db } = service;

const ListScimTokens = graphql(`
  query ListScimTokens($organizationId: ID!) {
    organization(id: $organizationId) {
      id
      scimTokens {
        id
      }
    }
  }
`);

const listed = async ({ organization, owner }: World) => {
  const { data } = await ask(ListScimTokens, { organizationId: organization.id }, { as: owner });
  return data?.organization?.scimTokens?.map(({ id }) => id);
};

async function revoke({ organization, owner }: World, scimTokenId: string) {
  const input = { organizationId: organization.id, scimTokenId };
  const { data } = await ask(RevokeScimToken, { input }, { as: owner });
  return data?.revokeScimToken;
}

describe('createScimToken', () => {
  it('tells the secret once, and the ledger all but the secret', async () => {
    const world = await aWorld();

    const { secret, ...token } = await aScimToken(service, world, { name: 'Okta' });

    expect(secret).toMatch(/^scim_[\w-]{43}$/);
    expect(token).toEqual({
      id: expect.stringMatching(/^sct_/),
      organizationId: world.organization.id,
      name: 'Okta',
      issuer: trustedIssuer.issuer,
      subjectAttribute: 'EXTERNAL_ID',
      last4: secret.slice(-4),
      createdBy: { id: world.owner.id },
      createdAt: expect.stringMatching(/Z$/),
      revokedAt: null,
    });
    const [entry] = await db.revision.findMany({ where: { organizationId: world.organization.id } });
    expect(entry).toMatchObject({
      action: 'SCIM_TOKEN_CREATED',
      subjectId: token.id,
      actorId: world.owner.id,
      before: null,
      after: { name: 'Okta', issuer: trustedIssuer.issuer, subjectAttribute: 'EXTERNAL_ID', last4: token.last4 },
    });
    const text = JSON.stringify(entry) + JSON.stringify(await db.scimToken.findUnique({ where: { id: token.id } }));
    expect(text).not.toContain(secret.slice(5, 24));
  });

  it.each([
    [{ name: ' ' }, 'name: must not be empty'],
    [{ issuer: 'https://elsewhere.example.com' }, 'issuer: must be an issuer whose tokens are accepted here'],
  ])('refuses %j', async (given, message) => {
    const { organization, owner } = await aWorld();

    const input = { organizationId: organization.id, name: 'x', ...given };
    const { data } = await ask(CreateScimToken, { input }, { as: owner });

    expect(data?.createScimToken).toMatchObject({ code: 'VALIDATION_ERROR', message });
    expect(await db.scimToken.count({ where: { organizationId: organization.id } })).toBe(0);
  });

  it('makes no more than may be, and more once one is revoked', async () => {
    const world = await aWorld();
    const { id } = await aScimToken(service, world);
    await aScimToken(service, world);

    const input = { organizationId: world.organization.id, name: 'x' };
    const { data } = await ask(CreateScimToken, { input }, { as: world.owner });
    await revoke(world, id);

    expect(data?.createScimToken).toMatchObject({ code: 'VALIDATION_ERROR' });
    await expect(aScimToken(service, world)).resolves.toMatchObject({ name: 'Directory' });
  });
});

describe('revokeScimToken', () => {
  it('revokes for good, once, and takes it off the list', async () => {
    const world = await aWorld();
    const older = await aScimToken(service, world);
    const newer = await aScimToken(service, world);
    const before = await listed(world);

    const first = await revoke(world, older.id);
    const second = await revoke(world, older.id);

    expect(before).toEqual([newer.id, older.id]);
    expect(first).toMatchObject({ id: older.id, revokedAt: expect.stringMatching(/Z$/) });
    expect(second).toEqual(first);
    expect(await listed(world)).toEqual([newer.id]);
    const actions = await db.revision.findMany({ where: { organizationId: world.organization.id } });
    expect(actions.map(({ action }) => action)).toEqual([
      'SCIM_TOKEN_CREATED',
      'SCIM_TOKEN_CREATED',
      'SCIM_TOKEN_REVOKED',
    ]);
  });

  it('refuses the token of another organization as one that is not there', async () => {
    const world = await aWorld();
    const other = await aWorld();
    const { id } = await aScimToken(service, other);

    expect(await revoke(world, id)).toEqual(await revoke(world, 'sct_absent'));
    expect(await listed(other)).toEqual([id]);
  });
});

describe('a SCIM token', () => {
  it('is no token of the graph, nor of REST', async () => {
    const world = await aWorld();
    const { secret } = await aScimToken(service, world);

    const { errors } = await ask('{ caller { kind } }', {}, { token: secret });
    const rest = await service.fetch(
      new Request(`http://localhost/v1/organizations/${world.organization.id}`, {
        headers: { authorization: `Bearer ${secret}` },
      }),
    );

    expect(errors?.[0]?.extensions.code).toBe('AUTHENTICATION_REQUIRED');
    expect(rest.status).toBe(401);
  });
});
