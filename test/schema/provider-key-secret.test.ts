import { describe, expect, it } from 'vitest';
import { anApiKey, aProviderKey, ReadProviderKeySecret, RotateProviderKey, UpdateProviderKey } from '../kit/keys.ts';
import { startService, testVault } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db, fetch, logLines } = service;

/** A world with a provider key, and a service that may be given it. */
async function aGateway() {
  const world = await aWorld();
  const key = await aProviderKey(service, world);
  const { token, id: apiKeyId } = await anApiKey(service, world, ['KEYS_USE', 'READ']);
  return { ...world, key, token, apiKeyId };
}

const askSecret = (id: string, asking: { as?: { id: string }; token?: string }) =>
  ask(ReadProviderKeySecret, { id }, asking);

async function refusalOf(id: string, asking: { as?: { id: string }; token?: string }) {
  const { data, errors } = await askSecret(id, asking);
  expect(data).toBe(null);
  const [error] = errors ?? [];
  const { code, details } = error?.extensions ?? {};
  return { message: error?.message, path: error?.path, code, details };
}

const usesOf = ({ organization }: Pick<World, 'organization'>) =>
  db.providerKeyUse.findMany({ where: { organizationId: organization.id }, orderBy: { id: 'asc' } });

describe('providerKeySecret', () => {
  it('tells a service the plaintext, after its use is in the log', async () => {
    const { organization, key, token, apiKeyId } = await aGateway();

    const { data, headers } = await askSecret(key.id, { token });

    const uses = await usesOf({ organization });
    expect(uses).toMatchObject([{ providerKeyId: key.id, apiKeyId }]);
    expect(data?.providerKeySecret).toEqual({
      secret: key.secret,
      provider: 'openai',
      providerKey: { id: key.id, lastUsedAt: uses[0]?.at.toISOString() },
    });
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('tells the new value after a rotation, and keeps a log entry of each of many uses at once', async () => {
    const { organization, admin, key, token } = await aGateway();
    const secret = 'sk-another-1234567890';
    await ask(RotateProviderKey, { input: { id: key.id, secret } }, { as: admin });

    const answers = await Promise.all(Array.from({ length: 20 }, () => askSecret(key.id, { token })));

    expect(answers.map(({ data }) => data?.providerKeySecret.secret)).toEqual(Array(20).fill(secret));
    expect(await usesOf({ organization })).toHaveLength(20);
    expect(await db.revision.count({ where: { organizationId: organization.id } })).toBe(3);
  });

  it('is for services with the scope alone: no user is told, whatever the role', async () => {
    const world = await aGateway();
    const { token } = await anApiKey(service, world, ['READ', 'SETTINGS_WRITE', 'USAGE_WRITE']);

    for (const who of ['owner', 'admin', 'member'] as const) {
      expect(await refusalOf(world.key.id, { as: world[who] })).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
    }
    expect(await refusalOf(world.key.id, { token })).toMatchObject({
      code: 'INSUFFICIENT_PERMISSIONS',
      message: 'This API key lacks the scope KEYS_USE',
    });
    expect(await refusalOf(world.key.id, {})).toMatchObject({ code: 'AUTHENTICATION_REQUIRED' });
    expect(await usesOf(world)).toEqual([]);
  });

  it("answers another organization's key as one that does not exist", async () => {
    const { key, stranger } = await aGateway();
    const other = await aGateway();

    for (const asking of [{ token: other.token }, { as: stranger }]) {
      const foreign = await refusalOf(key.id, asking);
      expect(foreign).toMatchObject({ code: 'NOT_FOUND' });
      for (const id of ['key_absent', other.organization.id, other.apiKeyId, '', 'key_\u0000', 'x'.repeat(200)]) {
        expect(await refusalOf(id, asking)).toEqual(foreign);
      }
    }
  });

  it('tells nothing of a key that is switched off', async () => {
    const { organization, admin, key, token } = await aGateway();
    await ask(UpdateProviderKey, { input: { id: key.id, isActive: false } }, { as: admin });

    expect(await refusalOf(key.id, { token })).toMatchObject({
      code: 'INVALID_PROVIDER_KEY',
      message: `The provider key "${key.id}" is not active`,
    });
    expect(await usesOf({ organization })).toEqual([]);
  });

  it('tells what may be told of the key only to a service that may read', async () => {
    const world = await aGateway();
    const { token } = await anApiKey(service, world, ['KEYS_USE']);

    const { data, errors } = await askSecret(world.key.id, { token });

    expect(data?.providerKeySecret).toEqual({ secret: world.key.secret, provider: 'openai', providerKey: null });
    expect(errors).toMatchObject([{ path: ['providerKeySecret', 'providerKey'] }]);
  });

  it('is not answered to GET', async () => {
    const { organization, key, token } = await aGateway();
    const url = new URL('http://localhost/graphql');
    url.searchParams.set('query', `{ providerKeySecret(id: "${key.id}") { secret } }`);

    const response = await fetch(new Request(url, { headers: { authorization: `Bearer ${token}` } }));

    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ data: null, errors: [{ extensions: { code: 'VALIDATION_ERROR' } }] });
    expect(text).not.toContain(key.secret);
    expect(await usesOf({ organization })).toEqual([]);
  });
});

describe('a sealed value', () => {
  it('does not open in another row, organization or provider, and the error names the row alone', async () => {
    const { organization, key, token, ...world } = await aGateway();
    const other = await aGateway();
    const google = await aProviderKey(service, { organization, ...world }, { provider: 'google' });
    const sibling = await aProviderKey(service, { organization, ...world });
    const { sealed, masterKeyId } = await db.providerKey.findUniqueOrThrow({ where: { id: key.id } });

    for (const [id, bearer] of [
      [sibling.id, token],
      [google.id, token],
      [other.key.id, other.token],
    ] as const) {
      await db.providerKey.update({ where: { id }, data: { sealed, masterKeyId } });
      expect(await refusalOf(id, { token: bearer })).toMatchObject({
        code: 'INVALID_PROVIDER_KEY',
        message: `The provider key "${id}" does not open: what is stored is not its own`,
        details: {},
      });
    }
    await db.providerKey.update({ where: { id: key.id }, data: { provider: 'mistral' } });
    expect(await refusalOf(key.id, { token })).toMatchObject({ code: 'INVALID_PROVIDER_KEY' });
    expect(await usesOf({ organization })).toEqual([]);
    expect(await db.providerKey.findUnique({ where: { id: key.id } })).toMatchObject({ lastUsedAt: null });
    expect(JSON.stringify(logLines())).not.toContain(key.secret);
  });

  it('opens no more when a bit of it is flipped, or it was sealed by a key that is not there', async () => {
    const { organization, key, token } = await aGateway();
    const { sealed } = await db.providerKey.findUniqueOrThrow({ where: { id: key.id } });
    for (const index of [0, 11, 12, sealed.length - 16, sealed.length - 1]) {
      const flipped = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ 1 : byte));
      await db.providerKey.update({ where: { id: key.id }, data: { sealed: flipped } });
      expect(await refusalOf(key.id, { token })).toMatchObject({ code: 'INVALID_PROVIDER_KEY' });
    }

    await db.providerKey.update({ where: { id: key.id }, data: { sealed, masterKeyId: 'lost' } });
    expect(await refusalOf(key.id, { token })).toMatchObject({
      message: `The provider key "${key.id}" was sealed by an unknown master key`,
    });
    await db.providerKey.update({ where: { id: key.id }, data: { masterKeyId: testVault.masterKeyId } });
    expect((await askSecret(key.id, { token })).data?.providerKeySecret.secret).toBe(key.secret);
    expect(await usesOf({ organization })).toHaveLength(1);
  });
});
