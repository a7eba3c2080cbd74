import type { RequestRecord } from './request-record.ts';

type NodeHeaders = NodeJS.Dict<string | string[]>;

/** Headers as Node has read them, in the part of the Fetch interface that is asked for. */
class LeanHeaders {
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

export interface LeanRequestOptions {
  method: string;
  /** With the query. */
  path: string;
  /** By their names in lower case. */
  headers: NodeHeaders;
  /** The whole body. */
  content?: string;
  /** Calls back when the client is gone before it has its answer. */
  onGone?: (callback: () => void) => void;
}

/**
 * A request whose body has come, for the whole pipeline: what of a Fetch Request is asked for on the way, and no more. Making a
 * real one, with its stream of a body, costs more than most answers.
 */
export class LeanRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: LeanHeaders;
  readonly content: string;
  readonly body = null;
  /** What is remembered of it until it is answered. */
  record: RequestRecord | undefined;
  /** Where the server looks before it parses `url`. */
  readonly parsedUrl: { pathname: string; search: string };
  readonly #onGone: NonNullable<LeanRequestOptions['onGone']>;
  #signal: AbortSignal | undefined;

  constructor({ method, path, headers, content = '', onGone = () => {} }: LeanRequestOptions) {
    const [pathname = '', ...search] = path.split('?');
    this.method = method;
    this.path = path;
    this.parsedUrl = { pathname, search: search.join('?') };
    this.headers = new LeanHeaders(headers);
    this.content = content;
    this.#onGone = onGone;
  }

  get url(): string {
    return `http://localhost${this.path}`;
  }

  /** Aborted when the client is gone. */
  get signal(): AbortSignal {
    if (!this.#signal) {
      const controller = new AbortController();
      this.#signal = controller.signal;
      this.#onGone(() => controller.abort());
    }
    return this.#signal;
  }

  text(): Promise<string> {
    return Promise.resolve(this.content);
  }
}

/** The path that a request is for, without its query. */
export function pathOf(request: Request | LeanRequest): string {
  return request instanceof LeanRequest ? request.parsedUrl.pathname : new URL(request.url).pathname;
}
