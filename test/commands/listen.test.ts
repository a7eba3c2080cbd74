import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Endpoint, listen } from '../../src/commands/listen.ts';

const options = { host: '127.0.0.1', port: 0, keepAliveTimeoutMs: 65_000, sendTimeoutMs: 400 };

async function anEndpoint(given: Partial<typeof options> = {}): Promise<Endpoint> {
  const endpoint = await listen({ ...options, ...given });
  onTestFinished(() => endpoint.close());
  return endpoint;
}

/** A connection that reads nothing before it is told to. */
async function open({ url }: Endpoint): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket.pause();
}

async function readAll(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  socket.resume();
  await once(socket, 'close');
  return text;
}

/** More than the system keeps for one connection. */
const long = 'x'.repeat(20_000_000);

describe('a client that takes nothing of its answer', () => {
  it.each(['a whole one', 'one that is sent as it is made', 'one of many that it asked for at once'])(
    'is cut off, and the answer let go: %s',
    async (kind) => {
      const endpoint = await anEndpoint();
      let answered = 0;
      endpoint.answerWith((_request, response) => {
        answered += 1;
        if (kind !== 'one that is sent as it is made') return void response.end(long);
        const timer = setInterval(() => response.writableNeedDrain || response.write('x'.repeat(100_000)), 1);
        response.once('close', () => clearInterval(timer));
      });
      const socket = await open(endpoint);
      const times = kind === 'one of many that it asked for at once' ? 100 : 1;
      socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(times));

      // Writing goes on meanwhile: it must not count as reading.
      const writing = setInterval(() => socket.write('\r\n'), 50);
      onTestFinished(() => clearInterval(writing));
      await new Promise((resolve) => socket.once('close', resolve));

      // The others were not even begun.
      expect(answered).toBe(1);
    },
  );

  it('is waited for as long as it takes a little at a time', async () => {
    const endpoint = await anEndpoint();
    endpoint.answerWith((_request, response) => void response.end(long));
    const socket = await open(endpoint);
    let read = 0;
    socket.on('data', ({ length }) => {
      read += length;
      socket.pause();
    });
    socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    // In all longer than the limit.
    const reading = setInterval(() => socket.resume(), 5);
    onTestFinished(() => clearInterval(reading));
    await once(socket, 'end');

    expect(read).toBeGreaterThan(long.length);
  });

  it('is waited for where there is nothing to take', async () => {
    const endpoint = await anEndpoint();
    endpoint.answerWith((_request, response) => void setTimeout(() => response.end('late'), 1_000));
    const socket = await open(endpoint);
    socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');

    expect(await readAll(socket)).toContain('late');
  });
});

it('answers the requests of one connection one after another, in their order', async () => {
  const endpoint = await anEndpoint();
  let underWay = 0;
  let most = 0;
  endpoint.answerWith(async ({ url }, response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    await sleep(url === '/0' ? 50 : 0);
    underWay -= 1;
    response.end(`<${url}>`);
  });
  const socket = await open(endpoint);
  for (let at = 0; at < 5; at++) {
    socket.write(`GET /${at} HTTP/1.1\r\nhost: x\r\n${at === 4 ? 'connection: close\r\n' : ''}\r\n`);
  }

  const answers = await readAll(socket);

  expect(answers.match(/<[^>]+>/g)).toEqual(['</0>', '</1>', '</2>', '</3>', '</4>']);
  expect(most).toBe(1);
});

it('keeps a connection for as long as it is told to, and says so', async () => {
  const endpoint = await anEndpoint({ keepAliveTimeoutMs: 2_000 });
  endpoint.answerWith((_request, response) => void response.end('here'));
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const ask = async () => {
    const outgoing = request(endpoint.url, { agent }).end();
    const [response] = await once(outgoing, 'response');
    response.resume();
    await once(response, 'end');
    return { reused: outgoing.reusedSocket, keepAlive: response.headers['keep-alive'] };
  };

  expect(await ask()).toEqual({ reused: false, keepAlive: 'timeout=2' });
  await sleep(700);
  expect(await ask()).toEqual({ reused: true, keepAlive: 'timeout=2' });
});

describe('what Node answers itself', () => {
  const requests: [string, string, number][] = [
    ['what is no request', 'HELLO\r\n\r\n', 400],
    ['a header that is none', 'GET / HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n', 400],
    [
      'two lengths of a body',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n',
      400,
    ],
    ['headers without end', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['an expectation', 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: wonders\r\n\r\n', 417],
  ];

  it.each(requests)('has the headers of all answers: %s', async (_, sent, status) => {
    const endpoint = await anEndpoint();
    endpoint.answerWith((_request, response) => void response.end('here'));
    const socket = await open(endpoint);
    socket.write(sent);

    const answer = await readAll(socket);

    expect(answer.split(' ')[1]).toBe(String(status));
    expect(answer).toContain('x-content-type-options: nosniff');
    if (status !== 417) expect(answer).toContain('"code":"VALIDATION_ERROR"');
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('does not mix with an answer that has begun', async () => {
    const endpoint = await anEndpoint();
    endpoint.answerWith((_request, response) => void response.writeHead(200).write('begun'));
    const socket = await open(endpoint);
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    setTimeout(() => socket.write('HELLO\r\n\r\n'), 100);

    const answer = await readAll(socket);

    expect(answer).toContain('begun');
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });
});

it('says while it starts what its answer is', async () => {
  const response = await fetch((await anEndpoint()).url);

  expect(response.status).toBe(503);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('retry-after')).toBe('1');
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(response.headers.get('content-type')).toContain('application/json');
  expect(await response.json()).toMatchObject({
    errors: [
      {
        message: 'The service is starting; try again shortly',
        extensions: { code: 'SERVICE_UNAVAILABLE', type: 'server_error', status: 503, details: {} },
      },
    ],
  });
});
