import { afterAll, describe, expect, it } from 'vitest';
import { trustedIssuer } from '../kit/issuer.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { type Service, startService } from '../kit/service.ts';

/** A page of it cannot be answered: a fault that no plugin is there to see. */
const service = await startService({
  graphiql: true,
  demo: {
    ...trustedIssuer,
    jwks: { keys: [] },
    mint: async () => {
      throw new Error('secret of /var/lib');
    },
  },
});
const faulty = '/sign-in/personas.json';
const { url, close } = await listenOnLoopback(service.listener);
afterAll(close);

const ways: [string, (path: string, headers: Record<string, string>) => Promise<Response>][] = [
  ['by a port', (path, headers) => fetch(url + path, { headers })],
  [
    'without a port',
    (path, headers) =>
      service.fetch(new Request(`http://localhost${path}`, { headers: { ...headers, host: 'localhost' } })),
  ],
];

const errorsOf = ({ logLines }: Service, id: string) =>
  logLines().filter(({ level, traceId }) => level === 50 && traceId === id);

describe('a fault of the service that nobody else sees', () => {
  it.each(ways)('is told masked, with the headers of all answers, and logged: %s', async (way, ask) => {
    const id = way.replaceAll(' ', '-');

    const response = await ask(`${faulty}?secret=1`, { 'x-request-id': id });
    const text = await response.text();

    expect(response.status).toBe(500);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'x-request-id': id,
    });
    expect(JSON.parse(text)).toMatchObject({
      errors: [{ message: 'Unexpected error.', extensions: { code: 'INTERNAL_SERVER_ERROR', traceId: id } }],
    });
    expect(text).not.toContain('secret');
    expect(errorsOf(service, id)).toMatchObject([
      { method: 'GET', path: faulty, status: 500, err: { message: 'secret of /var/lib' } },
    ]);
  });

  it('leaves the service as it was', async () => {
    await fetch(url + faulty);

    expect((await fetch(`${url}/health`)).status).toBe(200);
  });
});

it('a client that leaves while it is answered is nobody’s fault', async () => {
  const leaving = new AbortController();
  const request = new Request('http://localhost/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-request-id': 'left' },
    body: '{"query":"{ __typename }"}',
    signal: leaving.signal,
  });

  const answering = service.fetch(request);
  leaving.abort();

  await expect(answering).rejects.toThrow('aborted');
  expect(errorsOf(service, 'left')).toEqual([]);
});
