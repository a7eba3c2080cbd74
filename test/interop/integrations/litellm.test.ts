import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../../commands/process.ts';
import { SetAlias } from '../../kit/aliases.ts';
import { aPlatformKey } from '../../kit/platform-keys.ts';
import { startService, today } from '../../kit/service.ts';
import { ReadUsage } from '../../kit/usage.ts';
import { aModelgateThat, aServer, countedAt, longMs, mistakes, outages, shortMs } from './broken-modelgate.ts';
import { aGovernedOrganization } from './governed-organization.ts';
import { aPythonHost, hasPython } from './python.ts';

const file = 'integrations/litellm/modelgate.py';
const lena = { user_id: 'usr_lena', team_id: 'team_research' };

/** A call as LiteLLM's proxy gives it to its callbacks. */
const aCall = (model: string | undefined, key: object = lena, more: { data?: object; call_type?: string } = {}) => ({
  hook: 'async_pre_call_hook',
  user_api_key_dict: key,
  cache: null,
  call_type: 'acompletion',
  ...more,
  data: { ...(model && { model }), messages: [], ...more.data },
});

const patient = { MODELGATE_TIMEOUT_SECONDS: `${longMs / 1_000}` };
const impatient = { MODELGATE_TIMEOUT_SECONDS: `${shortMs / 1_000}` };

function litellm(url: string, env: Record<string, string> = {}) {
  const host = { MODELGATE_URL: url, MODELGATE_API_KEY: 'mgk_test', ...patient, ...env };
  return aPythonHost(file, host);
}

const allowing = { decision: true, context: { reasons: [], model: 'openai/gpt-4o', valid_until: null } };
const answering = (answer: object) => aServer((_asked, response) => response.end(JSON.stringify(answer)));

it('has the code that asks in common with the filter for Open WebUI', async () => {
  const [litellmText, openWebuiText] = await Promise.all(
    [file, 'integrations/open-webui/modelgate.py'].map(async (path) => {
      const text = await readFile(join(projectFolder, path), 'utf8');
      return /^# ---- How Modelgate is asked.*\n([\s\S]*)^# ---- The end/m.exec(text)?.[1];
    }),
  );

  expect(litellmText).toBeTruthy();
  expect(litellmText).toBe(openWebuiText);
});

const service = await startService();

describe.skipIf(!hasPython)('LiteLLM with the service', () => {
  it('calls what is allowed, and refuses the rest with 403 and why', async () => {
    const { url, key, member, stranger } = await aGovernedOrganization(service);
    const { call } = litellm(url, { MODELGATE_API_KEY: key.token });
    const by = ({ id }: { id: string }) => ({ user_id: id });

    const outcomes = await call(
      aCall('gpt-4o', by(member)),
      aCall('openai/gpt-4o', by(member)),
      aCall('gpt-4o-mini', by(member)),
      aCall('gpt-5o', by(member)),
      aCall('gpt-4o', by(stranger)),
      aCall('gpt-4o', { user_id: 'default_user_id' }),
    );

    expect(outcomes).toMatchObject([
      { result: null },
      { result: null },
      { status: 403, detail: 'Your organization does not allow GPT-4o mini (MODEL_DISABLED)' },
      { status: 403, detail: 'There is no model "gpt-5o" (UNKNOWN_MODEL)' },
      { status: 403, detail: 'You do not belong to this organization (NOT_A_MEMBER)' },
      { status: 403, detail: expect.stringContaining('(NOT_A_MEMBER)') },
    ]);
  });

  it('lists what may be called, by the names that LiteLLM has', async () => {
    const { url, key, organization, admin, member } = await aGovernedOrganization(service);
    const input = { organizationId: organization.id, name: 'fast', targets: ['gpt-4o'] };
    await service.ask(SetAlias, { input }, { as: admin });
    const { call } = litellm(url, { MODELGATE_API_KEY: key.token });
    const list = (model_names: string[], id: string | null) =>
      call({ hook: 'async_filter_listed_models', user_api_key_dict: { user_id: id }, model_names });
    const many = Array.from({ length: 150 }, (_, n) => `nothing-${n}`);

    const [listed] = await list(['gpt-4o-mini', ...many, 'openai/gpt-4o', 'fast', 'claude'], member.id);
    const [ofNobody] = await list(['gpt-4o'], null);

    expect(listed?.result).toEqual(['openai/gpt-4o', 'fast']);
    expect(ofNobody?.result).toEqual([]);
  });

  it('does not fall back to what is not allowed, whatever the metadata of the call says', async () => {
    const { url, key, member, stranger } = await aGovernedOrganization(service);
    const { call } = litellm(url, { MODELGATE_API_KEY: key.token });
    const deployments = [{ model_name: 'any' }];
    const filter = (model: string, request_kwargs: object | null) => ({
      hook: 'async_filter_deployments',
      model,
      healthy_deployments: deployments,
      messages: [],
      request_kwargs,
    });
    const by = ({ id }: { id: string }) => ({ user_api_key_user_id: id });

    const outcomes = await call(
      filter('gpt-4o', { metadata: by(member) }),
      filter('gpt-4o-mini', { metadata: by(member) }),
      filter('gpt-4o', { metadata: by(member), litellm_metadata: by(stranger) }),
      filter('gpt-4o-mini', null),
    );

    expect(outcomes).toMatchObject([
      { result: deployments },
      { status: 403 },
      { status: 403 },
      { result: deployments },
    ]);
  });

  it('acts by a platform key in the organization of its settings', async () => {
    const { url, organization, foreignOrganization, member } = await aGovernedOrganization(service);
    const { token } = await aPlatformKey(service.db, ['read']);
    const [own, foreign, none] = [organization.id, foreignOrganization.id, ''].map((id) =>
      litellm(url, { MODELGATE_API_KEY: token, MODELGATE_ORGANIZATION_ID: id }),
    );
    const ask = async (host: typeof own, model: string) =>
      (await host?.call(aCall(model, { user_id: member.id })))?.[0];

    expect(await ask(own, 'gpt-4o')).toMatchObject({ result: null });
    expect(await ask(own, 'gpt-4o-mini')).toMatchObject({ status: 403 });
    expect(await ask(foreign, 'gpt-4o')).toMatchObject({
      status: 403,
      detail: expect.stringContaining('NOT_A_MEMBER'),
    });
    expect(await ask(none, 'gpt-4o')).toMatchObject({ status: 503 });
  });

  it('follows a change once its decision is no longer cached', async () => {
    const { url, paths, key, member, disable } = await aGovernedOrganization(service);
    const { call } = litellm(url, { MODELGATE_API_KEY: key.token, MODELGATE_CACHE_SECONDS: '1' });
    const ask = async () => (await call(aCall('gpt-4o', { user_id: member.id })))[0]?.status;

    expect(await ask()).toBe(undefined);
    expect(await ask()).toBe(undefined);
    expect(paths).toHaveLength(1);
    await disable('gpt-4o');
    await expect.poll(ask).toBe(403);
  });

  it('refuses where the service does not know its key, or limits its rate', async () => {
    const { key, member } = await aGovernedOrganization(service);
    const limited = service.anotherInstance({ limits: { viewerPoints: 1, rateWindowSeconds: 600 } });
    const { url } = await countedAt(limited.listener);
    const [unknown, tooOften] = ['mgk_unknown', key.token].map((token) => litellm(url, { MODELGATE_API_KEY: token }));

    const refused = await unknown?.call(aCall('gpt-4o', { user_id: member.id }));
    const outcomes = await tooOften?.call(
      ...['gpt-4o', 'o3', 'o4-mini'].map((name) => aCall(name, { user_id: member.id })),
    );

    expect(refused).toMatchObject([{ status: 503 }]);
    expect((await unknown?.end())?.log).toContain('it answered 401');
    expect(outcomes).toContainEqual(expect.objectContaining({ status: 503 }));
    expect((await tooOften?.end())?.log).toContain('it answered 429');
  });
});

describe.skipIf(!hasPython)('LiteLLM, where Modelgate', () => {
  it.each(outages)('%s: refuses with 503, and lets through if it is told to', async (fault) => {
    const url = await aModelgateThat(fault);
    const [closed, open] = [litellm(url, impatient), litellm(url, { ...impatient, MODELGATE_FAIL: 'open' })];

    const [[refused], [let_through]] = await Promise.all([closed.call(aCall('gpt-4o')), open.call(aCall('gpt-4o'))]);

    expect(refused).toMatchObject({ status: 503, detail: expect.stringContaining('cannot be asked') });
    expect(let_through).toMatchObject({ result: null });
    expect((await closed.end()).log).toContain('the call is refused');
    expect((await open.end()).log).toContain('the call is let through');
  });

  it.each(mistakes)('%s: refuses with any setting', async (fault) => {
    const { call } = litellm(await aModelgateThat(fault), { MODELGATE_FAIL: 'open' });

    expect(await call(aCall('gpt-4o'))).toMatchObject([{ status: 503 }]);
  });

  it.each(['is away', 'is slow', 'answers no decision'])(
    '%s: lists no models, or all if it is told to',
    async (fault) => {
      const url = await aModelgateThat(fault);
      const list = { hook: 'async_filter_listed_models', user_api_key_dict: lena, model_names: ['gpt-4o', 'o3'] };
      const [closed, open] = [litellm(url, impatient), litellm(url, { ...impatient, MODELGATE_FAIL: 'open' })];

      expect(await closed.call(list)).toMatchObject([{ status: 503 }]);
      expect(await open.call(list)).toMatchObject([{ result: ['gpt-4o', 'o3'] }]);
    },
  );

  it('answers about fewer models than it was asked about: lists none', async () => {
    const { url } = await answering({ evaluations: [{ decision: true }] });
    const list = { hook: 'async_filter_listed_models', user_api_key_dict: lena, model_names: ['gpt-4o', 'o3'] };

    expect(await litellm(url).call(list)).toMatchObject([{ status: 503 }]);
  });

  it('is slow: other calls go on meanwhile', async () => {
    const { call } = litellm(await aModelgateThat('is slow'), impatient);

    const [outcome] = await call(aCall('gpt-4o'));

    expect(outcome?.status).toBe(503);
    expect(outcome?.beats).toBeGreaterThan(3);
  });

  it('is slow: no more than the time of one request passes for a hundred callers', async () => {
    const { call } = litellm(await aModelgateThat('is slow'), impatient);

    const outcomes = await call(...Array.from({ length: 100 }, (_, n) => aCall(`model-${n}`)));

    expect(outcomes.map(({ status }) => status)).toEqual(Array(100).fill(503));
  });

  it('is back: it is asked again', async () => {
    let isWell = false;
    const { url } = await aServer((_asked, response) => {
      if (isWell) response.end(JSON.stringify(allowing));
      else response.writeHead(503).end();
    });
    const { call } = litellm(url);

    expect(await call(aCall('gpt-4o'))).toMatchObject([{ status: 503 }]);
    isWell = true;
    expect(await call(aCall('gpt-4o'))).toMatchObject([{ result: null }]);
  });
});

describe.skipIf(!hasPython)('LiteLLM asks', () => {
  it('once for the same question, until the decision can change', async () => {
    const { url, asked } = await answering(allowing);
    const { call } = litellm(url, { MODELGATE_CACHE_SECONDS: '600' });

    await call(...Array.from({ length: 20 }, () => aCall('gpt-4o')));
    await call(aCall('gpt-4o'));

    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({
      path: '/access/v1/evaluation',
      key: 'Bearer mgk_test',
      body: {
        subject: { type: 'user', id: 'usr_lena' },
        action: { name: 'use' },
        resource: { type: 'model', id: 'gpt-4o' },
      },
    });
    await call(aCall('gpt-4o-mini'), aCall('gpt-4o', { user_id: 'usr_jonas' }));
    expect(asked).toHaveLength(3);
  });

  it.each(['2020-01-01T00:00:00.000Z', 'tomorrow'])('anew where a decision is valid until %s', async (valid_until) => {
    const { url, asked } = await answering({ ...allowing, context: { ...allowing.context, valid_until } });
    const { call } = litellm(url, { MODELGATE_CACHE_SECONDS: '600' });

    await call(aCall('gpt-4o'));
    await call(aCall('gpt-4o'));

    expect(asked).toHaveLength(2);
  });

  it('over one connection, and over a new one where that was closed', async () => {
    const sockets = new Set<unknown>();
    const { url } = await aServer((_asked, response) => {
      sockets.add(response.socket);
      response.end(JSON.stringify(allowing));
    });
    const { call } = litellm(url);

    for (const n of [1, 2, 3, 4]) await call(aCall(`model-${n}`));

    expect(sockets.size).toBe(1);
    for (const socket of sockets) (socket as { destroy: () => void }).destroy();
    expect(await call(aCall('model-5'))).toMatchObject([{ result: null }]);
  });

  it('for whom its settings name, in their order', async () => {
    const { url, asked } = await answering(allowing);
    const organization = { MODELGATE_ORGANIZATION_ID: 'org_a' };
    const { call } = litellm(url, {
      ...organization,
      MODELGATE_SUBJECTS: 'user:end_user_id, team:team_id,role:=member',
    });

    await call(aCall('gpt-4o', { end_user_id: 'usr_end', team_id: 'team_a' }));
    await call(aCall('gpt-4o', { end_user_id: null, team_id: 'team_a' }));
    await call(aCall('gpt-4o', {}));

    expect(asked.map(({ body, organization }) => [body.subject, organization])).toEqual([
      [{ type: 'user', id: 'usr_end' }, 'org_a'],
      [{ type: 'team', id: 'team_a' }, 'org_a'],
      [{ type: 'role', id: 'member' }, 'org_a'],
    ]);
  });

  it('about every model that a call may reach, and refuses what names none', async () => {
    const { url, asked } = await answering(allowing);
    const { call } = litellm(url, { MODELGATE_CALLS_WITHOUT_MODEL: 'vector_store_' });
    const without = (call_type: string) => aCall(undefined, lena, { call_type });

    await call(aCall('gpt-4o', lena, { data: { fallbacks: ['gpt-4.1', { model: 'o3' }] } }));
    expect(new Set(asked.map(({ body }) => body.resource.id))).toEqual(new Set(['gpt-4o', 'gpt-4.1', 'o3']));

    const refused = [
      without('acompletion'),
      without('pass_through_endpoint'),
      aCall('gpt-4o', lena, { call_type: 'acreate_batch' }),
      aCall('gpt-4o', lena, { data: { fallbacks: Array(10).fill('o3') } }),
      aCall('gpt-4o', lena, { data: { fallbacks: [{}] } }),
      aCall('gpt-4o', lena, { data: { Model: 'o3' } }),
      aCall('gpt-4o', {}),
    ];
    expect((await call(...refused)).map(({ status }) => status)).toEqual(refused.map(() => 403));
    const harmless = ['aretrieve_batch', 'list_batches', 'call_mcp_tool', 'avector_store_search', 'acreate_file'];
    expect(await call(...harmless.map(without))).toMatchObject(harmless.map(() => ({ result: null })));
  });
});

describe.skipIf(!hasPython)('LiteLLM reports usage', () => {
  const aSuccess = (id: string, more: object = {}) => ({
    hook: 'async_log_success_event',
    kwargs: {
      litellm_call_id: id,
      model: 'gpt-4o',
      standard_logging_object: {
        model_group: 'gpt-4o',
        prompt_tokens: 7,
        completion_tokens: 3,
        endTime: 1_795_000_000.5,
        metadata: { user_api_key_user_id: 'usr_lena' },
        ...more,
      },
    },
    response_obj: null,
    start_time: null,
    end_time: null,
  });

  it('to the service, of the model that was decided on, and once for each call', async () => {
    const { url, key, organization, admin, member } = await aGovernedOrganization(service);
    const input = { organizationId: organization.id, name: 'fast', targets: ['gpt-4o'] };
    await service.ask(SetAlias, { input }, { as: admin });
    const env = { MODELGATE_API_KEY: key.token, MODELGATE_ORGANIZATION_ID: organization.id };
    const { call, end } = litellm(url, env);
    const more = { model_group: 'fast', metadata: { user_api_key_user_id: member.id } };
    const now = { ...more, endTime: today.getTime() / 1_000 };

    await call(aCall('fast', { user_id: member.id }));
    await call(aSuccess('call-1', now), aSuccess('call-1', now), aSuccess('call-2', now));
    const { code, log } = await end();

    expect({ code, log }).toEqual({ code: 0, log: '' });
    const { data } = await service.ask(ReadUsage, { organizationId: organization.id }, { as: admin, once: true });
    expect(data?.modelConfigUsage).toMatchObject([
      { provider: 'openai', modelId: 'gpt-4o', usageCount: '2', promptTokens: '14', completionTokens: '6' },
    ]);
  });

  it('in batches, again until they are taken, without a call that waits', async () => {
    let refusals = 2;
    const { url, asked } = await aServer((_asked, response) => {
      refusals -= 1;
      if (refusals >= 0) response.writeHead(503).end();
      else response.end('{"recorded":2,"duplicates":0,"rejected":[]}');
    });
    const { call, end } = litellm(url, { MODELGATE_ORGANIZATION_ID: 'org_a' });

    const outcomes = await call(aSuccess('call-1'), aSuccess('call-2'), aSuccess('from-cache', { cache_hit: true }));
    await expect.poll(() => asked.length, { timeout: 20_000 }).toBe(3);

    expect(outcomes).toMatchObject([{ result: null }, { result: null }, { result: null }]);
    const record = { modelKey: 'gpt-4o', promptTokens: 7, completionTokens: 3, userId: 'usr_lena' };
    const usedAt = '2026-11-18T11:06:40Z';
    const records = ['call-1', 'call-2'].map((id) => ({ id, ...record, usedAt }));
    expect(asked[0]?.path).toBe('/v1/organizations/org_a/usage');
    expect(asked.map(({ body }) => body)).toEqual(Array(3).fill({ records }));
    expect((await end()).code).toBe(0);
  });

  it('sends what is left when it ends, and ends though Modelgate is away', async () => {
    const { url, asked } = await aServer((_asked, response) => response.end('{"rejected":[{"index":0}]}'));
    const [well, away] = [url, await aModelgateThat('is slow')].map((at) =>
      litellm(at, { ...impatient, MODELGATE_ORGANIZATION_ID: 'org_a' }),
    );

    await Promise.all([well, away].map((host) => host?.call(aSuccess('last'))));
    const [ended, endedAway] = await Promise.all([well?.end(), away?.end()]);

    expect(asked.flatMap(({ body }) => body.records)).toMatchObject([{ id: 'last' }]);
    expect(ended).toMatchObject({ code: 0, log: expect.stringContaining('rejected a report') });
    expect(endedAway).toMatchObject({ code: 0, log: expect.stringContaining('that of 1 calls is lost') });
  });
});
