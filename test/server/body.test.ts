import { once } from 'node:events';
import { Agent, type RequestOptions, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, vi } from 'vitest';
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

type Bytes = Uint8Array<ArrayBuffer>;

const told = (response: Response) => response.text().then((text) => ({ status: response.status, text }));

const post = (path: string, body: Bytes, type: string) =>
  globalThis.fetch(url + path, { method: 'POST', headers: { 'content-type': type }, body }).then(told);

const postDirectly = (path: string, body: Bytes, type: string) =>
  fetch(new Request(`http://localhost${path}`, { method: 'POST', headers: { 'content-type': type }, body })).then(told);

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

  it('that is refused ends its connection, once its answer was read, and no later request is lost with it', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const statuses: unknown[] = [];
    for (const bytes of [5_000_000, 100, 3_000, 100]) {
      const outgoing = request(`${url}/graphql`, {
        method: 'POST',
        agent,
        headers: { ...json, 'content-length': bytes },
      });
      // What is left of the body when the connection ends.
      outgoing.on('error', () => {});
      outgoing.end(aBody(bytes));
      const [response] = await once(outgoing, 'response');
      await text(response);
      statuses.push([response.statusCode, response.headers.connection]);
    }
    agent.destroy();

    const refused = [413, 'close'];
    const answered = [200, 'keep-alive'];
    expect(statuses).toEqual([refused, answered, refused, answered]);
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

  it('in very many pieces is refused before it has come, and is not read on', async () => {
    const pieces = Buffer.from('1\r\nx\r\n'.repeat(1_900));
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => {});
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.write(
      'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n',
    );
    socket.write(pieces);

    await vi.waitUntil(() => answer.endsWith('}'), { timeout: 10_000 });
    const before = socket.bytesWritten;
    const sending = setInterval(() => socket.writableNeedDrain || socket.write(Buffer.alloc(1_000_000, pieces)), 1);
    await new Promise((resolve) => socket.once('close', resolve));

    clearInterval(sending);
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain('too many pieces');
    // What the system takes for both ends, and no more: by then it is paused.
    expect(socket.bytesWritten - before).toBeLessThan(30_000_000);
  });

  it.each([
    ['in a thousand small pieces', 1],
    ['in more pieces that are not small', 64],
  ])('%s is read', async (_, bytes) => {
    const body = aBody(bytes === 1 ? 900 : 2_000);
    const pieces = Array.from({ length: Math.ceil(body.length / bytes) }, (__, at) =>
      body.slice(at * bytes, (at + 1) * bytes),
    );

    expect(await send(pieces)).toEqual({ status: 200, data: { __typename: 'Query' } });
  });

  it('in very many pieces is refused without a port too', async () => {
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(Buffer.from(' ')),
    });

    const response = await fetch(
      new Request('http://localhost/graphql', { method: 'POST', headers: json, body, duplex: 'half' } as RequestInit),
    );

    expect(response.status).toBe(400);
    expect(await response.text()).toContain('too many pieces');
  });

  describe.each([
    ['of the graph, by a port', '/graphql', (body: Bytes, type: string) => post('/graphql', body, type)],
    [
      'of a REST route, by a port',
      '/v1/model-configs',
      (body: Bytes, type: string) => post('/v1/model-configs', body, type),
    ],
    ['of the graph, without a port', '/graphql', (body: Bytes, type: string) => postDirectly('/graphql', body, type)],
    [
      'of a REST route, without a port',
      '/v1/model-configs',
      (body: Bytes, type: string) => postDirectly('/v1/model-configs', body, type),
    ],
  ])('%s', (_, path, send) => {
    const isGraph = path === '/graphql';
    const whole = isGraph ? '{"query":"{ __typename }"}' : '{}';

    it.each([
      ['a byte that is none', [0xff]],
      ['a letter that is cut off', [0xc3]],
      ['half of a pair of surrogates', [0xed, 0xa0, 0x80]],
      ['a letter written longer than it is', [0xc0, 0xaf]],
    ])('is refused with %s in its UTF-8: it never becomes another text', async (__, bytes) => {
      const body = Buffer.concat([
        Buffer.from('{"query":"{ __typename }","extensions":{"a":"'),
        Buffer.from(bytes),
        Buffer.from('"}}'),
      ]);

      const { status, text } = await send(body, 'application/json');

      expect(status).toBe(400);
      expect(text).toContain('not valid UTF-8');
      expect(text).toContain('VALIDATION_ERROR');
      expect(text).not.toContain('\uFFFD');
    });

    it.each(['iso-8859-1', 'utf-16', '"latin1"', 'utf-8; charset=utf-16', ''])(
      'is refused where its content type names the charset %s',
      async (charset) => {
        const { status, text } = await send(Buffer.from(whole), `application/json; charset=${charset}`);

        expect(status).toBe(415);
        expect(text).toContain('VALIDATION_ERROR');
      },
    );

    it.each([
      'application/json; charset="UTF-8"',
      'Application/JSON ;Charset=utf8',
      'application/json; profile=x; charset=Utf-8',
    ])('is read with the content type %s', async (type) => {
      const { status } = await send(Buffer.from(whole), type);

      expect(status).toBe(isGraph ? 200 : 401);
    });

    it('is read without the mark in front of it', async () => {
      const { status } = await send(Buffer.from(`\uFEFF${whole}`), 'application/json');

      expect(status).toBe(isGraph ? 200 : 401);
    });
  });

  it('that is the document alone is UTF-8 like any other', async () => {
    const document = (bytes: number[]) => Buffer.concat([Buffer.from('{ __typename } #'), Buffer.from(bytes)]);

    expect((await post('/graphql', document([0xff]), 'application/graphql')).status).toBe(400);
    expect((await post('/graphql', document([]), 'application/graphql;charset=latin1')).status).toBe(415);
    expect((await post('/graphql', document([0xc3, 0xa9]), 'application/graphql;charset=utf-8')).status).toBe(200);
  });

  it.each(['GET', 'HEAD'])('means nothing to %s, which is answered all the same', async (method) => {
    const outgoing = request(`${url}/health`, { method, headers: { 'content-length': 5 } });
    outgoing.end('hello');
    const [response] = await once(outgoing, 'response');

    expect(response.statusCode).toBe(200);
    response.resume();
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
