import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../../commands/process.ts';
import { SetAlias } from '../../kit/aliases.ts';
import { startService } from '../../kit/service.ts';
import { aModelgateThat, aServer, longMs, mistakes, outages, shortMs } from './broken-modelgate.ts';
import { aGovernedOrganization } from './governed-organization.ts';
import { startedAt } from './processes.ts';

const service = await startService();
const workerd = join(import.meta.dirname, '../node_modules/workerd/bin/workerd');
const config = join(projectFolder, 'integrations/cloudflare-worker/workerd.capnp');

interface Setting {
  modelgate: string;
  key?: string;
  provider?: string;
  timeoutMs?: number;
  /** What the token `gateway-token` stands for. */
  caller?: string;
}

const aWorker = ({
  modelgate,
  key = 'mgk_test',
  provider = 'http://127.0.0.1:9',
  caller = 'user:usr_a',
  timeoutMs = longMs,
}: Setting) =>
  startedAt((port) => ({
    parameters: [workerd, 'serve', config, '--socket-addr', `http=127.0.0.1:${port}`],
    env: {
      MODELGATE_URL: modelgate,
      MODELGATE_API_KEY: key,
      MODELGATE_TIMEOUT_MS: `${timeoutMs}`,
      PROVIDER: 'openai',
      PROVIDER_URL: provider,
      PROVIDER_API_KEY: 'sk-provider',
      CALLERS: JSON.stringify({ 'gateway-token': caller }),
    },
  }));

/** A provider that answers in pieces, as models do. */
const aProvider = () =>
  aServer((_asked, response) => {
    response.setHeader('content-type', 'text/event-stream').write('data: one\n\n');
    setImmediate(() => response.end('data: [DONE]\n\n'));
  });

async function call(worker: { url: string }, body: unknown, init: RequestInit = {}) {
  const response = await fetch(`${worker.url}/v1/chat/completions?trace=1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer gateway-token' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  });
  const text = await response.text();
  return { status: response.status, text, error: response.status >= 400 ? JSON.parse(text).error : undefined };
}

describe('a Cloudflare Worker', () => {
  it('forwards calls of models that are allowed, and refuses the rest with 403 and why', async () => {
    const { url, key, organization, admin, member } = await aGovernedOrganization(service);
    const input = { organizationId: organization.id, name: 'fast', targets: ['gpt-4o'] };
    await service.ask(SetAlias, { input }, { as: admin });
    const provider = await aProvider();
    const worker = await aWorker({
      modelgate: url,
      key: key.token,
      provider: provider.url,
      caller: `user:${member.id}`,
    });

    expect(await call(worker, { model: 'gpt-4o', stream: true })).toMatchObject({
      status: 200,
      text: 'data: one\n\ndata: [DONE]\n\n',
    });
    expect(await call(worker, { model: 'fast' })).toMatchObject({ status: 200 });
    expect(await call(worker, { model: 'gpt-4o-mini' })).toMatchObject({
      status: 403,
      error: { code: 'MODEL_DISABLED', message: 'Your organization does not allow GPT-4o mini (MODEL_DISABLED)' },
    });
    expect(await call(worker, { model: 'nonsense' })).toMatchObject({ status: 403, error: { code: 'UNKNOWN_MODEL' } });
    expect(await call(worker, { model: 'claude-sonnet-5' })).toMatchObject({
      status: 403,
      error: { code: 'OTHER_PROVIDER' },
    });

    expect(provider.asked).toMatchObject([
      { path: '/v1/chat/completions?trace=1', key: 'Bearer sk-provider', body: { model: 'gpt-4o', stream: true } },
      { path: '/v1/chat/completions?trace=1', key: 'Bearer sk-provider', body: { model: 'gpt-4o' } },
    ]);
  });

  it('lists the models of its provider that its caller may use', async () => {
    const { url, key, member } = await aGovernedOrganization(service);
    const worker = await aWorker({ modelgate: url, key: key.token, caller: `user:${member.id}` });

    const response = await fetch(`${worker.url}/v1/models`, { headers: { authorization: 'Bearer gateway-token' } });
    const ids = (await response.json()).data.map(({ id }: { id: string }) => id);

    expect(ids).toContain('gpt-4o');
    expect(ids).not.toContain('gpt-4o-mini');
    expect(ids.some((id: string) => id.startsWith('claude'))).toBe(false);
  });

  it('refuses what names no model, no caller or nothing that it can read, and forwards the model that it asked about', async () => {
    const allowing = '{"decision":true,"context":{"model":"openai/gpt-4o"}}';
    const modelgate = await aServer((_asked, response) => response.end(allowing));
    const provider = await aProvider();
    const worker = await aWorker({ modelgate: modelgate.url, provider: provider.url });
    const statusOf = async (body: unknown, init?: RequestInit) => (await call(worker, body, init)).status;
    const authorization = 'Bearer gateway-token';
    const json = 'application/json';

    expect(await statusOf({})).toBe(403);
    expect(await statusOf({ model: ['gpt-4o'] })).toBe(403);
    expect(await statusOf({ model: 'gpt-4o', Model: 'o3' })).toBe(403);
    expect(await statusOf('{"model":"gpt-4o"')).toBe(400);
    expect(await statusOf('null')).toBe(403);
    expect(await statusOf('model=gpt-4o', { headers: { authorization, 'content-type': 'text/plain' } })).toBe(415);
    expect(await statusOf({ model: 'gpt-4o' }, { headers: { 'content-type': json } })).toBe(401);
    expect(
      await statusOf({ model: 'gpt-4o' }, { headers: { authorization: 'Bearer other', 'content-type': json } }),
    ).toBe(401);
    expect(await statusOf({ model: 'gpt-4o' }, { method: 'PUT' })).toBe(405);
    // It reads no further, and so the connection can be closed before the answer is read.
    const tooLong = await statusOf({ model: 'gpt-4o', prompt: 'x'.repeat(20_000_001) }).catch(() => 413);
    expect(tooLong).toBe(413);
    expect(modelgate.asked).toEqual([]);
    expect(await statusOf('{"model":"other","model":"gpt-4o"}')).toBe(200);
    expect(modelgate.asked[0]?.body.resource.id).toBe('gpt-4o');
    expect(provider.asked).toMatchObject([{ body: { model: 'gpt-4o' } }]);
  });
});

describe('a Cloudflare Worker, where Modelgate', () => {
  it.each([...outages, ...mistakes])('%s: refuses with 503, and forwards nothing', async (fault) => {
    const provider = await aProvider();
    const worker = await aWorker({
      modelgate: await aModelgateThat(fault),
      provider: provider.url,
      timeoutMs: shortMs,
    });

    const { status, error } = await call(worker, { model: 'gpt-4o' });

    expect(status).toBe(503);
    expect(error).toMatchObject({ code: 'UNDECIDED', message: expect.stringContaining('cannot be asked') });
    expect(provider.asked).toEqual([]);
  });

  it('has no address: refuses', async () => {
    const worker = await aWorker({ modelgate: '' });

    expect((await call(worker, { model: 'gpt-4o' })).status).toBe(500);
  });
});
