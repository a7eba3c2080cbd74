import { describe, expect, it } from 'vitest';
import { aliasesOf } from '../kit/aliases.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { aWorld } = service;
const call = restOf(service);
const pathOf = ({ id }: { id: string }) => `/v1/organizations/${id}/model-settings`;

/** An error envelope; its trace id and time are whatever they are. */
const envelope = (error: Record<string, unknown>) => ({
  success: false,
  error: {
    ...error,
    trace_id: expect.stringMatching(/.+/),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  },
});

describe('GET model-settings', () => {
  it('answers the defaults where nothing was ever set', async () => {
    const { organization, member } = await aWorld();

    const { status, headers, body } = await call('GET', pathOf(organization), { as: member });

    expect({ status, body }).toEqual({
      status: 200,
      body: {
        disabled_providers: [],
        disabled_models: [],
        default_model_key: null,
        updated_at: null,
        updated_by: null,
      },
    });
    expect(headers.get('etag')).toMatch(/^"\d+"$/);
  });

  it('answers 304 to a client that has them already', async () => {
    const { organization, admin, member } = await aWorld();
    const first = await call('GET', pathOf(organization), { as: member });
    const etag = first.headers.get('etag') ?? '';

    const known = await call('GET', pathOf(organization), {
      as: member,
      headers: { 'if-none-match': `W/${etag}, "x"` },
    });
    expect(known).toMatchObject({ status: 304, body: undefined });
    expect(known.headers.get('etag')).toBe(etag);

    await call('PATCH', pathOf(organization), { as: admin, body: { disabledModels: ['gpt-4o'] } });
    expect(await call('GET', pathOf(organization), { as: member, headers: { 'if-none-match': etag } })).toMatchObject({
      status: 200,
      body: { disabled_models: ['gpt-4o'] },
    });
  });

  it('shows an alias that is the default by its name, which may be given too', async () => {
    const world = await aWorld();
    const { organization, admin, member } = world;
    await aliasesOf(service).set(world, 'fast', ['gpt-4o-mini']);

    const changed = await call('PATCH', pathOf(organization), { as: admin, body: { defaultModelKey: 'Fast' } });

    expect(changed).toMatchObject({ status: 200, body: { default_model_key: 'fast' } });
    expect(await call('GET', pathOf(organization), { as: member })).toMatchObject({
      body: { default_model_key: 'fast' },
    });
  });

  it('refuses strangers and the anonymous', async () => {
    const { organization, stranger } = await aWorld();
    const denied = (organization_id: string) =>
      envelope({
        code: 'ORGANIZATION_ACCESS_DENIED',
        message: "You don't have access to this organization",
        system_message: "You don't have access to this organization",
        type: 'client_error',
        status: 403,
        details: { organization_id },
      });

    expect(await call('GET', pathOf(organization), { as: stranger })).toMatchObject({
      status: 403,
      body: denied(organization.id),
    });
    expect(await call('GET', pathOf({ id: 'org_fake' }), { as: stranger })).toMatchObject({
      status: 403,
      body: denied('org_fake'),
    });
    expect(await call('GET', pathOf(organization))).toMatchObject({
      status: 401,
      body: envelope({
        code: 'AUTHENTICATION_REQUIRED',
        message: 'User authentication required',
        system_message: 'Authentication required',
        type: 'client_error',
        status: 401,
        details: {},
      }),
    });
  });
});

describe('PATCH model-settings', () => {
  it("makes the seed's change, in either spelling", async () => {
    const { organization, admin } = await aWorld();

    const { status, headers, body } = await call('PATCH', pathOf(organization), {
      as: admin,
      body: {
        disabledProviders: ['google', 'mistral'],
        disabled_models: ['gpt-4o-mini'],
        defaultModelKey: 'claude-sonnet-4-6',
        default_model_key: 'claude-sonnet-4-6',
      },
    });

    expect({ status, body }).toEqual({
      status: 200,
      body: {
        disabled_providers: ['google', 'mistral'],
        disabled_models: ['gpt-4o-mini'],
        default_model_key: 'claude-sonnet-4-6',
        updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        updated_by: admin.id,
      },
    });
    const again = await call('PATCH', pathOf(organization), { as: admin, body: {} });
    expect(again.body).toEqual(body);
    expect(again.headers.get('etag')).toBe(headers.get('etag'));
    expect(
      (
        await call('PATCH', pathOf(organization), {
          as: admin,
          body: { disabledProviders: [], default_model_key: null },
        })
      ).body,
    ).toMatchObject({ disabled_providers: [], disabled_models: ['gpt-4o-mini'], default_model_key: null });
  });

  it('refuses members, before it looks at what they sent', async () => {
    const { organization, member } = await aWorld();
    const refused = envelope({
      code: 'INSUFFICIENT_PERMISSIONS',
      message: 'You must be an Admin or Owner to perform this action',
      system_message: 'Insufficient permissions',
      type: 'client_error',
      status: 403,
      details: { organization_id: organization.id },
    });

    for (const body of [{ disabledModels: [] }, { nonsense: 1 }, '{', {}]) {
      expect(await call('PATCH', pathOf(organization), { as: member, body })).toMatchObject({
        status: 403,
        body: refused,
      });
    }
  });

  it('names bad provider slugs, and the good ones in order', async () => {
    const { organization, admin } = await aWorld();
    const slugs = ['invalid_provider', 'openai', 'OpenAI'];

    expect(await call('PATCH', pathOf(organization), { as: admin, body: { disabledProviders: slugs } })).toMatchObject({
      status: 422,
      body: envelope({
        code: 'INVALID_PROVIDER_SLUG',
        message: 'Invalid provider slugs: invalid_provider, OpenAI',
        system_message: 'Invalid provider slugs: invalid_provider, OpenAI',
        type: 'client_error',
        status: 422,
        details: {
          invalid_providers: ['invalid_provider', 'OpenAI'],
          valid_providers: ['aitronos', 'anthropic', 'cohere', 'google', 'mistral', 'openai'],
        },
      }),
    });
  });

  it.each([
    [{ disabled_models: ['a'], disabledModels: ['b'] }, 'disabled_models'],
    [{ disabledModels: null }, 'disabledModels'],
    [{ disabled_providers: 'google' }, 'disabled_providers'],
    [{ disabled_models: [1] }, 'disabled_models.0'],
    [{ disabled_models: ['ok', ''] }, 'disabled_models.1'],
    [{ default_model_key: 5 }, 'default_model_key'],
    [{ disabled: [] }, 'disabled'],
    [[], ''],
    ['null', ''],
  ])('refuses %j with the path of the fault', async (body, path) => {
    const { organization, admin } = await aWorld();

    const answer = await call('PATCH', pathOf(organization), { as: admin, body });

    expect(answer).toMatchObject({
      status: 422,
      body: { error: { code: 'VALIDATION_ERROR', type: 'validation_error' } },
    });
    expect(answer.body.error.details.issues.map((issue: { path: string }) => issue.path)).toEqual([path]);
  });

  it('tells of a list that is far too long once, not of each entry', async () => {
    const { organization, admin } = await aWorld();
    const entries = Array.from({ length: 400_000 }, () => 0);

    const long = await call('PATCH', pathOf(organization), { as: admin, body: { disabledModels: entries } });
    const wrong = await call('PATCH', pathOf(organization), {
      as: admin,
      body: { disabledModels: entries.slice(-9_000) },
    });

    expect(long.body.error.details.issues).toMatchObject([{ path: 'disabledModels' }]);
    expect(wrong.body.error.details.issues).toHaveLength(10);
  });

  it('refuses what is no JSON with 400, and another content type with 415', async () => {
    const { organization, admin } = await aWorld();

    expect(await call('PATCH', pathOf(organization), { as: admin, body: '{"a":' })).toMatchObject({
      status: 400,
      body: { success: false, error: { code: 'VALIDATION_ERROR', status: 400 } },
    });
    expect(
      await call('PATCH', pathOf(organization), { as: admin, body: 'a=b', headers: { 'content-type': 'text/plain' } }),
    ).toMatchObject({ status: 415, body: { success: false, error: { status: 415 } } });
  });

  it('insists on the revision that If-Match names', async () => {
    const { organization, admin } = await aWorld();
    const etag = (await call('GET', pathOf(organization), { as: admin })).headers.get('etag') ?? '';
    const patch = (ifMatch: string, model: string) =>
      call('PATCH', pathOf(organization), {
        as: admin,
        headers: { 'if-match': ifMatch },
        body: { disabledModels: [model] },
      });

    expect(await patch(etag, 'one')).toMatchObject({ status: 200, body: { disabled_models: ['one'] } });
    for (const stale of [etag, `${etag}, "99"`, '"9999999999"', 'W/"0"', 'w/"1"', '1', '"other"']) {
      expect(await patch(stale, 'two')).toMatchObject({
        status: 412,
        body: { success: false, error: { code: 'REVISION_CONFLICT', status: 412 } },
      });
    }
    expect(await patch('*', 'three')).toMatchObject({ status: 200, body: { disabled_models: ['three'] } });
    // As a proxy hands it on that has compressed the answer.
    expect(await patch('W/"2"', 'four')).toMatchObject({ status: 200, body: { disabled_models: ['four'] } });
    expect(await patch('"99", W/"3"', 'five')).toMatchObject({ status: 200, body: { disabled_models: ['five'] } });
  });

  it('is made by a client that knows the present state only where If-None-Match does not name it', async () => {
    const { organization, admin, member, stranger } = await aWorld();
    const patch = (
      ifNoneMatch: string,
      { as = admin, ...headers }: { as?: { id: string }; 'if-match'?: string } = {},
    ) =>
      call('PATCH', pathOf(organization), {
        as,
        headers: { 'if-none-match': ifNoneMatch, ...headers },
        body: { disabledModels: [crypto.randomUUID()] },
      });

    for (const present of ['*', '"0"', 'W/"0"', '"7", "0"']) {
      expect(await patch(present)).toMatchObject({ status: 412, body: { error: { code: 'REVISION_CONFLICT' } } });
      expect(await patch(present, { 'if-match': '"0"' })).toMatchObject({ status: 412 });
    }
    expect(await patch('*', { as: member })).toMatchObject({ status: 403 });
    expect(await patch('*', { as: stranger })).toMatchObject({ status: 403 });

    expect(await patch('"7", "other"')).toMatchObject({ status: 200 });
    expect(await patch('"0"', { 'if-match': '"1"' })).toMatchObject({ status: 200 });
    expect(await patch('"0"', { 'if-match': '"1"' })).toMatchObject({ status: 412 });
  });
});

describe('what there is not', () => {
  it('is 404 for a path and 405 for a method', async () => {
    const { organization, admin } = await aWorld();

    expect(await call('GET', '/v1/nothing', { as: admin })).toMatchObject({
      status: 404,
      body: { success: false, error: { code: 'NOT_FOUND' } },
    });
    const put = await call('PUT', pathOf(organization), { as: admin, body: {} });
    expect(put).toMatchObject({ status: 405, body: { success: false, error: { status: 405 } } });
    expect(put.headers.get('allow')).toBe('GET, PATCH');
  });
});
