import { generateKeyPairSync, verify } from 'node:crypto';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { parseSigningKey } from '../../src/domain/checkpoints/signing-key.ts';
import { GrantException } from '../kit/exceptions.ts';
import { anApiKey } from '../kit/keys.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { startService, today } from '../kit/service.ts';
import { teamChangesOf } from '../kit/teams.ts';
import type { World } from '../kit/world.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signingKey = parseSigningKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const service = await startService({ signingKey });
const { aWorld, ask, anotherInstance } = service;
const call = restOf(service);
const teams = teamChangesOf(service);
const { version } = readCatalog();

const pathOf = ({ organization }: Pick<World, 'organization'>, subjects?: string) =>
  `/v1/organizations/${organization.id}/snapshot${subjects === undefined ? '' : `?subjects=${subjects}`}`;

const disable = ({ organization, admin }: World, ...disabledModels: string[]) =>
  ask(UpdateSettings, { input: { organizationId: organization.id, disabledModels } }, { as: admin });

describe('GET /v1/organizations/{organization_id}/snapshot', () => {
  it('has the policy, the exceptions that stand, and the names of their teams', async () => {
    const world = await aWorld();
    const { organization, owner, member } = world;
    await disable(world, 'gpt-4o');
    const { id: teamId } = await teams.created(world, { name: 'Research' });
    const exception = { organizationId: organization.id, models: ['gpt-4o'], reason: 'A trial' };
    for (const [subjectId, days] of [
      [teamId, 80],
      [member.id, 30],
    ] as const) {
      const until = new Date(today.getTime() + days * 86_400_000).toISOString();
      await ask(GrantException, { input: { ...exception, subjectId, until } }, { as: owner });
    }

    const { status, headers, body } = await call('GET', pathOf(world), { as: world.admin });
    const later = await restOf(anotherInstance({ clock: () => new Date(today.getTime() + 40 * 86_400_000) }))(
      'GET',
      pathOf(world),
      { as: world.admin },
    );

    expect(status).toBe(200);
    expect(headers.get('etag')).toMatch(new RegExp(`^"4\\.${version}\\.[\\w-]{22}"$`));
    expect(body).toEqual({
      organizationId: organization.id,
      revision: 4,
      catalogVersion: version,
      catalogHash: expect.stringMatching(/^[\w-]{43}$/),
      policy: { disabledModels: ['gpt-4o'] },
      exceptions: expect.arrayContaining([
        expect.objectContaining({ subjectId: teamId, models: ['gpt-4o'] }),
        expect.objectContaining({ subjectId: member.id, until: '2026-12-22T12:00:00.000Z' }),
      ]),
      teams: { [teamId]: 'Research' },
      subjects: {},
    });
    expect(later.body.exceptions).toMatchObject([{ subjectId: teamId }]);
  });

  it('tells of the subjects that are asked for, and its entity tag changes with their teams', async () => {
    const world = await aWorld();
    const { admin, member } = world;
    const path = pathOf(world, `${member.id},usr_absent,role_admin`);
    const { headers } = await call('GET', path, { as: admin });
    const { id: teamId } = await teams.created(world);
    await teams.setMembers(world, { teamId, userIds: [member.id] });

    const after = await call('GET', path, { as: admin, headers: { 'if-none-match': headers.get('etag') ?? '' } });

    expect(after.status).toBe(200);
    expect(after.body.subjects).toEqual({
      [member.id]: { id: member.id, role: 'MEMBER', teams: [teamId], isMember: true },
      usr_absent: { id: 'usr_absent', role: null, teams: [], isMember: false },
      role_admin: { id: null, role: 'ADMIN', teams: [], isMember: true },
    });
  });

  it('is not sent again to a client that has it', async () => {
    const world = await aWorld();
    const { headers } = await call('GET', pathOf(world), { as: world.admin });
    const known = { 'if-none-match': `W/${headers.get('etag')}` };

    const unchanged = await call('GET', pathOf(world), { as: world.admin, headers: known });
    await disable(world, 'gpt-4o');
    const changed = await call('GET', pathOf(world), { as: world.admin, headers: known });

    expect([unchanged.status, unchanged.body]).toEqual([304, undefined]);
    expect(changed.status).toBe(200);
  });

  it('is signed over its bytes by the key of the JWKS', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ']);
    const headers = { authorization: `Bearer ${token}` };
    const response = await service.fetch(new Request(`http://localhost${pathOf(world)}`, { headers }));
    const bytes = Buffer.from(await response.arrayBuffer());

    const { keyid, alg, sig = '' } = signatureOf(response.headers);
    const { body: jwks } = await call('GET', '/.well-known/jwks.json');

    expect(jwks.keys).toEqual([expect.objectContaining({ kid: keyid, alg: 'EdDSA', crv: 'Ed25519', use: 'sig' })]);
    expect(JSON.stringify(jwks)).not.toContain('"d"');
    expect(alg).toBe('EdDSA');
    expect(verify(null, bytes, publicKey, Buffer.from(sig, 'base64url'))).toBe(true);
  });

  it('is signed by a key of P-256 too, and not at all without a key', async () => {
    const world = await aWorld();
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = parseSigningKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    const path = pathOf(world);

    const signed = await restOf(anotherInstance({ signingKey: key }))('GET', path, { as: world.admin });
    const plain = restOf(anotherInstance({ signingKey: undefined }));
    const unsigned = await plain('GET', path, { as: world.admin });

    const { alg, sig = '' } = signatureOf(signed.headers);
    const given = { key: pair.publicKey, dsaEncoding: 'ieee-p1363' } as const;
    expect(alg).toBe('ES256');
    expect(verify('sha256', Buffer.from(JSON.stringify(signed.body)), given, Buffer.from(sig, 'base64url'))).toBe(true);
    expect(unsigned.headers.has('modelgate-signature')).toBe(false);
    expect((await plain('GET', '/.well-known/jwks.json')).status).toBe(404);
  });

  it.each(['x', 'usr_a,', 'mdl_openai/gpt-4o', Array.from({ length: 101 }, (_, n) => `usr_${n}`).join()])(
    'is refused for what names no subjects, or too many: %.30s',
    async (subjects) => {
      const world = await aWorld();

      const answer = await call('GET', pathOf(world, subjects), { as: world.admin });

      expect(answer).toMatchObject({
        status: 422,
        body: { error: { code: 'VALIDATION_ERROR', details: { issues: [{ path: 'subjects' }] } } },
      });
    },
  );
});

describe('GET /catalog/{version}', () => {
  it('is the catalog whose hash the snapshot has, for anybody, for ever', async () => {
    const world = await aWorld();
    const { body: snapshot } = await call('GET', pathOf(world), { as: world.admin });

    const { status, headers, body } = await call('GET', `/catalog/${version}`);

    const hash = await crypto.subtle.digest('SHA-256', Buffer.from(JSON.stringify(body)));
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(Buffer.from(hash).toString('base64url')).toBe(snapshot.catalogHash);
    expect(body.models).toHaveLength(readCatalog().models.length);
    expect(body.models[0]).not.toHaveProperty('disabledBy');
  });

  it.each([
    ['br, gzip', 'br', brotliDecompressSync],
    ['gzip;q=1.0, br;q=0', 'gzip', gunzipSync],
  ] as const)('is compressed for a client that accepts %s', async (accepted, encoding, open) => {
    const plain = await call('GET', `/catalog/${version}`);
    const request = new Request(`http://localhost/catalog/${version}`, { headers: { 'accept-encoding': accepted } });

    const response = await service.fetch(request);

    expect(response.headers.get('content-encoding')).toBe(encoding);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(JSON.parse(open(bytes).toString())).toEqual(plain.body);
  });

  it('is not there in another version, and only read', async () => {
    const other = await call('GET', `/catalog/${version + 1}`);
    const write = await call('POST', `/catalog/${version}`);

    expect(other).toMatchObject({
      status: 404,
      body: {
        success: false,
        error: { code: 'NOT_FOUND', status: 404, details: {}, message: expect.stringContaining(`/catalog/${version}`) },
      },
    });
    expect(write).toMatchObject({ status: 405, body: { error: { code: 'VALIDATION_ERROR', status: 405 } } });
    expect(write.headers.get('allow')).toBe('GET, HEAD');
  });

  it.each(['nonsense', `0${version}`, `${version}.0`, '%20'])('is not there as %s', async (name) => {
    expect(await call('GET', `/catalog/${name}`)).toMatchObject({ status: 404, body: { success: false } });
  });
});

function signatureOf(headers: Headers): Record<string, string> {
  const parts = [...(headers.get('modelgate-signature') ?? '').matchAll(/(\w+)="([^"]*)"/g)];
  return Object.fromEntries(parts.map(([, name = '', value = '']) => [name, value]));
}
