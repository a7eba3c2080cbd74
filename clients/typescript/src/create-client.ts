import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { idOf, textOf } from './document.ts';
import { type GraphQLFault, RequestError } from './request-error.ts';

export interface ClientOptions {
  /** Where the service is: `https://modelgate.example/graphql`. */
  url: string;
  /** The bearer token, or what gives it, which is called before each request. Absent: anonymous. */
  token?: string | (() => string | Promise<string>) | undefined;
  /** Sends ids in place of texts, to a service that has PERSISTED_DOCUMENTS. */
  persisted?: boolean;
  /** How often a request is sent again at most, when the service asks for it by `Retry-After` or cannot be reached. 2 by default. */
  retries?: number;
  fetch?: typeof fetch;
}

export interface RequestOptions {
  signal?: AbortSignal | undefined;
  /** What makes a mutation that is sent again take effect once. A new one for each call, unless one is given. */
  idempotencyKey?: string | undefined;
}

export interface Client {
  /**
   * What the service answers to an operation. Typed errors are results of mutations: `isModelgateError` tells them.
   *
   * @throws RequestError for top-level errors, and where there is no answer
   */
  request<Result, Variables>(
    document: TypedDocumentNode<Result, Variables>,
    variables: Variables,
    options?: RequestOptions,
  ): Promise<Result>;
}

/** The longest pause that is waited for, in seconds. A longer one is thrown, with its `retryAfter`. */
const longestPause = 30;
/** Statuses and codes of what may succeed a moment later, though nothing else has changed; 0 is no answer at all. */
const passing: ReadonlySet<unknown> = new Set([
  0,
  429,
  502,
  503,
  504,
  'SERVICE_UNAVAILABLE',
  'IDEMPOTENCY_IN_PROGRESS',
]);

/** A client with nothing but `fetch`, for applications that need no cache. Subscriptions want graphql-sse. */
export function createClient({
  url,
  token,
  persisted = false,
  retries = 2,
  fetch = globalThis.fetch,
}: ClientOptions): Client {
  const send = async (body: string, key: string | undefined, signal: AbortSignal | undefined) => {
    const bearer = typeof token === 'function' ? await token() : token;
    const headers = {
      accept: 'application/graphql-response+json, application/json',
      'content-type': 'application/json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    const ask = async () => {
      const response = await fetch(url, { method: 'POST', headers, body, signal: signal ?? null });
      return { response, text: await response.text() };
    };
    // Also where the connection ends, or the caller aborts, amid the answer.
    const { response, text } = await ask().catch((cause) => {
      signal?.throwIfAborted();
      const errors = [{ message: `${url} cannot be reached.` }];
      throw new RequestError({ status: 0, errors, data: undefined, retryAfter: undefined }, { cause });
    });
    return dataOf(response, text);
  };
  return {
    async request<Result, Variables>(
      document: TypedDocumentNode<Result, Variables>,
      variables: Variables,
      { signal, idempotencyKey }: RequestOptions = {},
    ): Promise<Result> {
      const isMutation = document.definitions.some((node) => 'operation' in node && node.operation === 'mutation');
      const key = idempotencyKey ?? (isMutation ? newKey() : undefined);
      const sent = persisted ? { documentId: idOf(document) } : { query: textOf(document) };
      for (let attempt = 0; ; attempt++) {
        try {
          // The document tells what is answered to it.
          return (await send(JSON.stringify({ ...sent, variables }), key, signal)) as Result;
        } catch (error) {
          const pause = pauseAfter(error, attempt);
          if (pause === undefined || attempt >= retries) throw error;
          await elapsed(pause, signal);
        }
      }
    },
  };
}

/** @throws RequestError where there are errors, or there is no data */
function dataOf({ status, headers }: Response, text: string): unknown {
  const { data, errors } = answerIn(text);
  if (data && (errors ?? []).length === 0) return data;
  // A proxy may answer anything under this name.
  const faults = Array.isArray(errors) ? errors.filter((error) => typeof error?.message === 'string') : [];
  throw new RequestError({ status, errors: faults, data, retryAfter: secondsUntil(headers.get('retry-after')) });
}

function answerIn(text: string): { data?: unknown; errors?: GraphQLFault[] | null } {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** `Retry-After` may be a date. */
function secondsUntil(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  const seconds = /^\d+$/.test(retryAfter)
    ? Number(retryAfter)
    : Math.ceil((Date.parse(retryAfter) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}

/** Browsers have `randomUUID` where a page came by HTTPS alone. */
function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}

/** The seconds to wait before the same is sent again; undefined where that is no use. */
function pauseAfter(error: unknown, attempt: number): number | undefined {
  if (!(error instanceof RequestError) || !(passing.has(error.status) || passing.has(error.code))) return undefined;
  const pause = error.retryAfter ?? (0.25 + Math.random() / 4) * 2 ** attempt;
  return pause <= longestPause ? pause : undefined;
}

function elapsed(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener('abort', abort, { once: true });
  });
}
