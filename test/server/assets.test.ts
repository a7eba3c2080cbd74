import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { trustedIssuer } from '../kit/issuer.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';

const demo = { ...trustedIssuer, jwks: { keys: [] }, mint: async (id: string) => `token of ${id}` };
const service = await startService({ graphiql: true, demo });
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  service.fetch(new Request(`http://localhost${path}`, { method, headers: { host: 'localhost:4000', ...headers } }));

const page = await (await ask('/graphql', { accept: 'text/html' })).text();
const script = /src="(\/assets\/graphiql-[\w-]{16}\/start\.js)"/.exec(page)?.[1] ?? '';

describe('a static file of a page', () => {
  it.each([
    ['br', 'gzip, deflate, br, zstd', brotliDecompressSync],
    ['gzip', 'gzip, br;q=0', gunzipSync],
    [null, 'identity', (content: Buffer) => content],
  ] as const)('is encoded as %s for who accepts %s', async (encoding, accepted, decode) => {
    const response = await ask(script, { 'accept-encoding': accepted });
    const content = Buffer.from(await response.arrayBuffer());

    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('content-length')).toBe(String(content.length));
    expect(decode(content).toString()).toContain('renderYogaGraphiQL');
  });

  it('is kept by browsers and proxies for good, since another one has another address', async () => {
    const { headers } = await ask(script);

    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      vary: 'accept-encoding',
      'x-content-type-options': 'nosniff',
    });
  });

  it('is not found at an address of another version, by another method, or beside its folder', async () => {
    const other = script.replace(/-[\w-]{16}\//, '-AAAAAAAAAAAAAAAA/');

    expect((await ask(other)).status).toBe(404);
    expect((await ask(script, {}, 'POST')).status).toBe(404);
    expect((await ask(script.replace('start.js', '../../package.json'))).status).toBe(404);
    expect((await ask(script.replace('start.js', 'constructor'))).status).toBe(404);
  });

  it('is also of the page of the REST API', async () => {
    const docs = await (await ask('/v1/docs')).text();
    const paths = [...docs.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');

    expect(paths).toHaveLength(5);
    for (const path of paths) expect((await ask(path)).headers.get('cache-control')).toContain('immutable');
  });

  it('has no content for HEAD', async () => {
    const { url, close } = await listenOnLoopback(service.listener);
    afterAll(close);

    const response = await fetch(url + script, { method: 'HEAD' });

    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(100);
    expect(await response.text()).toBe('');
  });
});

describe('the tokens of the demo world', () => {
  const tokens = '/sign-in/personas.json';

  it('are given to pages on this machine', async () => {
    const response = await ask(tokens, { 'sec-fetch-site': 'same-origin' });

    expect(await response.json()).toMatchObject({ admin: 'token of usr_abc123def456' });
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(page).not.toContain('token of');
  });

  it.each([
    ['a name that resolves to it', { host: 'rebound.example' }],
    ['a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['a link', { 'sec-fetch-site': 'none' }],
    ['others, by a proxy that says so', { 'x-forwarded-for': '203.0.113.7' }],
    ['others, by a proxy of the standard', { forwarded: 'for=203.0.113.7' }],
    ['others, by a tunnel', { via: '1.1 tunnel', 'sec-fetch-site': 'same-origin' }],
  ])('are not given to %s', async (_, headers) => {
    expect((await ask(tokens, headers)).status).toBe(404);
  });

  it.each([
    ['by another name', { host: 'rebound.example' }],
    ['through a proxy', { 'x-forwarded-for': '203.0.113.7' }],
  ])('are not those of a page that is opened %s', async (_, headers) => {
    const elsewhere = await (await ask('/graphql', { accept: 'text/html', ...headers })).text();

    expect(elsewhere).toContain('WhoAmI');
    expect(elsewhere).not.toMatch(/personas|demo world/);
  });

  it('are not given where the service has no demo world, or listens to other machines', async () => {
    const { fetch } = service.anotherInstance({ graphiql: true, demo: undefined });

    const request = new Request(`http://localhost${tokens}`, { headers: { host: 'localhost' } });
    expect((await fetch(request)).status).toBe(404);
  });
});
