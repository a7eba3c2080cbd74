import { describe, expect, it } from 'vitest';
import { anApiKey, aProviderKey, DeleteProviderKey, RevokeApiKey, UpdateProviderKey } from '../kit/keys.ts';
import { AskAccess, UpdateSettings } from '../kit/operations.ts';
import { aPlatformKey } from '../kit/platform-keys.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

// What a gateway asks: for a decision, for the plaintext of a key; and what it reports.

const service = await startService();
const { ask, aWorld, db, heard } = service;
const call = restOf(service);

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const accessTo = ({ id }: { id: string }, query: string) => `/v1/organizations/${id}/model-access?${query}`;

const disable = ({ organization, owner }: World, ...disabledModels: string[]) =>
  ask(UpdateSettings, { input: { organizationId: organization.id, disabledModels } }, { as: owner });

describe('GET …/model-access', () => {
  it('answers the decision of the graph, with its reasons, and by whom for those who may know', async () => {
    const world = await aWorld();
    const { organization, owner, member } = world;
    await disable(world, 'gpt-4o-mini');
    const path = accessTo(organization, 'model=GPT-4o-Mini');

    const { status, body } = await call('GET', path, { as: owner });

    expect({ status, body }).toEqual({
      status: 200,
      body: {
        organization_id: organization.id,
        subject_id: null,
        allowed: false,
        reasons: ['MODEL_DISABLED'],
        primary_reason: 'MODEL_DISABLED',
        decided_by: [expect.stringMatching(/gpt-4o-mini/)],
        model: 'openai/gpt-4o-mini',
        retires_at: null,
        exception_id: null,
        support_contact: null,
        revision: 1,
        catalog_version: expect.any(Number),
        valid_until: null,
      },
    });
    expect((await call('GET', path, { as: member })).body).toMatchObject({ allowed: false, decided_by: null });
    const ofGraph = await ask(AskAccess, { organizationId: organization.id, modelKey: 'gpt-4o-mini' }, { as: owner });
    expect(body.reasons).toEqual(ofGraph.data?.modelAccess.reasons);
  });

  it('is another as soon as the policy is, also where it was cached', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['READ']);
    const isAllowed = async () => {
      const path = accessTo(world.organization, 'model=gpt-4o-mini');
      return (await call('GET', path, { headers: bearer(token) })).body.allowed;
    };
    expect(await isAllowed()).toBe(true);

    await disable(world, 'gpt-4o-mini');
    expect(await isAllowed()).toBe(false);
    await disable(world);
    expect(await isAllowed()).toBe(true);
  });

  it('tells one who is no member, and of a model that nobody knows', async () => {
    const { organization, owner, stranger, member } = await aWorld();

    const of = (query: string, as = owner) => call('GET', accessTo(organization, query), { as });

    expect((await of(`model=gpt-4o&subject_id=${stranger.id}`)).body).toMatchObject({
      subject_id: stranger.id,
      allowed: false,
      reasons: ['NOT_A_MEMBER'],
    });
    expect((await of(`model=gpt-4o&subject_id=${member.id}`)).body).toMatchObject({ allowed: true });
    expect((await of('model=nonsense')).body).toMatchObject({
      allowed: false,
      model: null,
      reasons: ['UNKNOWN_MODEL'],
    });
    expect((await of(`model=gpt-4o&subject_id=${owner.id}`, member)).status).toBe(403);
  });

  it.each([
    '',
    'model=',
    'model=a&model=b',
    'model=a&subject=b',
    'model=a&subject_id=nonsense',
    `model=${'x'.repeat(3000)}`,
  ])('refuses the query "%.40s", or knows no such model', async (query) => {
    const { organization, owner } = await aWorld();

    const { status, body } = await call('GET', accessTo(organization, query), { as: owner });

    if (status === 200) expect(body).toMatchObject({ allowed: false, reasons: ['UNKNOWN_MODEL'] });
    else expect({ status, code: body.error.code }).toEqual({ status: 422, code: 'VALIDATION_ERROR' });
  });
});

describe('POST …/usage', () => {
  const path = ({ organization }: World) => `/v1/organizations/${organization.id}/usage`;
  const record = { id: 'a', modelKey: 'gpt-4o', promptTokens: 10, completionTokens: 5 };

  it('records what is well said, tells what is not, and counts each record once', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['USAGE_WRITE']);
    const records = [
      { ...record, usedAt: '2026-11-22T11:00:00+01:00', userId: 'usr_x' },
      { ...record, id: 'b', modelKey: 'nonsense' },
      { ...record, id: 'c', modelKey: null, modelConfigId: null },
      { ...record, id: 'd', promptTokens: -1 },
      record,
    ];

    const send = () => call('POST', path(world), { headers: bearer(token), body: { records } });

    const { status, body } = await send();
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        recorded: 1,
        duplicates: 1,
        rejected: [
          { index: 1, id: 'b' },
          { index: 2, id: 'c' },
          { index: 3, id: 'd' },
        ],
      },
    });
    expect(body.rejected[0].issues).toEqual([{ path: 'modelKey', message: expect.any(String) }]);
    expect((await send()).body).toMatchObject({ recorded: 0, duplicates: 2 });
    const rows = await db.usageRecord.findMany({ where: { organizationId: world.organization.id } });
    expect(rows).toMatchObject([
      { id: 'a', modelId: 'gpt-4o', promptTokens: 10n, at: new Date('2026-11-22T10:00:00Z') },
    ]);
  });

  it.each<[string, unknown]>([
    ['no batch', [record]],
    ['no records', {}],
    ['a field beside', { records: [], organizationId: 'org_x' }],
    ['a field of a record beside', { records: [record, { ...record, cost: 1 }] }],
    ['tokens that are no number', { records: [{ ...record, promptTokens: '10' }] }],
    ['tokens with a fraction', { records: [{ ...record, promptTokens: 0.5 }] }],
    ['more tokens than there are', { records: [{ ...record, promptTokens: 2 ** 31 }] }],
    ['a time that is none', { records: [{ ...record, usedAt: 'yesterday' }] }],
    ['a time before there were years', { records: [{ ...record, usedAt: '0000-01-01T00:00:00+23:59' }] }],
    ['a time after the last year', { records: [{ ...record, usedAt: '9999-12-31T23:59:59-23:59' }] }],
    ['too many records', { records: Array.from({ length: 1001 }, (_, n) => ({ ...record, id: `r${n}` })) }],
    ['many more', { records: Array.from({ length: 2500 }, (_, n) => ({ ...record, id: `r${n}` })) }],
  ])('refuses %s as a whole, and records nothing', async (_what, body) => {
    const world = await aWorld();

    const { status, body: told } = await call('POST', path(world), { as: world.owner, body });

    expect({ status, code: told.error.code }).toEqual({ status: 422, code: 'VALIDATION_ERROR' });
    expect(told.error.message).not.toContain('$');
    expect(await db.usageRecord.count({ where: { organizationId: world.organization.id } })).toBe(0);
  });

  it('tells a key which scope it lacks, before it says anything of the body', async () => {
    const world = await aWorld();
    const [apiKey, platformKey] = [await anApiKey(service, world, ['READ']), await aPlatformKey(db, ['read'])];
    const refusalOf = async (token: string, body: unknown) => {
      const { status, body: told } = await call('POST', path(world), { headers: bearer(token), body });
      return { status, message: told.error.message, system: told.error.system_message };
    };

    for (const body of [{ records: [record] }, { records: 'nonsense' }]) {
      expect([await refusalOf(apiKey.token, body), await refusalOf(platformKey.token, body)]).toEqual([
        { status: 403, message: 'This API key lacks the scope USAGE_WRITE', system: 'Insufficient permissions' },
        { status: 403, message: 'This platform key lacks the scope usage:write', system: 'Insufficient permissions' },
      ]);
    }
  });

  it('by a platform key is of the organization of the path alone', async () => {
    const world = await aWorld();
    const { token } = await aPlatformKey(db, ['usage:write']);
    const headers = { ...bearer(token), 'x-organization-id': world.foreignOrganization.id };

    expect(await call('POST', path(world), { headers, body: { records: [record] } })).toMatchObject({
      status: 200,
      body: { recorded: 1 },
    });

    expect(
      await db.usageRecord.findMany({
        where: { id: 'a', modelId: 'gpt-4o', organizationId: world.foreignOrganization.id },
      }),
    ).toEqual([]);
    expect(await db.usageRecord.count({ where: { organizationId: world.organization.id } })).toBe(1);
  });
});

describe('POST /v1/provider-keys/{id}/secret', () => {
  async function aGateway() {
    const world = await aWorld();
    const key = await aProviderKey(service, world);
    const { id, token } = await anApiKey(service, world, ['KEYS_USE']);
    const read = (headers: Record<string, string> = {}) =>
      call('POST', `/v1/provider-keys/${key.id}/secret`, { headers: { ...bearer(token), ...headers } });
    const uses = () => db.providerKeyUse.findMany({ where: { organizationId: world.organization.id } });
    return { world, key, apiKeyId: id, read, uses };
  }

  it('answers the plaintext to nobody but the caller, and records each use', async () => {
    const { key, apiKeyId, read, uses } = await aGateway();

    const { status, headers, body } = await read();

    expect({ status, body }).toEqual({ status: 200, body: { secret: key.secret, provider: 'openai' } });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('etag')).toBe(null);
    expect(await uses()).toMatchObject([{ providerKeyId: key.id, apiKeyId }]);
    expect(JSON.stringify(service.logLines())).not.toContain(key.secret);
  });

  it('stores no answer for an Idempotency-Key: what is deleted is not told again', async () => {
    const { world, key, read, uses } = await aGateway();
    const once = { 'idempotency-key': 'once' };
    expect((await read(once)).status).toBe(200);
    expect((await read(once)).headers.get('idempotency-replayed')).toBe(null);
    expect(await uses()).toHaveLength(2);
    expect(await db.idempotentAnswer.count({ where: { key: 'once' } })).toBe(0);

    await ask(UpdateProviderKey, { input: { id: key.id, isActive: false } }, { as: world.admin });
    expect(await read(once)).toMatchObject({ status: 400, body: { details: [{ code: 'INVALID_PROVIDER_KEY' }] } });
    await ask(DeleteProviderKey, { input: { id: key.id } }, { as: world.admin });
    expect((await read(once)).status).toBe(404);
  });

  it('is not answered to GET', async () => {
    const { key, world } = await aGateway();
    const { token } = await anApiKey(service, world, ['KEYS_USE']);

    const answer = await call('GET', `/v1/provider-keys/${key.id}/secret`, { headers: bearer(token) });

    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('POST');
  });

  it('by a platform key is of the organization that it names', async () => {
    const { key, world, uses } = await aGateway();
    const { id, token } = await aPlatformKey(db, ['keys:use']);
    const read = (organizationId?: string) =>
      call('POST', `/v1/provider-keys/${key.id}/secret`, {
        headers: { ...bearer(token), ...(organizationId ? { 'x-organization-id': organizationId } : {}) },
      });
    await heard();

    expect((await read(world.organization.id)).body).toEqual({ secret: key.secret, provider: 'openai' });
    expect(await uses()).toMatchObject([{ apiKeyId: id }]);
    const foreign = await read(world.foreignOrganization.id);
    expect(foreign.status).toBe(404);
    expect((await read('org_absent')).body).toEqual(foreign.body);
    expect(await read()).toMatchObject({ status: 403, body: { error: expect.stringContaining('X-Organization-Id') } });
    expect(await uses()).toHaveLength(1);
  });
});

it('the refusal of a key says what is wrong with it', async () => {
  const world = await aWorld();
  const revoked = await anApiKey(service, world, ['READ']);
  await ask(RevokeApiKey, { input: { id: revoked.id } }, { as: world.owner });
  const expired = await aPlatformKey(db, ['read'], new Date('2026-11-21T12:00:00Z'));
  const said = async (token: string) => {
    const { status, body } = await call('GET', accessTo(world.organization, 'model=gpt-4o'), {
      headers: bearer(token),
    });
    return [status, body.error.code, body.error.message, body.error.system_message];
  };
  const refused = (message: string) => [401, 'AUTHENTICATION_REQUIRED', message, message];

  expect(await said(revoked.token)).toEqual(refused('Your API key has been deactivated'));
  expect(await said(`${revoked.token}x`)).toEqual(refused('Your API key is invalid'));
  expect(await said(expired.token)).toEqual(refused('Your platform key has expired'));
  expect(await said('nonsense')).toEqual(refused('Your session is invalid'));
});

it('the list of organizations has the one that a platform key acts in', async () => {
  const { organization } = await aWorld();
  const { token } = await aPlatformKey(db, ['read']);
  const list = (headers: Record<string, string> = {}) =>
    call('GET', '/v1/organizations', { headers: { ...bearer(token), ...headers } });

  expect((await list({ 'x-organization-id': organization.id })).body).toMatchObject([{ id: organization.id }]);
  expect((await list({ 'x-organization-id': 'org_absent' })).body).toEqual([]);
  expect((await list()).status).toBe(403);
});
