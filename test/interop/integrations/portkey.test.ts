import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownFolder, projectFolder } from '../../commands/process.ts';
import { startService } from '../../kit/service.ts';
import { aModelgateThat, aServer, longMs, mistakes, outages, shortMs } from './broken-modelgate.ts';
import { aGovernedOrganization } from './governed-organization.ts';
import { startedAt } from './processes.ts';

const service = await startService();
const gatewayProgram = join(import.meta.dirname, '../node_modules/@portkey-ai/gateway/build/start-server.js');

const impatient = { MODELGATE_TIMEOUT_MS: `${shortMs}` };

const aGateway = () => startedAt((port) => ({ parameters: [gatewayProgram, '--headless', `--port=${port}`], env: {} }));

const aWebhook = (url: string, env: Record<string, string> = {}) =>
  startedAt((port) => ({
    parameters: [join(projectFolder, 'integrations/portkey/webhook.js')],
    env: {
      MODELGATE_URL: url,
      MODELGATE_API_KEY: 'mgk_test',
      MODELGATE_TIMEOUT_MS: `${longMs}`,
      PORT: `${port}`,
      ...env,
    },
  }));

const nginx = 'nginx';
const hasNginx = spawnSync(nginx, ['-v']).status === 0;
if (!hasNginx) process.stderr.write("There is no nginx: the proxy before Portkey's gateway is not tested.\n");

/** The proxy before a gateway, which knows one caller. */
async function aProxy(gateway: { url: string }, webhook: { url: string }, provider: { url: string }, caller: string) {
  const folder = await ownFolder();
  mkdirSync(join(folder, 'nginx-temp'));
  const text = readFileSync(join(projectFolder, 'integrations/portkey/nginx.conf'), 'utf8')
    .replace('http://127.0.0.1:8787', gateway.url)
    .replace('http://127.0.0.1:8788', webhook.url)
    .replace('"api_key":"sk-…"', `"api_key":"sk-test","custom_host":"${provider.url}/v1"`)
    .replace('usr_lena5t8vz3hc', caller);
  return startedAt((port) => {
    writeFileSync(join(folder, 'nginx.conf'), text.replace('8786', `${port}`));
    return { program: nginx, parameters: ['-p', folder, '-c', 'nginx.conf'], env: {} };
  });
}

/** Whatever it is asked, it answers, and remembers. */
const aProvider = () =>
  aServer((_asked, response) => response.end('{"id":"1","object":"chat.completion","choices":[],"usage":{}}'));

interface Call {
  model?: string;
  user?: string | undefined;
  path?: string;
  /** Parameters of the webhook. */
  webhook?: object;
  /** What else the configuration has. */
  config?: object;
}

/** Calls a model through a gateway, as an application does. */
function caller(gateway: { url: string }, webhook: { url: string }, provider: { url: string }) {
  return async ({ model = 'gpt-4o', user, path = '/v1/chat/completions', webhook: parameters, config = {} }: Call) => {
    const guardrail = {
      'default.webhook': { webhookURL: webhook.url, failOnError: true, timeout: longMs, ...parameters },
      deny: true,
    };
    const target = { provider: 'openai', api_key: 'sk-test', custom_host: `${provider.url}/v1` };
    const response = await fetch(gateway.url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-portkey-config': JSON.stringify({ ...target, input_guardrails: [guardrail], ...config }),
        ...(user && { 'x-portkey-metadata': JSON.stringify({ _user: user }) }),
      },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
    });
    const body = await response.json();
    const check = body.hook_results?.before_request_hooks?.[0]?.checks?.[0];
    return { status: response.status, told: check?.data.responseData };
  };
}

describe("Portkey's gateway", () => {
  it('calls what is allowed, and refuses the rest with 446 and why', async () => {
    const { url, key, member, stranger } = await aGovernedOrganization(service);
    const [gateway, provider] = await Promise.all([aGateway(), aProvider()]);
    const webhook = await aWebhook(url, { MODELGATE_API_KEY: key.token });
    const call = caller(gateway, webhook, provider);

    expect(await call({ user: member.id })).toMatchObject({ status: 200 });
    expect(provider.asked).toHaveLength(1);
    expect(await call({ model: 'gpt-4o-mini', user: member.id })).toEqual({
      status: 446,
      told: { reasons: ['MODEL_DISABLED'], message: 'Your organization does not allow GPT-4o mini' },
    });
    expect(await call({ user: stranger.id })).toMatchObject({ status: 446, told: { reasons: ['NOT_A_MEMBER'] } });
    expect(await call({})).toMatchObject({ status: 446, told: { reasons: ['NO_SUBJECT'] } });
    expect(await call({ model: '', user: member.id })).toMatchObject({
      status: 446,
      told: { reasons: ['MODEL_NOT_IN_REQUEST'] },
    });
    expect(provider.asked).toHaveLength(1);
  });

  it('asks about the model that is called in the end: that of the configuration, and each fallback', async () => {
    const { url, key, member } = await aGovernedOrganization(service);
    const [gateway, provider, away] = await Promise.all([aGateway(), aProvider(), aModelgateThat('is away')]);
    const webhook = await aWebhook(url, { MODELGATE_API_KEY: key.token, MODELGATE_SUBJECT: `user:${member.id}` });
    const call = caller(gateway, webhook, provider);
    const override_params = { model: 'gpt-4o-mini' };
    const target = { provider: 'openai', api_key: 'sk-test' };
    const targets = [
      { ...target, custom_host: `${away}/v1` },
      { ...target, custom_host: `${provider.url}/v1`, override_params },
    ];

    const overridden = await call({ config: { override_params } });
    const fallenBack = await call({ config: { strategy: { mode: 'fallback' }, targets } });

    expect(overridden).toMatchObject({ status: 446, told: { reasons: ['MODEL_DISABLED'] } });
    expect(fallenBack).toMatchObject({ status: 446, told: { reasons: ['MODEL_DISABLED'] } });
    expect(provider.asked).toEqual([]);
  });

  it('asks nobody about what its guardrails do not cover: other endpoints, and calls without them', async () => {
    const [gateway, provider] = await Promise.all([aGateway(), aProvider()]);
    const modelgate = await aServer((_asked, response) => response.end('{"decision":false}'));
    const webhook = await aWebhook(modelgate.url);
    const call = caller(gateway, webhook, provider);

    expect(await call({ user: 'usr_a', path: '/v1/responses' })).toMatchObject({ status: 200 });
    expect(await call({ user: 'usr_a', config: { input_guardrails: [] } })).toMatchObject({ status: 200 });
    expect(modelgate.asked).toEqual([]);
    expect(await call({ user: 'usr_a' })).toMatchObject({ status: 446 });
    expect(await call({ user: 'usr_a', path: '/v1/embeddings' })).toMatchObject({ status: 446 });
  });

  it('refuses while its webhook is away, hangs, fails or is another one; but only with failOnError', async () => {
    const [gateway, provider] = await Promise.all([aGateway(), aProvider()]);
    const webhooks = [
      ...(await Promise.all(['is away', 'is slow', 'has an error', 'answers no JSON'].map(aModelgateThat))),
      (await aWebhook(await aModelgateThat('is away'), { WEBHOOK_SECRET: 'known to both' })).url,
    ];

    for (const url of webhooks) {
      const call = caller(gateway, { url }, provider);
      expect(await call({ webhook: { timeout: shortMs } })).toMatchObject({ status: 446 });
      expect(await call({ webhook: { timeout: shortMs, failOnError: false } })).toMatchObject({ status: 200 });
    }
    expect(provider.asked).toHaveLength(webhooks.length);
  });
});

describe.skipIf(!hasNginx)("Portkey's gateway behind nginx", () => {
  it('refuses what nobody was asked about, and what callers send in place of the guardrail', async () => {
    const { url, key, member, owner } = await aGovernedOrganization(service);
    const [gateway, provider] = await Promise.all([aGateway(), aProvider()]);
    const webhook = await aWebhook(url, { MODELGATE_API_KEY: key.token });
    const proxy = await aProxy(gateway, webhook, provider, member.id);
    const send = async (path: string, model: string, headers: Record<string, string> = {}) => {
      const response = await fetch(proxy.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer gw_lena', ...headers },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
      });
      await response.body?.cancel();
      return response.status;
    };
    const around = {
      'x-portkey-config': JSON.stringify({ provider: 'openai', api_key: 'sk-own', custom_host: `${provider.url}/v1` }),
      'x-portkey-metadata': JSON.stringify({ _user: owner.id }),
      'x-portkey-provider': 'openai',
    };

    expect(await send('/v1/chat/completions', 'gpt-4o')).toBe(200);
    expect(await send('/v1/chat/completions', 'gpt-4o-mini')).toBe(446);
    expect(await send('/v1/chat/completions', 'gpt-4o-mini', around)).toBe(446);
    expect(await send('/v1/responses', 'gpt-4o')).toBe(403);
    expect(await send('/v1/chat/completions', 'gpt-4o', { authorization: 'Bearer guessed' })).toBe(401);
    expect(provider.asked).toMatchObject([{ key: 'Bearer sk-test', body: { model: 'gpt-4o' } }]);
    webhook.child.kill('SIGKILL');
    await webhook.outcome;
    expect(await send('/v1/chat/completions', 'gpt-4o')).toBe(446);
  });
});

describe('the webhook, where Modelgate', () => {
  it.each(outages)('%s: refuses, also without failOnError, and lets through if it is told to', async (fault) => {
    const url = await aModelgateThat(fault);
    const [closed, open] = await Promise.all([
      aWebhook(url, impatient),
      aWebhook(url, { ...impatient, MODELGATE_FAIL: 'open' }),
    ]);
    const asked = {
      request: { json: { model: 'gpt-4o' } },
      metadata: { _user: 'usr_a' },
      eventType: 'beforeRequestHook',
    };
    const verdictOf = async (webhook: { url: string }) => {
      const response = await fetch(webhook.url, { method: 'POST', body: JSON.stringify(asked) });
      return { status: response.status, body: await response.json() };
    };

    expect(await verdictOf(closed)).toMatchObject({
      status: 200,
      body: { verdict: false, data: { reasons: ['UNDECIDED'] } },
    });
    expect(await verdictOf(open)).toEqual({ status: 200, body: { verdict: true } });
    expect(closed.output.stderr).toContain('Modelgate could not be asked');
  });

  it.each(mistakes)('%s: refuses with any setting', async (fault) => {
    const webhook = await aWebhook(await aModelgateThat(fault), {
      MODELGATE_FAIL: 'open',
      MODELGATE_SUBJECT: 'role:member',
    });
    const body = JSON.stringify({ request: { json: { model: 'gpt-4o' } } });

    const response = await fetch(webhook.url, { method: 'POST', body });

    expect(await response.json()).toMatchObject({ verdict: false });
  });

  it('is well, and is sent what is not a call, or no secret: refuses', async () => {
    const modelgate = await aServer((_asked, response) => response.end('{"decision":true}'));
    const webhook = await aWebhook(modelgate.url, { WEBHOOK_SECRET: 'known to both' });
    const authorization = 'Bearer known to both';
    const send = async (body: string, headers = { authorization }) => {
      const response = await fetch(webhook.url, { method: 'POST', headers, body });
      return { status: response.status, ...(await response.json()) };
    };
    const call = JSON.stringify({ request: { json: { model: 'gpt-4o' } }, metadata: { _user: 'usr_a' } });

    const twice = '{"request":{"json":{"model":"gpt-4o","Model":"o3"}},"metadata":{"_user":"usr_a"}}';

    for (const body of [twice, '', '{', 'null', '[]', '{"request":{"json":{"model":7}}}', call.padEnd(33_000_000)])
      expect(await send(body)).toMatchObject({ status: 200, verdict: false });
    expect(await send(call, { authorization: 'Bearer guessed' })).toMatchObject({ status: 401 });
    expect((await fetch(webhook.url)).status).toBe(405);
    expect(modelgate.asked).toEqual([]);
    expect(await send(call)).toEqual({ status: 200, verdict: true });
  });
});
