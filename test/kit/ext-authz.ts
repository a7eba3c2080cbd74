import { request as requestOverHttp } from 'node:http';
import { afterAll } from 'vitest';
import { listenOnLoopback } from './loopback.ts';
import type { Service } from './service.ts';

interface Check {
  headers?: Record<string, string>;
  body?: string | Buffer | undefined;
}

/** What a proxy is told. */
export interface CheckAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it.
  body: any;
}

export type SendCheck = (method: string, target: string, check?: Check) => Promise<CheckAnswer>;

/** Sends requests over a port, with the target to the letter and a body with any method, as proxies do. */
export async function checksOf({ listener }: Pick<Service, 'listener'>): Promise<SendCheck> {
  const { url, close } = await listenOnLoopback(listener);
  afterAll(close);
  const { hostname, port } = new URL(url);
  return (method, path, { headers, body } = {}) =>
    new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const sent = requestOverHttp({ hostname, port, method, path, agent: false, headers: { ...length, ...headers } });
      sent.on('error', reject);
      sent.on('response', (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(pieces).toString();
          const isJson = response.headers['content-type'] === 'application/json' && text !== '';
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: isJson ? JSON.parse(text) : text,
          });
        });
      });
      sent.end(body);
    });
}

/** The body of a call to a model. */
export function aCall(model: string, content = 'Hello') {
  return JSON.stringify({ model, messages: [{ role: 'user', content }] });
}
