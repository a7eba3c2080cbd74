import { existsSync, mkdirSync } from 'node:fs';
import { request as requestOverHttp } from 'node:http';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { aCall } from '../kit/ext-authz.ts';
import { anApiKey } from '../kit/keys.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { temporaryFolder } from '../kit/temporary-postgres.ts';
import { addressOf } from './asked.ts';
import { aProvider, freePort, isInstalled, recipes, startProxy, writeRecipe } from './proxy.ts';

const service = await startService({ extAuthz: { takesCutBodies: false } });
const modelgate = new URL(await addressOf(service)).host;
const world = await service.aWorld();
const { organization, admin } = world;
await service.ask(
  UpdateSettings,
  { input: { organizationId: organization.id, disabledModels: ['gpt-4o-mini'] } },
  { as: admin },
);
const { token } = await anApiKey(service, world, ['READ']);
await service.heard();

const provider = await aProvider();
const { folder, remove } = await temporaryFolder();
afterAll(remove);

/** What a client sends that wants to be taken for somebody else, or for one who asks for another model. */
const spoofed = {
  'x-modelgate-authorization': 'Bearer no.token',
  'x-modelgate-subject': 'usr_of_somebody_else',
  'x-modelgate-model': 'gpt-4o',
  'x-ai-eg-model': 'gpt-4o',
  'x-organization-id': 'org_of_somebody_else',
};

interface Answer {
  status: number;
  body: string;
}

/** Calls through a proxy, as a client does. The target is sent to the letter. */
function callsOf(port: number) {
  return (path: string, body?: string, headers: Record<string, string> = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = requestOverHttp({
        ...{ hostname: '127.0.0.1', port, path, agent: false, method: body === undefined ? 'GET' : 'POST' },
        headers: {
          authorization: 'Bearer sk-of-the-provider',
          ...(body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
          ...headers,
        },
      });
      sent.on('error', reject);
      sent.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece: string) => {
          text += piece;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      });
      sent.end(body);
    });
}

const reasonsIn = ({ body }: Answer) => (JSON.parse(body) as { error: { reasons: string[] } }).error.reasons;

async function startNginx(
  config: string,
  more: { top?: string; names?: Record<string, string> } = {},
): Promise<number> {
  const port = await freePort();
  const own = join(folder, `nginx-${port}`);
  mkdirSync(own);
  const names = {
    'modelgate.internal:4000': modelgate,
    'provider.internal:80': provider.host,
    'listen 8080': `listen 127.0.0.1:${port}`,
    YOUR_API_KEY: token,
    ...more.names,
  };
  writeRecipe(join(own, 'recipe.conf'), config, names);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${own}/${kind};`,
  );
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const whole = `${more.top ?? ''} ${user} daemon off; pid ${own}/pid; error_log stderr; events {}
    http { access_log off; ${temporary.join(' ')} include ${own}/recipe.conf; }`;
  writeRecipe(join(own, 'nginx.conf'), whole, {});
  await startProxy('nginx', ['-p', own, '-e', 'stderr', '-c', join(own, 'nginx.conf')], port);
  return port;
}

/** A caller may use `gpt-4o`, and not `gpt-4o-mini`. */
async function expectsTheBodyToDecide(call: ReturnType<typeof callsOf>) {
  expect(await call('/v1/chat/completions?x=1', aCall('gpt-4o'), spoofed)).toEqual({ status: 200, body: 'provided' });
  const [forwarded] = provider.take();
  expect(forwarded).toMatchObject({
    method: 'POST',
    url: '/v1/chat/completions?x=1',
    body: aCall('gpt-4o'),
    headers: { authorization: 'Bearer sk-of-the-provider', 'x-modelgate-model': 'openai/gpt-4o' },
  });

  const refused = await call('/v1/chat/completions', aCall('gpt-4o-mini'), spoofed);
  expect([refused.status, reasonsIn(refused)]).toEqual([403, ['MODEL_DISABLED']]);
  expect(refused.body).toContain('Your organization does not allow GPT-4o mini');
  for (const path of ['/v1/chat/completions', '/../health', '/%2e%2e/health', '/_modelgate', '//health']) {
    const answer = await call(path, undefined, spoofed);
    expect(answer.status, path).toBeGreaterThanOrEqual(400);
  }
  const twice = await call('/v1/chat/completions', '{"model":"gpt-4o","model":"gpt-4o-mini"}');
  expect([twice.status, reasonsIn(twice)]).toEqual([403, ['MODEL_AMBIGUOUS']]);
  expect(provider.take()).toEqual([]);
}

const [bodyRecipe = '', pathRecipe = ''] = recipes('nginx');
const module = '/usr/lib/nginx/modules/ngx_http_js_module.so';
const hasNginx = isInstalled('nginx', '-v');

/** The script of the recipe, where nginx finds it. */
function withScript() {
  const scripts = join(folder, 'njs');
  mkdirSync(scripts, { recursive: true });
  writeRecipe(join(scripts, 'modelgate.js'), recipes('js')[0] ?? '', {});
  return { top: `load_module ${module};`, names: { '/etc/nginx/njs': scripts } };
}

describe('nginx', () => {
  it.skipIf(!hasNginx || !existsSync(module))(
    'lets the body decide, by njs (skipped without nginx and its njs module)',
    async () => {
      const call = callsOf(await startNginx(bodyRecipe, withScript()));

      await expectsTheBodyToDecide(call);
      expect((await call('/v1/chat/completions', aCall('gpt-4o', 'x'.repeat(900_000)))).status).toBe(200);
      expect((await call('/v1/chat/completions', aCall('gpt-4o', 'x'.repeat(2_000_000)))).status).toBe(413);
    },
  );

  it.skipIf(!hasNginx)('lets the path decide, by auth_request (skipped without nginx)', async () => {
    const call = callsOf(await startNginx(pathRecipe));
    const path = (model: string) => `/openai/deployments/${model}/chat/completions?api-version=1`;
    provider.take();

    expect(await call(path('gpt-4o'), aCall('whatever'), spoofed)).toEqual({ status: 200, body: 'provided' });
    expect(provider.take()).toMatchObject([
      { url: path('gpt-4o'), headers: { 'x-modelgate-model': 'openai/gpt-4o' }, body: aCall('whatever') },
    ]);
    const refused = await call(path('gpt-4o-mini'), aCall('gpt-4o'), spoofed);
    expect([refused.status, reasonsIn(refused)]).toEqual([403, ['MODEL_DISABLED']]);
    expect((await call('/openai/deployments/', undefined, spoofed)).status).toBe(403);
    for (const hidden of [
      'gpt-4o/../gpt-4o-mini',
      'gpt-4o%2f..%2fgpt-4o-mini',
      'gpt-4o//..//gpt-4o-mini',
      'gpt-4o\\..\\gpt-4o-mini',
    ])
      expect((await call(path(hidden), '{}', spoofed)).status).toBe(400);
    expect((await call('/health')).status).toBe(404);
    expect(provider.take()).toEqual([]);
  });

  it.skipIf(!hasNginx)('refuses all while Modelgate does not answer (skipped without nginx)', async () => {
    const away = { 'modelgate.internal:4000': `127.0.0.1:${await freePort()}` };
    const byPath = callsOf(await startNginx(pathRecipe, { names: away }));
    expect((await byPath('/openai/deployments/gpt-4o/chat/completions', '{}')).status).toBe(500);

    if (existsSync(module)) {
      const { top, names } = withScript();
      const byBody = callsOf(await startNginx(bodyRecipe, { top, names: { ...names, ...away } }));
      expect(await byBody('/v1/chat/completions', aCall('gpt-4o'))).toEqual({
        status: 503,
        body: '{"error":{"message":"Modelgate does not answer"}}',
      });
    }
    expect(provider.take()).toEqual([]);
  });
});

describe('HAProxy', () => {
  const startHAProxy = async (address: string): Promise<number> => {
    const port = await freePort();
    const script = join(folder, `modelgate-${port}.lua`);
    writeRecipe(script, recipes('lua')[0] ?? '', { '127.0.0.1:4000': address, YOUR_API_KEY: token });
    const config = writeRecipe(join(folder, `haproxy-${port}.cfg`), recipes('haproxy')[0] ?? '', {
      '/etc/haproxy/modelgate.lua': script,
      'bind :8080': `bind 127.0.0.1:${port}`,
      'provider.internal:80': provider.host,
    });
    await startProxy('haproxy', ['-db', '-f', config], port);
    return port;
  };
  const hasHAProxy = isInstalled('haproxy', '-v');

  it.skipIf(!hasHAProxy)('lets the body decide (skipped without haproxy)', async () => {
    const call = callsOf(await startHAProxy(modelgate));
    provider.take();

    await expectsTheBodyToDecide(call);
    expect((await call('/v1/chat/completions', aCall('gpt-4o', 'x'.repeat(900_000)))).status).toBe(200);
    const cut = await call('/v1/chat/completions', aCall('gpt-4o', 'x'.repeat(2_000_000)));
    expect([cut.status, reasonsIn(cut)]).toEqual([403, ['BODY_CUT']]);
    provider.take();
  });

  it.skipIf(!hasHAProxy)(
    'refuses all while Modelgate does not answer (skipped without haproxy)',
    async () => {
      const call = callsOf(await startHAProxy(`127.0.0.1:${await freePort()}`));

      expect((await call('/v1/chat/completions', aCall('gpt-4o'))).status).toBe(503);
      expect(provider.take()).toEqual([]);
      // It tries for some seconds.
    },
    30_000,
  );
});

describe('the configurations of other proxies', () => {
  it('are well-formed, and none lets calls pass that could not be decided', () => {
    const blocks = recipes('yaml');

    expect(blocks).toHaveLength(7);
    for (const block of blocks) {
      expect(parseAllDocuments(block).flatMap(({ errors }) => errors)).toEqual([]);
      expect(block).not.toMatch(/failOpen: true|failureMode/i);
    }
  });
});
