import type { ServerResponse } from 'node:http';

/** A response in the part of the Fetch interface that plugins use: they add to it what is of this request alone. */
export class LeanResponse {
  readonly status: number;
  readonly body: string;
  readonly headers: LeanResponseHeaders;

  constructor(body: string, { status, headers }: { status: number; headers: Readonly<Record<string, string>> }) {
    this.status = status;
    this.body = body;
    this.headers = new LeanResponseHeaders(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    if (status !== 304) this.headers.set('content-length', String(Buffer.byteLength(body)));
  }

  /** With its headers in one piece, so that it is one call of the system. */
  send(res: ServerResponse): void {
    res.writeHead(this.status, [...this.headers].flat()).end(this.body);
  }

  toFetch(): Response {
    return new Response(this.status === 304 ? null : this.body, { status: this.status, headers: [...this.headers] });
  }
}

/** Names are in lower case. */
class LeanResponseHeaders extends Map<string, string> {
  append(name: string, value: string): void {
    const present = this.get(name);
    this.set(name, present === undefined ? value : `${present}, ${value}`);
  }
}
