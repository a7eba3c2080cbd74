import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { listenOnLoopback } from '../../kit/loopback.ts';

/** What one that is not well does with a request, by a name for it. */
const answers: Record<string, (response: ServerResponse) => void> = {
  'is slow': () => {},
  'drips its answer': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const timer = setInterval(() => response.write(' '), 50);
    response.on('close', () => clearInterval(timer));
  },
  'cuts the connection': (response) => response.socket?.destroy(),
  'ends in the middle': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"decision":true');
    setImmediate(() => response.socket?.destroy());
  },
  'has an error': (response) => response.writeHead(500).end('Unexpected error.'),
  'limits the rate': (response) => response.writeHead(429, { 'retry-after': '1' }).end('Too many requests'),
  'answers no JSON': (response) => response.end('<html>Sign in to this network</html>'),
  'answers no decision': (response) => response.end('{"decision":"true"}'),
  'answers a list': (response) => response.end('[{"decision":true}]'),
  'answers more than a decision is': (response) => response.end(`{"decision":true,"more":"${'x'.repeat(1_200_000)}"}`),
  'answers without an end': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = () => {
      while (!response.destroyed && response.write(' '.repeat(100_000)));
    };
    response.on('drain', more);
    more();
  },
};

/** How long, in ms, an answer is waited for by whoever asks one that does not decide. Others wait long: a busy machine is no outage. */
export const shortMs = 300;
export const longMs = 20_000;

/** It does not decide: with `open` a call is let through. */
export const outages = ['is away', ...Object.keys(answers)];

const refusals: typeof answers = {
  'does not know the key': (response) => response.writeHead(401).end('The API key is unknown'),
  'finds the question wrong': (response) => response.writeHead(400).end('resource.id: is too long'),
  'is somewhere else': (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
};

/** It refuses the question: a call is refused with any setting. */
export const mistakes = Object.keys(refusals);

/** The address of a Modelgate that does this, for one test. */
export async function aModelgateThat(fault: string): Promise<string> {
  if (fault === 'is away') {
    const { url, close } = await listenOnLoopback(() => {});
    close();
    return url;
  }
  const answer = answers[fault] ?? refusals[fault];
  const { url, close } = await listenOnLoopback(async (request, response) => {
    request.resume();
    await once(request, 'end');
    answer?.(response);
  });
  onTestFinished(close);
  return url;
}

/** What came to a server: its path, its key and its body. */
export interface Asked {
  path: string;
  key: string | undefined;
  organization: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it.
  body: any;
}

/** A server that writes down what it is asked and answers by `answer`, for one test. */
export async function aServer(answer: (asked: Asked, response: ServerResponse) => void) {
  const asked: Asked[] = [];
  const { url, close } = await listenOnLoopback(async (request, response) => {
    const content = await text(request);
    const one = {
      path: request.url ?? '',
      key: request.headers.authorization,
      organization: request.headers['x-organization-id'],
      body: content && JSON.parse(content),
    };
    asked.push(one);
    answer(one, response.setHeader('content-type', 'application/json'));
  });
  onTestFinished(close);
  return { url, asked };
}

/** The service at a port, for one test, with the number of requests that came to it. */
export async function countedAt(listener: RequestListener) {
  const paths: string[] = [];
  const { url, close } = await listenOnLoopback((request, response) => {
    paths.push(request.url ?? '');
    listener(request, response);
  });
  onTestFinished(close);
  return { url, paths };
}
