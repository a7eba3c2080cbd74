/** What a request is made for: whose it is, and how many times it was sent before. */
export interface Asked {
  host: string;
  /** Nobody's is anonymous. */
  token: string | undefined;
  /** So that no two are of the same text, which might be remembered. */
  attempt: number;
  /** Of the sizes of its attack. */
  size: number;
}

/** A hostile request, and how it is sent. */
export interface Attack {
  name: string;
  as: 'nobody' | 'the owner of one' | 'the owner of many';
  /** All its bytes, its head included. */
  request: (asked: Asked) => Buffer;
  /** Largest first: the first that is not refused is measured, or the last. */
  sizes?: readonly number[];
  /** So many sockets send it at a time, and read nothing of what comes. */
  unread?: number;
  /** How long at most the answer is read, in ms; one that goes on is cut off. */
  readMs?: number;
}

type Lines = readonly string[];

/** A request by its first line, its other lines and its body; `{token}` stands for whose it is. */
export function raw(line: string, lines: Lines, body: Buffer | string = ''): Attack['request'] {
  return ({ host, token }) => {
    const said = (name: string) => lines.some((other) => other.toLowerCase().startsWith(`${name}:`));
    const head = [
      line,
      ...(said('host') ? [] : [`host: ${host}`]),
      'connection: close',
      ...(token === undefined || said('authorization') ? [] : [`authorization: Bearer ${token}`]),
      ...lines,
      ...(body.length === 0 || said('transfer-encoding') ? [] : [`content-length: ${Buffer.byteLength(body)}`]),
    ];
    return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), Buffer.from(body)]);
  };
}

const json = ['accept: application/json', 'content-type: application/json'];

/** A body as it is, to the graph. */
export function post(body: Buffer | string, lines: Lines = []): Attack['request'] {
  return raw('POST /graphql HTTP/1.1', [...json, ...lines], body);
}

/** A document, with variables. In both, `{attempt}` is a number that no other request has. */
export function ask(
  query: string | ((size: number) => string),
  variables: object | ((size: number) => object) = {},
  lines: Lines = [],
): Attack['request'] {
  return (asked) => {
    const body = JSON.stringify({
      query: typeof query === 'string' ? query : query(asked.size),
      variables: typeof variables === 'function' ? variables(asked.size) : variables,
    });
    return post(body.replaceAll('{attempt}', String(asked.attempt)), lines)(asked);
  };
}

export function get(path: string, lines: Lines = []): Attack['request'] {
  return raw(`GET ${path} HTTP/1.1`, ['accept: application/json', ...lines]);
}

/** A body to a REST route. */
export function send(method: string, path: string, body: unknown, lines: Lines = []): Attack['request'] {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return raw(`${method} ${path} HTTP/1.1`, [...json, ...lines], text);
}

/** A text said again and again, until it is so long. */
export const filled = (text: string, length: number) => text.repeat(Math.ceil(length / text.length)).slice(0, length);

/** What is made of the numbers from 0, one after another. */
export function series(length: number, make: (index: number) => string, between = ' '): string {
  return Array.from({ length }, (_, index) => make(index)).join(between);
}
