import { createClient } from 'graphql-sse';
import { describe, expect, it } from 'vitest';
import { acceptanceOf } from '../../src/server/request/accept.ts';
import { mint } from '../kit/issuer.ts';
import { startService } from '../kit/service.ts';
import { followersOf, revise } from '../kit/subscriptions.ts';

const service = await startService();
const { url } = await followersOf(service);
const world = await service.aWorld();
const { organization, member } = world;
const authorization = `Bearer ${await mint({ sub: member.id })}`;
await revise(service, organization, { as: world.admin, times: 3 });

const subscription = (more = '') =>
  `subscription { organizationRevision(organizationId: "${organization.id}"${more}) { number } }`;

interface Sent {
  query?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

function send({ query = subscription(), method = 'POST', headers = {}, body }: Sent): Promise<Response> {
  const all = { accept: 'text/event-stream', ...headers };
  if (method === 'GET') return fetch(`${url}/graphql?${new URLSearchParams({ query })}`, { headers: all });
  const content = { 'content-type': 'application/json', ...all };
  return fetch(`${url}/graphql`, { method, headers: content, body: body ?? JSON.stringify({ query }) });
}

/** What comes of a stream until it has been told so many events, or is complete. */
async function readEvents(response: Response, count = Number.POSITIVE_INFINITY) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (text.split('event: next').length - 1 < count || !text.endsWith('\n\n')) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: '' };
    if (done) break;
    text += value;
  }
  await reader?.cancel();
  return text
    .split('\n\n')
    .map((block) => block.split('\n').filter((line) => line !== ':' && line !== ''))
    .filter((lines) => lines.length > 0);
}

const refused = (code: string) => [
  ['event: next', expect.stringContaining(`"code":"${code}"`)],
  ['event: complete', 'data:'],
];

describe('a subscription that is refused, to who prefers a stream', () => {
  const foreign = subscription().replace(organization.id, world.foreignOrganization.id);
  const cases: [string, string, Sent][] = [
    ['a stranger', 'AUTHENTICATION_REQUIRED', {}],
    ['who shows a token that does not hold', 'AUTHENTICATION_REQUIRED', { headers: { authorization: 'Bearer x' } }],
    ['who is no member', 'ORGANIZATION_ACCESS_DENIED', { query: foreign, headers: { authorization } }],
    [
      'a document that does not fit',
      'VALIDATION_ERROR',
      { query: 'subscription { nothing }', headers: { authorization } },
    ],
    ['a document that is none', 'VALIDATION_ERROR', { query: 'subscription {', headers: { authorization } }],
    [
      'a revision that is not yet',
      'VALIDATION_ERROR',
      { query: subscription(', sinceRevision: 99'), headers: { authorization } },
    ],
    ['a stranger who reads, as EventSource does', 'AUTHENTICATION_REQUIRED', { method: 'GET' }],
  ];

  it.each(cases)('is one that says why, and is complete: %s', async (_, code, sent) => {
    const response = await send(sent);

    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(await readEvents(response)).toEqual(refused(code));
  });

  it('is not tried again by graphql-sse', async () => {
    let requests = 0;
    const fetchFn = (input: string, init: RequestInit) => {
      requests += 1;
      return fetch(input, init);
    };
    const client = createClient({ url: `${url}/graphql`, fetchFn, retryAttempts: 5, retry: async () => {} });

    const told = [];
    for await (const result of client.iterate({ query: subscription() })) told.push(result);

    expect(told).toMatchObject([{ errors: [{ extensions: { code: 'AUTHENTICATION_REQUIRED' } }] }]);
    expect(requests).toBe(1);
  });

  it('has its status where the request is none, in JSON', async () => {
    for (const [status, sent] of [
      [400, { body: '{' }],
      [400, { body: '{}' }],
      [415, { headers: { authorization, 'content-type': 'text/plain' } }],
    ] as const) {
      const response = await send({ headers: { authorization }, ...sent });

      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'VALIDATION_ERROR', status } }] });
    }
  });

  it('has status 429 where too many are open, and says when to try again', async () => {
    const { fetch } = service.anotherInstance({ limits: { viewerSubscriptions: 0 } });
    const headers = { accept: 'text/event-stream', 'content-type': 'application/graphql', authorization };

    const response = await fetch(
      new Request('http://localhost/graphql', { method: 'POST', headers, body: subscription() }),
    );

    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('10');
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
  });
});

describe('to who does not prefer a stream', () => {
  it.each([
    ['*/*', 401],
    ['application/json, text/event-stream', 401],
    ['text/event-stream;q=0.5, application/json', 401],
  ])('a refusal is JSON with its status: %s', async (accept, status) => {
    const response = await send({ headers: { accept } });

    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'AUTHENTICATION_REQUIRED' } }] });
  });

  it.each(['multipart/mixed', 'multipart/mixed;subscriptionSpec=1.0', 'text/html', 'image/*', 'text/event-stream;q=0'])(
    'nothing is answered that is accepted in no form of ours, and nothing runs: %s',
    async (accept) => {
      const query = `mutation { createModelConfig(input: { organizationId: "${organization.id}", scope: USER, modelKey: "gpt-4o-mini" }) { __typename } }`;
      for (const sent of [query, subscription(), '{ __typename }']) {
        const response = await send({ query: sent, headers: { accept, authorization } });

        expect(response.status).toBe(406);
        expect(await response.json()).toMatchObject({
          errors: [{ extensions: { code: 'VALIDATION_ERROR', status: 406 } }],
        });
      }
      const { data } = await service.ask(
        `{ modelConfigs(organizationId: "${organization.id}") { totalCount } }`,
        {},
        { as: member },
      );
      expect(data).toEqual({ modelConfigs: { totalCount: 0 } });
    },
  );

  it('a subscription that is accepted as multipart or JSON alone is refused with JSON', async () => {
    const accept = 'multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json';

    const response = await send({ headers: { accept, authorization } });

    expect(response.status).toBe(406);
    expect(await response.json()).toMatchObject({
      errors: [{ message: 'A subscription is answered as text/event-stream' }],
    });
  });
});

describe('a stream', () => {
  const open = (more: string, headers = {}) =>
    send({ query: subscription(more), headers: { authorization, ...headers } });

  it('says that it is none to be kept, collected or encoded, each once', async () => {
    const response = await open(', sinceRevision: 0');

    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    });
    expect(response.headers.has('content-encoding')).toBe(false);
    await readEvents(response, 1);
  });

  it('has the number of each revision for the id of its event', async () => {
    expect(await readEvents(await open(', sinceRevision: 1'), 2)).toEqual([
      ['id: 2', 'event: next', 'data: {"data":{"organizationRevision":{"number":2}}}'],
      ['id: 3', 'event: next', 'data: {"data":{"organizationRevision":{"number":3}}}'],
    ]);
  });

  it('goes on after the event that the client was told last', async () => {
    const [first] = await readEvents(await open('', { 'last-event-id': '2' }), 1);

    expect(first?.[0]).toBe('id: 3');
  });

  it('goes on after the revision that is asked for, whatever the client was told last', async () => {
    const [first] = await readEvents(await open(', sinceRevision: 0', { 'last-event-id': '2' }), 1);

    expect(first?.[0]).toBe('id: 1');
  });

  it.each(['x', '-1', '1.5', '1e1', '99999999999', '99'])(
    'does not begin after an event that was none: %s',
    async (id) => {
      expect(await readEvents(await open('', { 'last-event-id': id }))).toEqual(refused('VALIDATION_ERROR'));
    },
  );

  it('is had by GET with a token too', async () => {
    const response = await send({
      query: subscription(', sinceRevision: 2'),
      method: 'GET',
      headers: { authorization },
    });

    expect((await readEvents(response, 1))[0]?.[0]).toBe('id: 3');
  });

  it('tells one answer, and that there is no other, where a query is asked', async () => {
    expect(await readEvents(await send({ query: '{ __typename }' }))).toEqual([
      ['event: next', 'data: {"data":{"__typename":"Query"}}'],
      ['event: complete', 'data:'],
    ]);
  });
});

describe('acceptanceOf', () => {
  it.each([
    [null, { json: 'application/json', stream: true, prefersStream: false }],
    ['', { json: 'application/json', stream: true, prefersStream: false }],
    ['application/graphql-response+json, application/json;q=0.9', { json: 'application/graphql-response+json' }],
    ['application/json;q=0.9, application/graphql-response+json', { json: 'application/graphql-response+json' }],
    ['APPLICATION/JSON', { json: 'application/json', stream: false }],
    ['application/*', { json: 'application/json', stream: false }],
    ['text/*', { json: null, stream: true, prefersStream: true }],
    ['text/event-stream, */*;q=0.1', { json: 'application/json', stream: true, prefersStream: true }],
    ['text/html, application/json;charset=latin1', { json: null, stream: false, prefersStream: false }],
    ['application/json;charset=utf-8', { json: 'application/json' }],
    ['application/json;q=0, text/event-stream;q=0.001', { json: null, stream: true, prefersStream: true }],
    ['application/json;q=nonsense', { json: 'application/json' }],
    [';,;q=', { json: null, stream: false }],
  ])('reads %s', (accept, acceptance) => {
    expect(acceptanceOf(accept)).toMatchObject(acceptance);
  });
});
