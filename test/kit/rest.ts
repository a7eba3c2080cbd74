import { mint } from './issuer.ts';
import type { Service } from './service.ts';

interface Call {
  /** Who asks; nobody is anonymous. */
  as?: { id: string } | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

/** What a client of the REST routes is told; `body` is undefined where there is none. */
export interface RestAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it.
  body: any;
}

/** Calls the REST routes of a service: `call('PATCH', '/v1/…', { as, body })`. */
export function restOf({ fetch }: Service) {
  return async (method: string, path: string, { as, body, headers }: Call = {}): Promise<RestAnswer> => {
    const response = await fetch(
      new Request(`http://localhost${path}`, {
        method,
        headers: {
          ...(as ? { authorization: `Bearer ${await mint({ sub: as.id })}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text || undefined };
  };
}
