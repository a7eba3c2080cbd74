import { bytesOf } from './body.ts';
import { SdkError, unreachable } from './gate-error.ts';
import { textOf } from './state.ts';
import type { ConnectOptions, PublicKey } from './types.ts';

/** A snapshot as the service has sent it. */
export interface SnapshotAnswer {
  bytes: Uint8Array<ArrayBuffer>;
  etag: string;
  signature: string | null;
}

const defaultTimeoutMs = 5_000;

/** What is asked of the service. Each answer is awaited for a while, and all are given up once `signal` is aborted. */
export class Wire {
  readonly #options: ConnectOptions;
  readonly #signal: AbortSignal;
  readonly #fetch: typeof fetch;
  readonly #url: string;
  readonly #path: string;
  readonly #query: string;

  constructor(options: ConnectOptions, signal: AbortSignal) {
    const { organizationId, subjects = [] } = options;
    this.#options = options;
    this.#signal = signal;
    // Called as a function of the global object: browsers refuse it as one of another.
    this.#fetch = options.fetch ?? ((...parameters) => fetch(...parameters));
    // Whoever has the address of the graph has that of the service.
    this.#url = options.url.replace(/\/$/, '').replace(/\/graphql$/, '');
    this.#path = `/v1/organizations/${encodeURIComponent(organizationId)}/snapshot`;
    this.#query = subjects.length === 0 ? '' : `?subjects=${subjects.map(encodeURIComponent).join(',')}`;
  }

  /** How long, in ms, an answer is awaited. */
  get timeoutMs(): number {
    return this.#options.timeoutMs ?? defaultTimeoutMs;
  }

  /** The snapshot, undefined where it is the one with this entity tag; and how long ago, in ms, a relay has had it confirmed. */
  async snapshot(etag: string | undefined): Promise<{ answer: SnapshotAnswer | undefined; ageMs: number }> {
    return this.#within(async (signal) => {
      const response = await this.#get(`${this.#path}${this.#query}`, signal, etag ? { 'if-none-match': etag } : {});
      const ageMs = ageOf(response);
      if (response.status === 304) return { answer: undefined, ageMs };
      const answer = {
        bytes: await bytesOf(response),
        etag: response.headers.get('etag') ?? '',
        signature: response.headers.get('modelgate-signature'),
      };
      return { answer, ageMs };
    });
  }

  async catalog(version: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#within(async (signal) => {
      const response = await this.#get(`/catalog/${version}`, signal, {}, [404]);
      if (response.status === 404) {
        const why = 'a process of another release has answered';
        throw new SdkError('UNAVAILABLE', `The service has no catalog of the version ${version}: ${why}`);
      }
      return bytesOf(response);
    });
  }

  /** The public keys of the service; none where it has none. */
  async keys(): Promise<readonly PublicKey[]> {
    return this.#within(async (signal) => {
      const response = await this.#get('/.well-known/jwks.json', signal, {}, [404]);
      if (response.status === 404) return [];
      const { keys } = JSON.parse(textOf(await bytesOf(response))) as { keys?: readonly PublicKey[] };
      return keys ?? [];
    });
  }

  /** The stream of changes, until the controller is aborted. That it begins is awaited for a while. */
  async stream(controller: AbortController): Promise<ReadableStream<Uint8Array>> {
    const headers = { accept: 'text/event-stream' };
    const { body } = await this.#within(
      (signal) => this.#get(`${this.#path}/stream${this.#query}${this.#query ? '&' : '?'}inline=true`, signal, headers),
      controller,
    );
    if (!body) throw new SdkError('UNAVAILABLE', 'The stream has no body');
    return body;
  }

  async #within<Answer>(ask: (signal: AbortSignal) => Promise<Answer>, controller = new AbortController()) {
    const { timeoutMs } = this;
    const late = new SdkError('UNAVAILABLE', `The service has not answered within ${timeoutMs} ms`);
    const timeout = setTimeout(() => controller.abort(late), timeoutMs);
    const end = () => controller.abort(this.#signal.reason);
    this.#signal.addEventListener('abort', end);
    try {
      this.#signal.throwIfAborted();
      return await ask(controller.signal);
    } finally {
      clearTimeout(timeout);
      this.#signal.removeEventListener('abort', end);
    }
  }

  async #get(path: string, signal: AbortSignal, headers: Record<string, string> = {}, others: readonly number[] = []) {
    const ask = () =>
      this.#fetch(this.#url + path, {
        headers: { authorization: `Bearer ${this.#options.apiKey}`, ...headers },
        // `error` is not known to workers.
        redirect: 'manual',
        signal,
      });
    // A connection that was kept open may be closed just when it is used again: nothing says that the service is away.
    const response = await ask().catch((error: unknown) => {
      if (signal.aborted) throw error;
      return ask().catch((fault: unknown) => {
        throw signal.aborted ? fault : unreachable(this.#url, fault);
      });
    });
    if (response.ok || response.status === 304 || others.includes(response.status)) return response;
    throw await refusalOf(response);
  }
}

/** How long ago, in ms, a relay has had its answer confirmed. @throws SdkError for an age that cannot be: it could pass for a young one */
function ageOf({ headers }: Response): number {
  const age = headers.get('age') ?? '0';
  // Each proxy may have added one.
  const [, seconds] = /^(\d{1,9})(,|$)/.exec(age) ?? [];
  if (seconds === undefined) throw new SdkError('UNAVAILABLE', 'The service has answered with an Age that is none');
  return 1_000 * Number(seconds);
}

/** The error of an answer that is none, by the code of its body where it has one. */
async function refusalOf(response: Response): Promise<SdkError> {
  const { status, headers } = response;
  if (response.type === 'opaqueredirect' || (status >= 300 && status < 400)) {
    const target = headers.get('location') ?? 'another address';
    return new SdkError('UNAVAILABLE', `The service redirects to ${target}: \`url\` must be where it answers itself`);
  }
  const body = (await bytesOf(response)
    .then((bytes) => JSON.parse(textOf(bytes)) as unknown)
    .catch(() => undefined)) as { error?: { code?: string; message?: string } } | undefined;
  const { code, message } = body?.error ?? {};
  return new SdkError(code ?? 'UNAVAILABLE', `The service has answered ${status}: ${message ?? response.statusText}`);
}
