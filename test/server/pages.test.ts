import { afterAll, describe, expect, it } from 'vitest';
import { version } from '../../src/program.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { type Service, startService } from '../kit/service.ts';

const service = await startService();
const browser = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };
const ask = (path: string, headers: Record<string, string> = {}, { fetch }: Pick<Service, 'fetch'> = service) =>
  fetch(new Request(`http://localhost${path}`, { headers: { host: 'gate.example', ...headers } }));

describe('/', () => {
  it('says to programs what the service is, and where to go', async () => {
    const response = await ask('/', { accept: '*/*' });

    expect(await response.json()).toEqual({
      name: 'modelgate',
      version: version(),
      status: 'ready',
      mode: 'external',
      links: {
        graphql: '/graphql',
        restDocs: '/v1/docs',
        openapi: '/v1/openapi.json',
        health: '/health',
        ready: '/ready',
      },
    });
    expect(Object.fromEntries(response.headers)).toMatchObject({ 'cache-control': 'no-store', vary: 'accept' });
  });

  it('says the same to browsers, as a page without a script, whose links lead somewhere', async () => {
    const embedded = service.anotherInstance({ graphiql: true, introspection: 'everyone', jwks: { keys: [] } });
    const response = await ask('/', browser, embedded);
    const text = await response.text();
    const links = [...text.matchAll(/href="([^"]+)"/g)].map(([, path]) => path ?? '');

    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'; /);
    expect(text).toContain(`Version ${version()} is <strong>ready</strong>`);
    expect(text).not.toContain('<script');
    expect(links).toHaveLength(9);
    for (const path of links) expect([path, (await ask(path, browser, embedded)).status]).toEqual([path, 200]);
    expect(await (await ask('/schema.graphql', {}, embedded)).text()).toContain('type Query');
  });

  it('keeps the schema from everybody where introspection is for those who have signed in', async () => {
    expect((await ask('/schema.graphql')).status).toBe(404);
  });

  it('has no content for HEAD, and is not written', async () => {
    const { url, close } = await listenOnLoopback(service.listener);
    afterAll(close);

    const head = await fetch(url, { method: 'HEAD', headers: browser });

    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await fetch(url, { method: 'POST' })).status).toBe(404);
  });
});

describe('/graphql in a browser, without GraphiQL', () => {
  it('says what it is, with a command that can be pasted', async () => {
    const response = await ask('/graphql', browser);
    const text = await response.text();

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(text).toContain('https://gate.example/graphql');
    expect(text).toContain('GRAPHIQL=true');
  });

  it('shows no host that could be more than a name', async () => {
    const text = await (await ask('/graphql', { ...browser, host: "$(x)'" })).text();

    expect(text).toContain('https://modelgate.example/graphql');
    expect(text).not.toContain('$(x)');
  });

  it('answers queries, and programs, as ever', async () => {
    const linked = await ask('/graphql?query={__typename}', { ...browser, authorization: 'Bearer x' });
    const program = await ask('/graphql', { accept: 'application/json' });

    expect(linked.headers.get('content-type')).toContain('json');
    expect(program.headers.get('content-type')).toContain('json');
  });
});
