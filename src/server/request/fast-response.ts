import type { ServerResponse } from 'node:http';

/** A response in the part of the Fetch interface that plugins use. */
export class FastResponse {
  readonly status: number;
  readonly body: string;
  readonly headers: FastResponseHeaders;

  constructor(body: string, { status, headers }: { status: number; headers: Readonly<Record<string, string>> }) {
    this.status = status;
    this.body = body;
    this.headers = new FastResponseHeaders();
    for (const name in headers) this.headers.set(name.toLowerCase(), headers[name] ?? '');
    if (status !== 304) this.headers.set('content-length', String(Buffer.byteLength(body)));
  }

  /** Writes headers and body in one system call. */
  send(res: ServerResponse): void {
    res.writeHead(this.status, this.headers.flat).end(this.body);
  }

  toFetch(): Response {
    return new Response(this.status === 304 ? null : this.body, { status: this.status, headers: [...this.headers] });
  }
}

/** Names are in lower case. They are few: a list is faster than a map, and is what Node takes. */
class FastResponseHeaders {
  /** Names and values in turn. */
  readonly flat: string[] = [];

  get(name: string): string | null {
    return this.flat[this.#placeOf(name) + 1] ?? null;
  }

  has(name: string): boolean {
    return this.#placeOf(name) < this.flat.length;
  }

  set(name: string, value: string): void {
    const place = this.#placeOf(name);
    this.flat[place] = name;
    this.flat[place + 1] = value;
  }

  append(name: string, value: string): void {
    const present = this.get(name);
    this.set(name, present === null ? value : `${present}, ${value}`);
  }

  *[Symbol.iterator](): Iterator<[name: string, value: string]> {
    for (let place = 0; place < this.flat.length; place += 2) {
      yield [this.flat[place] ?? '', this.flat[place + 1] ?? ''];
    }
  }

  /** The index of a name, or the end, where it would be added. */
  #placeOf(name: string): number {
    let place = 0;
    while (place < this.flat.length && this.flat[place] !== name) place += 2;
    return place;
  }
}
