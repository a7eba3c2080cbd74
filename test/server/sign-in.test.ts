import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { SignInOptions } from '../../src/server/sign-in/sign-in.ts';
import { startService } from '../kit/service.ts';

let answer: RequestListener = () => {};
const server = createServer((request, response) => answer(request, response));
await once(server.listen(0, '127.0.0.1'), 'listening');
afterAll(() => void server.close().closeAllConnections());

const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const metadata = {
  issuer,
  authorization_endpoint: 'https://login.example/authorize?tenant=1',
  token_endpoint: 'https://tokens.example/token',
  revocation_endpoint: 'https://tokens.example/revoke',
  userinfo_endpoint: 'https://users.example/me',
};
const signIn: SignInOptions = { issuer, clientId: 'pages', scopes: 'openid', token: 'access', parameters: {} };
const service = await startService();

let asked: string[] = [];
beforeEach(() => {
  asked = [];
  publish(JSON.stringify(metadata));
});

function publish(body: string, status = 200): void {
  answer = ({ url = '' }, response) => {
    asked.push(url);
    response.writeHead(status).end(body);
  };
}

/** Asks a service that has asked its issuer for nothing yet. */
function aService(options: { signIn?: SignInOptions } = { signIn }) {
  const { fetch } = service.anotherInstance({ graphiql: true, ...options });
  return (path: string, init?: RequestInit) =>
    fetch(new Request(`http://localhost${path}`, { headers: { accept: 'text/html' }, ...init }));
}

const policyOf = (response: Response) => response.headers.get('content-security-policy')?.split('; ') ?? [];

describe('the settings of a sign-in', () => {
  it('have what a page needs of the issuer, and nothing else', async () => {
    const response = await aService()('/sign-in/settings.json');

    const { userinfo_endpoint: _, ...provider } = metadata;
    expect(await response.json()).toEqual({
      provider,
      clientId: 'pages',
      scopes: 'openid',
      token: 'access',
      parameters: {},
    });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('are fetched once, also by requests at the same time', async () => {
    const ask = aService();
    expect(asked).toEqual([]);

    await Promise.all([ask('/sign-in/settings.json'), ask('/sign-in/settings.json'), ask('/graphql')]);
    await ask('/v1/docs');

    expect(asked).toEqual(['/.well-known/openid-configuration']);
  });

  it('take an issuer with or without a slash at its end', async () => {
    const response = await aService({ signIn: { ...signIn, issuer: `${issuer}/` } })('/sign-in/settings.json');

    expect(response.status).toBe(200);
    expect(asked).toEqual(['/.well-known/openid-configuration']);
  });

  it.each([
    ['answers with an error', 'secret', 500, 'answered with status 500 at'],
    ['answers with no JSON', 'secret', 200, 'answered with no JSON at'],
    ['lacks an endpoint', JSON.stringify({ ...metadata, token_endpoint: undefined }), 200, '(token_endpoint)'],
    ['names a script', JSON.stringify({ ...metadata, token_endpoint: 'javascript:1' }), 200, '(token_endpoint)'],
    [
      'is another one',
      JSON.stringify({ ...metadata, issuer: 'https://other.example' }),
      200,
      'calls itself https://other',
    ],
  ])('say what is wrong with an issuer that %s, and are right once it is', async (_what, body, status, told) => {
    const ask = aService();
    publish(body, status);

    const response = await ask('/sign-in/settings.json');

    expect(response.status).toBe(503);
    const { problem } = await response.json();
    expect(problem).toContain(told);
    expect(problem).not.toContain('secret');
    publish(JSON.stringify(metadata));
    expect((await ask('/sign-in/settings.json')).status).toBe(200);
  });
});

describe('a page whose users sign in', () => {
  it.each(['/graphql', '/v1/docs'])('may ask the issuer for tokens, and nobody else: %s', async (path) => {
    const response = await aService()(path);

    expect(policyOf(response)).toContain("connect-src 'self' https://tokens.example");
    expect(policyOf(response)).toContain("frame-src 'self' https://login.example");
    expect(policyOf(response)).toContain("frame-ancestors 'none'");
    expect(await response.text()).toMatch(/ type="module" src="\/assets\/sign-in-[\w-]{16}\/page\.js"><\/script>/);
  });

  it.each(['/graphql', '/v1/docs'])('is shown where the issuer is away, and asks nobody: %s', async (path) => {
    publish('', 500);

    const response = await aService()(path);

    expect(response.status).toBe(200);
    expect(policyOf(response)).toContain("connect-src 'self'");
  });

  it.each(['/graphql', '/v1/docs'])('is as it was where nobody signs in with a browser: %s', async (path) => {
    const ask = aService({});

    const response = await ask(path);

    expect(policyOf(response).join()).not.toMatch(/frame-src|example/);
    expect(await response.text()).not.toContain('/page.js');
    expect((await ask('/sign-in')).status).toBe(404);
    expect((await ask('/sign-in/settings.json')).status).toBe(404);
  });
});

describe('/sign-in', () => {
  it('may be in a frame of a page of ours alone, loads scripts of ours alone, and tells nobody its address', async () => {
    const response = await aService()('/sign-in?code=abc&state=def');

    expect(response.status).toBe(200);
    expect(policyOf(response)).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'self'",
    ]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'x-frame-options': 'SAMEORIGIN',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(response.headers.get('set-cookie')).toBeNull();
    expect(await response.text()).not.toContain('abc');
  });

  it('loads scripts that import no package by its name', async () => {
    const ask = aService();
    const folder = /src="(.*)\/callback\.js"/.exec(await (await ask('/sign-in')).text())?.[1];
    const found = new Set<string>();
    const follow = async (name: string): Promise<void> => {
      if (found.has(name)) return;
      found.add(name);
      const response = await ask(`${folder}/${name}`);
      expect([name, response.status]).toEqual([name, 200]);
      const imported = [...(await response.text()).matchAll(/^import .* from '(.*)';$/gm)].map(
        ([, from]) => from ?? '',
      );
      expect(imported.filter((from) => !from.startsWith('./'))).toEqual([]);
      await Promise.all(imported.map((from) => follow(from.slice(2))));
    };

    for (const name of ['callback.js', 'page.js', 'paste.js', 'personas.js']) await follow(name);

    expect(found.size).toBeGreaterThan(12);
  });

  it('is read, and not written', async () => {
    const response = await aService()('/sign-in', { method: 'POST' });

    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });
});
