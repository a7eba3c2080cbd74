import { describe, expect, it } from 'vitest';
import { anApiKey, aProviderKey } from '../kit/keys.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { ask, aWorld, db } = service;

/** Every change of a key by its id: how it is asked, of which key, and who may. */
const changes = {
  updateProviderKey: { input: { name: 'Renamed' }, of: 'providerKeyId', roles: ['owner', 'admin'] },
  rotateProviderKey: { input: { secret: 'sk-1234567890abcdef' }, of: 'providerKeyId', roles: ['owner', 'admin'] },
  deleteProviderKey: { input: { detach: true }, of: 'providerKeyId', roles: ['owner', 'admin'] },
  revokeApiKey: { input: {}, of: 'apiKeyId', roles: ['owner'] },
} as const;

async function aWorldWithKeys() {
  const world = await aWorld();
  const providerKey = await aProviderKey(service, world);
  const apiKey = await anApiKey(service, world, ['READ', 'SETTINGS_WRITE', 'KEYS_USE', 'USAGE_WRITE']);
  return { ...world, providerKeyId: providerKey.id, apiKeyId: apiKey.id, token: apiKey.token };
}

type Change = keyof typeof changes;
type Result = { __typename: string; code?: string; message?: string };

async function tryChange(name: Change, id: string, asking: { as?: { id: string }; token?: string }) {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${name}(input: $input) { __typename ... on ModelgateError { code message } } }`;
  const { data, errors } = await ask<Record<Change, Result>, { input: object }>(
    query,
    { input: { id, ...changes[name].input } },
    asking,
  );
  expect(errors).toBe(undefined);
  return data?.[name];
}

async function stateOf({ id: organizationId }: { id: string }) {
  const where = { organizationId };
  return JSON.stringify([
    await db.providerKey.findMany({ where, omit: { sealed: true } }),
    await db.apiKey.findMany({ where, omit: { hash: true } }),
    await db.revision.count({ where }),
  ]);
}

describe.each(Object.entries(changes))('%s', (change, { of, roles }) => {
  const name = change as Change;

  it(`is for ${roles.join(' and ')} alone, and for no service`, async () => {
    const world = await aWorldWithKeys();
    const before = await stateOf(world.organization);

    const refused = (['admin', 'member'] as const).filter((who) => !(roles as readonly string[]).includes(who));
    for (const asking of [...refused.map((who) => ({ as: world[who] })), { token: world.token }]) {
      expect(await tryChange(name, world[of], asking)).toMatchObject({
        __typename: 'ModelgateForbiddenError',
        code: 'INSUFFICIENT_PERMISSIONS',
      });
    }
    expect(await stateOf(world.organization)).toBe(before);
    expect(await tryChange(name, world[of], { as: world.owner })).not.toHaveProperty('code');
  });

  it('answers a foreign id, an absent one and one of another type alike, and changes nothing', async () => {
    const world = await aWorldWithKeys();
    const other = await aWorldWithKeys();
    const before = await stateOf(world.organization);

    const foreign = await tryChange(name, world[of], { as: world.stranger });

    expect(foreign).toEqual({ __typename: 'ModelgateNotFoundError', code: 'NOT_FOUND', message: 'No such object' });
    const prefix = world[of].slice(0, 4);
    const absent = [`${prefix}absent`, prefix, '', `${prefix}\u0000`, `${prefix}${'x'.repeat(150)}`, "x' OR 1=1 --"];
    const ofAnotherType = [
      world.organization.id,
      world.owner.id,
      of === 'apiKeyId' ? world.providerKeyId : world.apiKeyId,
    ];
    for (const id of [...absent, ...ofAnotherType, other[of]]) {
      for (const asking of [{ as: world.owner }, { as: world.stranger }, { token: world.token }]) {
        expect([id, await tryChange(name, id, asking)]).toEqual([id, foreign]);
      }
    }
    expect(await stateOf(world.organization)).toBe(before);
  });

  it('sends the anonymous to sign in, whether or not there is such a key', async () => {
    const world = await aWorldWithKeys();

    const present = await tryChange(name, world[of], {});

    expect(present).toMatchObject({ __typename: 'ModelgateUnauthenticatedError', code: 'AUTHENTICATION_REQUIRED' });
    expect(await tryChange(name, 'key_absent', {})).toEqual(present);
  });
});
