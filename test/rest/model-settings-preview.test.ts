import { describe, expect, it } from 'vitest';
import { CreateConfig } from '../kit/config-operations.ts';
import { anApiKey } from '../kit/keys.ts';
import { faultsOf, type OpenApi, operationsOf } from '../kit/openapi.ts';
import { restOf } from '../kit/rest.ts';
import { startService, today } from '../kit/service.ts';
import { aReport, record } from '../kit/usage.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db } = service;
const call = restOf(service);
const small = await startService({ limits: { pageSize: 2 } });

const pathOf = ({ organization }: World, query = '') => `/v1/organizations/${organization.id}/model-settings${query}`;
/** A header as Node has it: the bytes of its UTF-8, each as a character. */
const inUtf8 = (text: string) => Buffer.from(text).toString('latin1');

const written = async ({ organization }: World) => ({
  revisions: await db.revision.count({ where: { organizationId: organization.id } }),
  settings: await db.modelSettings.count({ where: { organizationId: organization.id } }),
});
const nothing = { revisions: 0, settings: 0 };

describe('PATCH model-settings?dry_run=true', () => {
  it('tells what the change would mean, and changes nothing', async () => {
    const world = await aWorld();
    const { organization, admin, member } = world;
    const input = { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4o' };
    const shared = await ask(CreateConfig, { input: { ...input, scope: 'ORGANIZATION' } }, { as: admin });
    await ask(CreateConfig, { input: { ...input, scope: 'USER' } }, { as: member });
    await record({ ask }, organization, admin, [
      aReport({ modelKey: 'openai/gpt-4o', usedAt: today.toISOString(), userId: 'someone' }),
    ]);
    const before = await written(world);

    const { status, headers, body } = await call('PATCH', pathOf(world, '?dry_run=true'), {
      as: admin,
      body: { disabledModels: ['gpt-4o'], defaultModelKey: 'gpt-4.1' },
    });

    const config = shared.data?.createModelConfig;
    expect({ status, etag: headers.get('etag') }).toEqual({ status: 200, etag: '"2"' });
    expect(body).toEqual({
      dry_run: true,
      revision: 2,
      changes: [
        { field: 'default_model_key', added: ['gpt-4.1'], removed: [] },
        { field: 'disabled_models', added: ['gpt-4o'], removed: [] },
      ],
      impact: {
        newly_blocked: [
          { model: 'openai/gpt-4o', before: [], after: ['MODEL_DISABLED'], recent_uses: 1, recent_users: 1 },
          expect.objectContaining({ model: 'openai/gpt-4o-2024-08-06', recent_uses: 0, recent_users: 0 }),
          expect.objectContaining({ model: 'openai/gpt-4o-2024-11-20' }),
        ],
        newly_blocked_count: 3,
        newly_allowed: [],
        newly_allowed_count: 0,
        model_configs: [config?.__typename === 'ModelConfig' ? config.id : expect.fail()],
        model_config_count: 1,
        hidden_model_config_count: 1,
        defaults: [{ from: null, to: 'openai/gpt-4.1', members: 3 }],
        members_left_without_model: 0,
        recent_uses: 1,
        recent_cost: expect.any(Number),
      },
      document: { disabledModels: ['gpt-4o'], defaultModelKey: 'gpt-4.1' },
    });
    expect(await written(world)).toEqual(before);
  });

  it('is answered as the OpenAPI document says', async () => {
    const world = await aWorld();
    const document: OpenApi = (await call('GET', '/v1/openapi.json')).body;
    const operation = operationsOf(document).find(({ operationId }) => operationId === 'updateModelSettings');
    const body = { disabledProviders: ['openai'], defaultModelKey: 'claude-sonnet-4-6' };

    const tried = await call('PATCH', pathOf(world, '?dry_run=true'), { as: world.admin, body });

    const described = operation?.parameters.map(({ name, in: place }) => `${place} ${name}`);
    expect(described).toEqual(expect.arrayContaining(['query dry_run', 'header X-Change-Reason']));
    expect(faultsOf(document, operation ?? expect.fail(), tried)).toEqual([]);
    expect(faultsOf(document, operation ?? expect.fail(), { ...tried, body: { ...tried.body, more: 1 } })).toHaveLength(
      1,
    );
  });

  it('names the revision that the change can insist on', async () => {
    const world = await aWorld();
    const body = { disabledModels: ['gpt-4o'] };

    const tried = await call('PATCH', pathOf(world, '?dry_run=true'), { as: world.admin, body });
    const headers = { 'if-match': tried.headers.get('etag') ?? '' };
    const made = await call('PATCH', pathOf(world, '?dry_run=false'), { as: world.admin, body, headers });
    const stale = await call('PATCH', pathOf(world, '?dry_run=true'), { as: world.admin, body, headers });
    const unknown = { 'if-none-match': '"7"' };
    const other = await call('PATCH', pathOf(world, '?dry_run=true'), { as: world.admin, body, headers: unknown });

    expect(made).toMatchObject({ status: 200, body: { disabled_models: ['gpt-4o'] } });
    expect(stale).toMatchObject({ status: 412, body: { error: { code: 'REVISION_CONFLICT' } } });
    expect(other).toMatchObject({ status: 200, body: { revision: 1, changes: [] } });
  });

  it.each([
    [{ disabledProviders: ['nobody'] }],
    [{ defaultModelKey: 'gpt-99' }],
    [{ defaultModelKey: 'gpt-4o', disabledProviders: ['openai'] }],
    [{ disabled_models: [''] }],
    [{ nonsense: 1 }],
    ['{'],
  ])('refuses what the change refuses, alike: %j', async (body) => {
    const world = await aWorld();

    const tried = await call('PATCH', pathOf(world, '?dry_run=true'), { as: world.admin, body });
    const made = await call('PATCH', pathOf(world), { as: world.admin, body });

    const { trace_id: _one, timestamp: _then, ...error } = tried.body.error;
    expect(tried.status).toBeGreaterThanOrEqual(400);
    expect(made).toMatchObject({ status: tried.status, body: { error } });
  });

  it('has the permissions of the change, before anything is said of the request', async () => {
    const world = await aWorld();
    for (const query of ['?dry_run=true', '?dry_run=maybe', '?dryRun=true']) {
      const member = await call('PATCH', pathOf(world, query), { as: world.member, body: {} });
      const stranger = await call('PATCH', pathOf(world, query), { as: world.stranger, body: {} });
      const nobody = await call('PATCH', pathOf(world, query), { body: {} });

      expect(member).toMatchObject({ status: 403, body: { error: { code: 'INSUFFICIENT_PERMISSIONS' } } });
      expect(stranger).toMatchObject({ status: 403, body: { error: { code: 'ORGANIZATION_ACCESS_DENIED' } } });
      expect(nobody).toMatchObject({ status: 401 });
    }
  });

  it('is for an API key that may write the settings, and shows it no configurations', async () => {
    const world = await aWorld();
    const input = { organizationId: world.organization.id, provider: 'openai', modelId: 'gpt-4o' };
    await ask(CreateConfig, { input: { ...input, scope: 'ORGANIZATION' } }, { as: world.admin });
    const { token } = await anApiKey(service, world, ['SETTINGS_WRITE']);

    const { status, body } = await call('PATCH', pathOf(world, '?dry_run=true'), {
      headers: { authorization: `Bearer ${token}` },
      body: { disabledModels: ['gpt-4o'] },
    });

    expect(status).toBe(200);
    expect(body.impact).toMatchObject({ newly_blocked_count: 3, model_configs: [], hidden_model_config_count: 1 });
  });

  it.each([
    ['?dry_run=maybe', 'dry_run'],
    ['?dry_run=', 'dry_run'],
    ['?dry_run', 'dry_run'],
    ['?dry_run=TRUE', 'dry_run'],
    ['?dry_run=true&dry_run=true', 'dry_run'],
    ['?dry_run=false&dry_run=true', 'dry_run'],
    ['?dryRun=true', 'dryRun'],
    ['?dry-run=true', 'dry-run'],
  ])('refuses %s, and does not take it for the change', async (query, path) => {
    const world = await aWorld();

    const refused = await call('PATCH', pathOf(world, query), {
      as: world.admin,
      body: { disabledModels: ['gpt-4o'] },
    });

    expect(refused).toMatchObject({ status: 422, body: { error: { code: 'VALIDATION_ERROR' } } });
    expect(refused.body.error.details.issues).toMatchObject([{ path }]);
    expect(await written(world)).toEqual(nothing);
  });

  it('has as many models as a page has, and counts all', async () => {
    const world = await small.aWorld();

    const { body } = await restOf(small)('PATCH', pathOf(world, '?dry_run=true'), {
      as: world.admin,
      body: { disabledProviders: ['openai'] },
    });

    expect(body.impact.newly_blocked).toHaveLength(2);
    expect(body.impact.newly_blocked_count).toBeGreaterThan(2);
  });
});

describe('a dry run with an Idempotency-Key', () => {
  it('is told anew each time, keeps nothing, and does not take the place of the change with its key', async () => {
    const world = await aWorld();
    const send = (query: string, disabledModels: string[]) =>
      call('PATCH', pathOf(world, query), {
        as: world.admin,
        headers: { 'idempotency-key': 'one' },
        body: { disabledModels },
      });
    const kept = () => db.idempotentAnswer.count({ where: { callerId: world.admin.id } });

    await send('?dry_run=true', ['gpt-4o']);
    const refused = await send('?dry_run=true', ['']);
    await call('PATCH', pathOf(world), { as: world.admin, body: { disabledProviders: ['google'] } });
    const again = await send('?dry_run=true', ['gpt-4o']);
    expect(await kept()).toBe(0);
    const made = await send('', ['gpt-4o']);
    const replayed = await send('', ['gpt-4o']);
    const reused = await send('?dry_run=true', ['gpt-4o']);

    expect(refused.status).toBe(422);
    expect(again).toMatchObject({ status: 200, body: { dry_run: true, revision: 1 } });
    expect(again.headers.get('idempotency-replayed')).toBe(null);
    expect(made).toMatchObject({ status: 200, body: { disabled_models: ['gpt-4o'], disabled_providers: ['google'] } });
    expect(made.headers.get('idempotency-replayed')).toBe(null);
    expect(replayed.headers.get('idempotency-replayed')).toBe('true');
    expect(reused).toMatchObject({ status: 422, body: { error: { code: 'IDEMPOTENCY_KEY_REUSED' } } });
    expect(await written(world)).toEqual({ revisions: 2, settings: 1 });
    expect(await kept()).toBe(1);
  });

  it('compares the reason too', async () => {
    const world = await aWorld();
    const send = (reason: string) =>
      call('PATCH', pathOf(world), {
        as: world.admin,
        headers: { 'idempotency-key': 'why', 'x-change-reason': reason },
        body: { disabledModels: ['gpt-4o'] },
      });

    await send('One');

    expect(await send('Other')).toMatchObject({ status: 422, body: { error: { code: 'IDEMPOTENCY_KEY_REUSED' } } });
    expect((await send('One')).headers.get('idempotency-replayed')).toBe('true');
  });
});

describe('X-Change-Reason', () => {
  const reasonOf = async ({ organization }: World) =>
    (await db.revision.findFirst({ where: { organizationId: organization.id }, orderBy: { number: 'desc' } }))?.reason;

  it.each([
    ['is kept with the revision', 'Requested by legal', 'Requested by legal'],
    ['is text in UTF-8', 'Geprüft – 契約 🧾', 'Geprüft – 契約 🧾'],
    ['is cut', '  Ticket 4711 ', 'Ticket 4711'],
    ['may be empty: there is none', '', null],
    ['may be 500 characters long', 'é'.repeat(500), 'é'.repeat(500)],
  ])('%s', async (_what, reason, kept) => {
    const world = await aWorld();

    const answer = await call('PATCH', pathOf(world), {
      as: world.admin,
      headers: { 'x-change-reason': inUtf8(reason) },
      body: { disabledModels: ['gpt-4o'] },
    });

    expect(answer.status).toBe(200);
    expect(await reasonOf(world)).toBe(kept);
  });

  it.each([
    ['too long', inUtf8('é'.repeat(501))],
    ['a control character', inUtf8('a\u0085b')],
    ['a tab', 'a\tb'],
    ['no UTF-8', 'Gepr\u00fcft'],
  ])('is refused by its name: %s', async (_what, reason) => {
    const world = await aWorld();
    const send = (as: { id: string }, query = '') =>
      call('PATCH', pathOf(world, query), {
        as,
        headers: { 'x-change-reason': reason },
        body: { disabledModels: ['gpt-4o'] },
      });

    for (const query of ['', '?dry_run=true']) {
      const refused = await send(world.admin, query);
      expect(refused).toMatchObject({ status: 422, body: { error: { code: 'VALIDATION_ERROR' } } });
      expect(refused.body.error.details.issues).toMatchObject([{ path: 'X-Change-Reason' }]);
    }
    expect(await send(world.member)).toMatchObject({ status: 403 });
    expect(await written(world)).toEqual(nothing);
  });
});
