import { AbortableSignal } from '../../database/pool/signal.ts';
import type { Beginning } from './body-beginning.ts';
import type { RequestRecord } from './request-record.ts';
import { origin } from './request-target.ts';

type NodeHeaders = NodeJS.Dict<string | string[]>;

/** Node's headers, in the part of the Fetch interface that is used. */
class FastHeaders {
  readonly #headers: NodeHeaders;

  constructor(headers: NodeHeaders) {
    this.#headers = headers;
  }

  get(name: string): string | null {
    const value = this.#headers[name] ?? this.#headers[name.toLowerCase()];
    return value === undefined ? null : String(value);
  }

  has(name: string): boolean {
    return this.get(name) !== null;
  }
}

export interface FastRequestOptions {
  method: string;
  /** With the query. */
  path: string;
  /** By their names in lower case. */
  headers: NodeHeaders;
  /** The whole body, unless `extent` says otherwise. */
  content?: string | undefined;
  extent?: Beginning['extent'] | undefined;
  /** Calls back when the client disconnects before it has its answer. */
  onGone?: (callback: () => void) => void;
}

/**
 * A request with its body, in the part of the Fetch interface that the pipeline uses. A real Request, with a stream for its body,
 * costs more than most answers.
 */
export class FastRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: FastHeaders;
  readonly content: string;
  readonly extent: Beginning['extent'];
  readonly body = null;
  /** Its record, for `recordOf`. */
  record: RequestRecord | undefined;
  /** For `responseKeyOf`: looked up, and stored where it was not found. */
  responseKey: { viewer: string; key: string } | undefined;
  /** Yoga looks here before it parses `url`. */
  readonly parsedUrl: { pathname: string; search: string };
  #onGone: NonNullable<FastRequestOptions['onGone']>;
  #signal: AbortableSignal | undefined;

  constructor({ method, path, headers, content = '', extent = 'WHOLE', onGone = () => {} }: FastRequestOptions) {
    const end = path.indexOf('?');
    this.method = method;
    this.path = path;
    this.parsedUrl =
      end < 0 ? { pathname: path, search: '' } : { pathname: path.slice(0, end), search: path.slice(end + 1) };
    this.headers = new FastHeaders(headers);
    this.content = content;
    this.extent = extent;
    this.#onGone = onGone;
  }

  get url(): string {
    return origin + this.path;
  }

  /** Aborted when the client disconnects. */
  get signal(): AbortableSignal {
    if (!this.#signal) {
      const signal = new AbortableSignal();
      this.#signal = signal;
      this.#onGone(() => signal.abort());
    }
    return this.#signal;
  }

  /** To be called once it is answered: a signal that is created later does not listen to the connection. */
  letGo(): void {
    this.#onGone = () => {};
  }

  text(): Promise<string> {
    return Promise.resolve(this.content);
  }
}

/** The path of a request, without its query. */
export function pathOf(request: Request | FastRequest): string {
  return request instanceof FastRequest ? request.parsedUrl.pathname : new URL(request.url).pathname;
}
