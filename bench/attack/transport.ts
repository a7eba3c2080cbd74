import { gzipSync } from 'node:zlib';
import { type Attack, ask, filled, get, post, raw, series } from './request.ts';
import { heavy } from './world.ts';

const query = '{"query":"{ __typename }","variables":';
const padded = (make: (length: number) => string) => `${query}${make(980_000)}}`;
const nested = (open: string, close: string, length: number) =>
  open.repeat(length / (open.length + close.length)) + close.repeat(length / (open.length + close.length));
const chunked = 'transfer-encoding: chunked';
const inChunks = (text: string, end = '0\r\n\r\n') =>
  `${[...text].map((character) => `1\r\n${character}\r\n`).join('')}${end}`;
const value = (line: string, text: string) => `${line}: ${filled(text, 15_000)}`;

const bodies: [string, string | Buffer][] = [
  ['lists in lists', nested('[', ']', 980_000)],
  ['objects in objects', `${query}${nested('{"a":', '}', 600_000)}`],
  ['lists in variables', padded((length) => nested('[', ']', length))],
  ['numbers', padded((length) => `{"a":[${filled('1,', length - 20)}1]}`)],
  ['empty objects', padded((length) => `{"a":[${filled('{},', 3 * Math.floor((length - 20) / 3))}1]}`)],
  ['empty lists', padded((length) => `{"a":[${filled('[],', 3 * Math.floor((length - 20) / 3))}1]}`)],
  ['names', padded(() => `{${series(90_000, (n) => `"${n}":1`, ',')}}`)],
  ['the same name', padded((length) => `{${filled('"a":1,', 6 * Math.floor((length - 20) / 6))}"b":1}`)],
  ['names with escapes', padded((length) => `{"${filled('\\u0061', 6 * Math.floor((length - 20) / 6))}":1}`)],
  ['escapes', padded((length) => `{"a":"${filled('\\u0000', 6 * Math.floor((length - 20) / 6))}"}`)],
  ['backslashes', padded((length) => `{"a":"${filled('\\\\', 2 * Math.floor((length - 20) / 2))}"}`)],
  ['quotes', filled('"', 980_000)],
  ['blanks', filled(' ', 980_000)],
  ['one number', padded((length) => `{"a":${filled('1', length - 20)}}`)],
  ['one exponent', padded((length) => `{"a":1e${filled('1', length - 20)}}`)],
  ['brackets that do not close', filled('{"a":[', 980_000)],
  ['NUL', Buffer.alloc(980_000)],
  ['no UTF-8', Buffer.alloc(980_000, 0xff)],
  ['half a body', `${query}{"a":"${filled('x', 980_000)}`],
];

const signedIn = (name: string, request: Attack['request']): Attack => ({ name, as: 'the owner of one', request });
const forEveryone = (name: string, request: Attack['request']): Attack[] => [
  { name, as: 'nobody', request },
  signedIn(name, request),
];

/** Bodies and heads of all shapes. */
export const transport: Attack[] = [
  ...bodies.flatMap(([name, body]) => forEveryone(`JSON of ${name}`, post(body))),
  ...bodies.slice(0, 8).flatMap(([name, body]): Attack[] => [
    {
      name: `REST: JSON of ${name}`,
      as: 'the owner of one',
      request: raw('POST /v1/model-configs HTTP/1.1', ['content-type: application/json'], body),
    },
  ]),
  ...forEveryone(
    '900,000 chunks of a byte',
    raw(
      'POST /graphql HTTP/1.1',
      ['content-type: application/json', chunked],
      inChunks(`${query}{"a":"${filled('x', 900_000)}"}}`),
    ),
  ),
  signedIn(
    'REST: 900,000 chunks of a byte',
    raw('POST /v1/model-configs HTTP/1.1', ['content-type: application/json', chunked], inChunks(filled(' ', 900_000))),
  ),
  signedIn(
    'chunks with extensions',
    raw(
      'POST /graphql HTTP/1.1',
      ['content-type: application/json', chunked],
      series(200, () => `1;${filled('a=b;', 4_000)}\r\nx\r\n`, ''),
    ),
  ),
  signedIn(
    'trailers',
    raw(
      'POST /graphql HTTP/1.1',
      ['content-type: application/json', chunked],
      `2\r\n{}\r\n0\r\n${series(1_000, (n) => `x-${n}: 1\r\n`, '')}\r\n`,
    ),
  ),
  signedIn(
    'a body of 100 MB, packed',
    raw(
      'POST /graphql HTTP/1.1',
      ['content-type: application/json', 'content-encoding: gzip'],
      gzipSync(Buffer.alloc(100_000_000, ' ')),
    ),
  ),
  signedIn('a body of 5 MB', post(filled(' ', 5_000_000))),
  signedIn(
    'a body of 5 MB to REST',
    raw('POST /v1/provider-keys HTTP/1.1', ['content-type: application/json'], filled(' ', 5_000_000)),
  ),
  signedIn(
    'a body of 5 MB to nowhere',
    raw('POST /nowhere HTTP/1.1', ['content-type: application/json'], filled(' ', 5_000_000)),
  ),
  signedIn(
    'multipart',
    raw(
      'POST /graphql HTTP/1.1',
      ['content-type: multipart/form-data; boundary=x'],
      filled('--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n1\r\n', 980_000),
    ),
  ),
  signedIn(
    'a form',
    raw('POST /graphql HTTP/1.1', ['content-type: application/x-www-form-urlencoded'], filled('query=%7B&', 980_000)),
  ),
  ...[
    value('authorization', 'Bearer a.'),
    `authorization: Bearer ${filled('a.', 15_000)}`,
    `authorization: Bearer mgk_${filled('a', 15_000)}`,
    `authorization: Bearer ${Buffer.from('{"alg":"ES256","kid":"x"}').toString('base64url')}.${filled('e30', 12_000)}.${filled('a', 86)}`,
    value('accept', 'text/event-stream;q=0.1,'),
    value('accept', ';q=;'),
    value('content-type', 'application/json;'),
    value('content-type', ' '),
    value('cookie', 'a=b; '),
    value('x-forwarded-for', '1.1.1.1, '),
    value('idempotency-key', 'k'),
    value('traceparent', '00-'),
    value('host', 'a.'),
    value('origin', 'http://a.'),
    series(700, (n) => `x-header-${n}: 1`, '\r\n'),
  ].map((line) =>
    signedIn(
      `head: ${line.slice(0, 40).replaceAll('\r\n', ' ').replaceAll('|', '')}`,
      post('{"query":"{ caller { kind } }"}', [line]),
    ),
  ),
  ...[
    value('if-none-match', '"a",'),
    value('if-none-match', 'W/'),
    value('x-organization-id', 'org_'),
    value('accept-encoding', 'gzip;q=0,'),
  ].map((line) => signedIn(`REST, head: ${line.slice(0, 30)}`, get('/v1/provider-keys/provider/mistral', [line]))),
  signedIn('path of 15 kB', get(`/v1/${filled('a/', 15_000)}`)),
  signedIn('path of 15 kB of escapes', get(`/v1/model-configs/${filled('%41', 15_000)}`)),
  signedIn('query of 15 kB', get(`/v1/provider-keys/provider/mistral?${filled('limit=1&', 15_000)}`)),
  signedIn(
    'a document in the address',
    get(`/graphql?query=${filled('%7Ba', 15_000)}`, ['apollo-require-preflight: 1']),
  ),
  {
    name: 'a subscription to 400 revisions, for 2 s',
    as: 'the owner of one',
    readMs: 2_000,
    request: ask(
      `subscription Q{attempt} { organizationRevision(organizationId: "${heavy.organization}", sinceRevision: 0) { number revision { changes { field added removed } } organization { modelSettings { disabledModels } } } }`,
      {},
      ['accept: text/event-stream'],
    ),
  },
  {
    name: 'one of 20 answers that nobody reads',
    as: 'the owner of one',
    unread: 20,
    readMs: 3_000,
    // Nobody sees whether such a one is refused for its price: it must be one that is not.
    sizes: [3],
    request: ask(
      (size) =>
        `query Q{attempt} { ${series(size, (n) => `a${n}: modelConfigs(organizationId: "${heavy.organization}", first: 100) { edges { node { settings } } }`)} }`,
    ),
  },
];
