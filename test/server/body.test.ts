import { once } from 'node:events';
import { type RequestOptions, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';

const bodyBytes = 2_000;
const { fetch, listener } = await startService({ limits: { bodyBytes } });
const { url, close } = await listenOnLoopback(listener);
afterAll(close);

const json = { 'content-type': 'application/json' };

/** A request of exactly so many bytes. */
function aBody(bytes: number): string {
  const [head, tail] = ['{"query":"{ __typename }","operationName":null,"extensions":{"pad":"', '"}}'];
  return `${head}${'x'.repeat(bytes - head.length - tail.length)}${tail}`;
}

/** Sends a body over a connection, in pieces of no announced length where there are several. */
async function send(pieces: (string | Buffer)[], options: RequestOptions = {}) {
  const length = pieces.length === 1 ? { 'content-length': Buffer.byteLength(pieces[0] ?? '') } : {};
  const outgoing = request(`${url}/graphql`, {
    method: 'POST',
    ...options,
    headers: { ...json, ...length, ...options.headers },
  });
  for (const piece of pieces) outgoing.write(piece);
  outgoing.end();
  const [response] = await once(outgoing, 'response');
  return { status: response.statusCode, ...JSON.parse(await text(response)) };
}

const refusal = (status: number) => ({
  status,
  errors: [{ extensions: { code: 'VALIDATION_ERROR', type: 'validation_error', status, traceId: expect.any(String) } }],
});

describe('a body', () => {
  it('of the limit is read, with its length and without', async () => {
    const body = aBody(bodyBytes);

    expect(await send([body])).toEqual({ status: 200, data: { __typename: 'Query' } });
    expect(await send([body.slice(0, 900), body.slice(900)])).toEqual({ status: 200, data: { __typename: 'Query' } });
    const response = await fetch(new Request('http://localhost/graphql', { method: 'POST', headers: json, body }));
    expect(response.status).toBe(200);
  });

  it('of one byte more is refused, with its length and without', async () => {
    const body = aBody(bodyBytes + 1);

    expect(await send([body])).toMatchObject(refusal(413));
    expect(await send([body.slice(0, 900), body.slice(900)])).toMatchObject(refusal(413));
    const response = await fetch(new Request('http://localhost/graphql', { method: 'POST', headers: json, body }));
    expect(response.status).toBe(413);
  });

  it('is refused by the length that it announces, before any of it is sent', async () => {
    const outgoing = request(`${url}/graphql`, {
      method: 'POST',
      headers: { ...json, 'content-length': 1_000_000_000 },
    });
    outgoing.on('error', () => {});
    outgoing.flushHeaders();

    const [response] = await once(outgoing, 'response');

    expect(response.statusCode).toBe(413);
    outgoing.destroy();
  });

  it.each([
    ['announced', 'content-length: 1000000000'],
    ['not announced', 'transfer-encoding: chunked'],
  ])('that never ends, its length %s, is refused, and its connection is closed', async (_, length) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('error', () => {});
    socket.write(`POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${length}\r\n\r\n`);
    const sending = setInterval(() => socket.write(`400\r\n${'x'.repeat(0x400)}\r\n`), 10);

    await new Promise((resolve) => socket.once('close', resolve));

    clearInterval(sending);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toContain('"VALIDATION_ERROR"');
  });

  it.each(['gzip', 'deflate', 'br', 'gzip, gzip'])(
    'encoded by %s is refused: it may be a thousand times as long',
    async (encoding) => {
      const answer = await send([gzipSync(aBody(900))], { headers: { 'content-encoding': encoding } });

      expect(answer).toMatchObject(refusal(415));
    },
  );

  it('may say that it is not encoded', async () => {
    expect(await send([aBody(900)], { headers: { 'content-encoding': 'identity' } })).toMatchObject({ status: 200 });
  });

  it('of several operations is refused', async () => {
    const batch = JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]);

    expect(await send([batch])).toMatchObject(refusal(400));
  });

  it.each([
    ['multipart/form-data; boundary=x', '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--'],
    ['application/x-www-form-urlencoded', 'query={__typename}'],
    ['text/plain', '{"query":"{ __typename }"}'],
    ['application/xml', '<query/>'],
  ])('of the type %s is refused', async (contentType, body) => {
    const headers = { 'content-type': contentType, 'x-graphql-yoga-csrf': '1' };

    expect(await send([body], { headers })).toMatchObject(refusal(415));
  });

  it('may be the document alone', async () => {
    const answer = await send(['{ __typename }'], { headers: { 'content-type': 'application/graphql' } });

    expect(answer).toEqual({ status: 200, data: { __typename: 'Query' } });
  });
});
