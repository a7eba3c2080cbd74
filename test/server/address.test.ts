import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { url, close } = await listenOnLoopback(service.listener);
afterAll(close);
const world = await service.aWorld();
const token = await mint({ sub: world.admin.id });

interface Sent {
  method?: string;
  host?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Sends a request line to the letter, and reads what comes until the connection is closed. */
async function send(target: string, { method = 'GET', host = 'localhost', headers = {}, body = '' }: Sent = {}) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.on('data', (data) => {
    answer += data;
  });
  const all = { host, connection: 'close', 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.write([`${method} ${target} HTTP/1.1`, ...lines, '', body].join('\r\n'));
  await once(socket, 'close');
  const [head = '', ...text] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head: head.toLowerCase(), body: text.join('\r\n\r\n') };
}

const asJson = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
const query = JSON.stringify({ query: '{ __typename }' });

describe('a Host that is none', () => {
  const hosts = [
    '[',
    'a b',
    'a:b:c',
    'x/health?',
    'x#',
    'user@x',
    '[::1',
    '[x]',
    'é',
    `${'x'.repeat(400)}`,
    '::1',
    'x:port',
  ];

  it.each(hosts)('is refused, whatever is asked for: %s', async (host) => {
    const answers = await Promise.all([
      send('/health', { host }),
      send('/nowhere', { host }),
      send('/v1/organizations', { host }),
      send('/graphql', { host, method: 'POST', headers: asJson, body: query }),
      send('/graphql?query={__typename}', { host, headers: { 'x-graphql-yoga-csrf': '1' } }),
    ]);

    for (const { status, head, body } of answers) {
      expect(status).toBe(400);
      expect(JSON.parse(body).errors).toMatchObject([
        { extensions: { code: 'VALIDATION_ERROR', status: 400, traceId: expect.any(String) } },
      ]);
      expect(head).toContain('x-content-type-options: nosniff');
      expect(body).not.toMatch(/node_modules|at .*\.js/);
    }
  });

  it('leaves a line in the log, like any other request', async () => {
    const { head } = await send('/health?secret=1', { host: 'a:b:c', headers: { 'x-request-id': 'bad-host' } });

    expect(head).toContain('x-request-id: bad-host');
    expect(service.logLines().filter(({ traceId }) => traceId === 'bad-host')).toMatchObject([
      { method: 'GET', path: '/health', status: 400, outcome: 'VALIDATION_ERROR' },
    ]);
    await send('ftp://user:secret@x/', { headers: { 'x-request-id': 'bad-path' } });
    const line = service.logLines().find(({ traceId }) => traceId === 'bad-path');
    expect(line).toMatchObject({ status: 400 });
    expect(JSON.stringify(line)).not.toContain('secret');
  });
});

it.each(['', 'localhost', 'x.example:8080', '127.0.0.1:1', '[::1]:4000', 'my_service', 'x:'])(
  'a Host may be "%s"',
  async (host) => {
    expect((await send('/health', { host })).status).toBe(200);
  },
);

describe('a whole URL in the request line', () => {
  it.each(['http://x', 'http://x:99', 'HTTPS://[::1]', 'http://user:pw@x', 'http://localhost'])(
    'is answered as its path: %s',
    async (prefix) => {
      const health = await send(`${prefix}/health`);
      const settings = await send(`${prefix}/v1/organizations/${world.organization.id}/model-settings`, {
        headers: asJson,
      });
      const graph = await send(`${prefix}/graphql`, { method: 'POST', headers: asJson, body: query });
      const read = await send(`${prefix}/graphql?query=%7B__typename%7D`, { headers: { ...asJson, accept: '*/*' } });

      expect(health).toMatchObject({ status: 200, body: expect.stringContaining('{"status":"ok"}') });
      expect(settings.status).toBe(200);
      expect(graph).toMatchObject({ status: 200, body: '{"data":{"__typename":"Query"}}' });
      expect(read).toMatchObject({ status: 200, body: '{"data":{"__typename":"Query"}}' });
    },
  );

  it('without a path is that of the root', async () => {
    expect((await send('http://x')).body).toContain('"name":"modelgate"');
  });
});

it.each(['*', 'http://[', 'http://', 'http:health', 'ftp://x/health', '/health#x', '/graphql?query=%ff'])(
  'a request line that asks for no path is refused: %s',
  async (target) => {
    const { status } = await send(target, { method: target === '*' ? 'OPTIONS' : 'GET', headers: asJson });

    expect(status).toBe(400);
  },
);

it.each([
  '//',
  '//x/health',
  '/health/yoga',
  '/x/health/yoga',
  '/health/',
  '/x/graphql',
  '/nowhere?x=/graphql',
  '/graphql/x',
  '/graphqlx',
  '/v2/organizations',
  '/v1/..%2f',
  '/%ff',
  '/%zz',
  '/v1/%c3%28',
])('a path that is nobody is answered 404, with an error: %s', async (target) => {
  for (const accept of ['*/*', 'text/html']) {
    const { status, head, body } = await send(target, { headers: { accept } });

    expect(status).toBe(404);
    expect(head).toContain('content-type: application/json');
    expect(body).toContain('"NOT_FOUND"');
  }
});

it('without a port it is the same', async () => {
  const status = async (path: string, headers = {}) =>
    (await service.fetch(new Request(`http://anything${path}`, { headers }))).status;

  expect(await status('/health')).toBe(200);
  expect(await status('/health/yoga')).toBe(404);
  expect(await status('/graphql?query=%ff', asJson)).toBe(400);
  expect(await status('/health', { host: 'a:b:c' })).toBe(400);
});

describe('every answer', () => {
  it.each<[string, string, Sent, number]>([
    ['a question', '/graphql', { method: 'POST', headers: asJson, body: query }, 200],
    ['a question that was asked before', '/graphql', { method: 'POST', headers: asJson, body: query }, 200],
    ['a fault', '/graphql', { method: 'POST', headers: asJson, body: '{' }, 400],
    ['a form', '/graphql', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: query }, 403],
    ['a REST view', `/v1/organizations/${world.organization.id}/model-settings`, { headers: asJson }, 200],
    ['a REST view again', `/v1/organizations/${world.organization.id}/model-settings`, { headers: asJson }, 200],
    ['a REST fault', '/v1/nowhere', {}, 404],
    ['the REST document', '/v1/openapi.json', {}, 200],
    ['a route', '/ready', {}, 200],
    ['a route by another method', '/ready', { method: 'DELETE' }, 405],
    ['nobody', '/nowhere', {}, 404],
  ])('tells browsers to take it for what it says that it is: %s', async (_, target, sent, status) => {
    const answer = await send(target, sent);

    expect(answer.status).toBe(status);
    expect(answer.head.match(/x-content-type-options: nosniff/g)).toHaveLength(1);
  });

  it('that is a page has a policy, and is shown in no frame', async () => {
    const { status, head } = await send('/v1/docs');

    expect(status).toBe(200);
    expect(head).toMatch(/content-security-policy: .*frame-ancestors 'none'/);
    expect(head).toContain('x-frame-options: deny');
  });

  it.each([
    ['the graph', '/graphql', { method: 'POST', headers: { ...asJson, authorization: 'Bearer x' }, body: query }],
    ['the graph, read', '/graphql?query={__typename}', { headers: { authorization: 'Bearer x' } }],
    ['the system of organizations', '/v1/organizations', {}],
    ['the system of model configurations', '/v1/model-configs', {}],
    ['the same with a token that does not hold', '/v1/model-configs', { headers: { authorization: 'Bearer x' } }],
  ])('that is 401 says how to sign in, once: %s', async (_, target, sent: Sent) => {
    const { status, head } = await send(target, sent);

    expect(status).toBe(401);
    expect(head.match(/www-authenticate: bearer\r\n/g)).toHaveLength(1);
  });
});
