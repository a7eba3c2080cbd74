import { describe, expect, it } from 'vitest';
import { startService } from '../kit/service.ts';

const listed = 'https://app.example';
const closed = await startService();
const open = await startService({ corsOrigins: new Set([listed, 'http://localhost:3000']) });

const url = 'http://localhost/graphql';
const ask = (service: typeof open, origin: string) =>
  service.fetch(
    new Request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: '{"query":"{ __typename }"}',
    }),
  );
const askBefore = (service: typeof open, origin: string) =>
  service.fetch(
    new Request(url, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    }),
  );

/** What an answer says to the browser about other origins. */
const grants = ({ headers }: Response) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));

describe('a page of a listed origin', () => {
  it('may read the answer, and the headers that it needs', async () => {
    const response = await ask(open, listed);

    expect(response.status).toBe(200);
    expect(grants(response)).toEqual({
      'access-control-allow-origin': listed,
      // The SDK verifies the signature in pages too.
      'access-control-expose-headers': expect.stringMatching(/\bmodelgate-signature, .*\bretry-after\b/),
    });
    expect(response.headers.get('vary')).toBe('Origin');
  });

  it('is allowed to ask, with a token', async () => {
    const response = await askBefore(open, listed);

    expect(response.status).toBe(204);
    expect(grants(response)).toEqual({
      'access-control-allow-origin': listed,
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': expect.stringMatching(/\bcontent-type\b.*\bauthorization\b/),
      'access-control-expose-headers': expect.any(String),
      'access-control-max-age': '7200',
    });
  });
});

describe('a page of another origin', () => {
  it.each([
    'https://evil.example',
    'https://app.example.evil.example',
    'https://APP.example',
    'http://app.example',
    'https://app.example:8443',
    'null',
  ])('%s may read nothing', async (origin) => {
    expect(grants(await ask(open, origin))).toEqual({});
    expect(grants(await askBefore(open, origin))).toEqual({});
  });

  it('has an answer that no cache may give to another', async () => {
    expect((await ask(open, 'https://evil.example')).headers.get('vary')).toBe('Origin');
  });
});

describe('without listed origins', () => {
  it('no page may read anything', async () => {
    expect(grants(await ask(closed, listed))).toEqual({});
    expect(grants(await askBefore(closed, listed))).toEqual({});
  });
});

describe('a credential', () => {
  it('is never taken from a cookie: no answer allows it', async () => {
    for (const response of [await ask(open, listed), await askBefore(open, listed)]) {
      expect(response.headers.get('access-control-allow-credentials')).toBe(null);
      expect(response.headers.get('access-control-allow-origin')).not.toBe('*');
    }
  });
});
