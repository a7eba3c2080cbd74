import { tokenOf } from './issuer.ts';
import type { Service } from './service.ts';

interface Call {
  /** Who asks; nobody is anonymous. */
  as?: { id: string } | undefined;
  body?: unknown;
  headers?: Record<string, string>;
  /** Sends a GET once. By default it is sent again, unseen, and must be answered alike. */
  once?: boolean;
}

/** What a client of the REST routes is told; `body` is undefined where there is none. */
export interface RestAnswer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests say what they expect of it.
  body: any;
}

/** Calls the REST routes of a service: `call('PATCH', '/v1/…', { as, body })`. */
export function restOf({ fetch, repeat }: Service) {
  return async (method: string, path: string, { as, body, headers, once = false }: Call = {}): Promise<RestAnswer> => {
    const authorization = as && `Bearer ${await tokenOf(as)}`;
    const send = async () => {
      const response = await fetch(
        new Request(`http://localhost${path}`, {
          method,
          headers: {
            ...(authorization === undefined ? {} : { authorization }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        }),
      );
      const isStream = response.headers.get('content-type') === 'text/event-stream';
      const text = await (isStream ? firstEventOf(response) : response.text());
      const isJson = response.headers.get('content-type')?.startsWith('application/json');
      return {
        status: response.status,
        headers: response.headers,
        body: isJson ? JSON.parse(text) : text || undefined,
      };
    };
    const answer = await send();
    if (method === 'GET' && !once && answer.status < 400) await repeat(shown(answer), async () => shown(await send()));
    return answer;
  };
}

function shown({ status, headers, body }: RestAnswer) {
  return { status, etag: headers.get('etag'), body };
}

/** A stream does not end: its first event is enough. */
async function firstEventOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const chunk = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(chunk?.value);
}
