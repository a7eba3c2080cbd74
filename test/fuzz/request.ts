import fc, { type Arbitrary } from 'fast-check';
import { printOperation, type Selection } from './document.ts';
import { misfits, mostly } from './oddities.ts';
import { type RootField, rootFields, rootSelections } from './operations.ts';
import type { Scene } from './scene.ts';
import type { Values } from './values.ts';

/** What is sent; its path, headers and body are written as they go over the wire, a character a byte. */
export interface FuzzedRequest {
  /** A root field, or an operation of the REST document. */
  about: string;
  /** One of the scene's. */
  sender: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | undefined;
}

/** Text as the characters of its bytes in UTF-8. */
export function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** What only some may do who ask for little else. */
const specialists: Record<string, string> = {
  providerKeySecret: 'a key that may KEYS_USE',
  recordModelUsage: 'a key that may USAGE_WRITE',
  updateModelSettings: 'a key that may SETTINGS_WRITE',
  acceptInvitation: 'someone who accepts',
  declineInvitation: 'someone who declines',
};

/** A platform key acts in the organization of the path of REST: it is asked there about others too, and may answer. */
const mayNameOthers = (sender: string, about: string) => sender.startsWith('a platform key') && about.includes(' /v1/');

/** Who sends: most often one who may. */
export function sendersOf({ senders }: Scene, about: string): Arbitrary<string> {
  const usual = { 'the owner': 16, 'an admin': 8, 'an admin by claim': 3, 'a member': 3, 'a platform key': 4 };
  const weights: Record<string, number> = { ...usual, [specialists[about] ?? '']: 30 };
  return fc.oneof(
    ...Object.keys(senders)
      .filter((name) => !mayNameOthers(name, about))
      .map((name) => ({ weight: weights[name] ?? 1, arbitrary: fc.constant(name) })),
  );
}

const contentTypes = fc.constantFrom(
  ...['application/json; charset=utf-8', 'application/json;charset=utf-16', 'text/plain', 'application/graphql', ''],
  ...[
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    ';;;',
    'application/json, text/html',
  ],
);
const accepts = fc.constantFrom(
  ...[
    'application/graphql-response+json',
    '*/*',
    'text/html',
    'text/event-stream',
    'multipart/mixed',
    'text/plain',
    '',
  ],
  ...[
    'application/json;q=0',
    'application/*;q=0.1, text/*',
    ';q=',
    'application/graphql-response+json; charset=utf-16',
  ],
);
const hosts = fc.constantFrom('[', 'a b', 'a:b:c', 'x/health?', 'localhost', '127.0.0.1:99999', '', 'x@y', '::1', 'é');

/** Headers that any request may have. */
export const commonHeaders: Arbitrary<Record<string, string>> = fc
  .record({
    'content-type': mostly(fc.constant('application/json'), contentTypes, 3),
    accept: mostly(fc.constant('application/json'), accepts, 8),
    'idempotency-key': rarely(
      fc.constantFrom('one', 'two', '', ' ', 'x'.repeat(255), 'x'.repeat(256), 'é\u0080\u00ff', '"one"'),
      4,
    ),
    host: rarely(hosts, 1),
    traceparent: rarely(
      fc.constantFrom(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, `00-${'0'.repeat(32)}-x`, 'x'.repeat(5_000)),
      2,
    ),
    'accept-encoding': rarely(fc.constantFrom('gzip', 'br;q=1, *;q=0', 'identity;q=0'), 2),
    'content-encoding': rarely(fc.constantFrom('gzip', 'identity', 'x'), 1),
    origin: rarely(fc.constantFrom('null', 'https://elsewhere.test', 'x'), 2),
    'graphql-cost': rarely(fc.constantFrom('report', 'x'), 2),
    'if-none-match': rarely(fc.constantFrom('*', '"1"', 'W/"x"', ',,', 'x'), 3),
  })
  .map(given);

const streaming = commonHeaders.map((headers) => ({ ...headers, accept: 'text/event-stream' }));

export function rarely(value: Arbitrary<string>, percent: number): Arbitrary<string | undefined> {
  return mostly<string | undefined>(fc.constant(undefined), value, percent);
}

export function given(headers: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** What becomes of a body on its way, as the characters of its bytes; mostly nothing. */
export const damage: Arbitrary<(body: string) => string> = mostly<(body: string) => string>(
  fc.constant((body: string) => body),
  fc.oneof(
    fc
      .double({ min: 0, max: 1, noNaN: true })
      .map((part) => (body: string) => body.slice(0, Math.floor(body.length * part))),
    fc.constantFrom<(body: string) => string>(
      (body) => `${bytesOf('\ufeff')}${body}`,
      (body) => `${body}${body}`,
      (body) => `[${body}]`,
      (body) => body.replace(/[a-z]/, '\xff'),
      (body) => body.replace(/"/, '"\xed\xa0\x80'),
      (body) => body.replace(/\{/, '{"__proto__":{},'),
      (body) => body.replace(/:/, ':9007199254740993,"x":'),
      (body) => body.replaceAll('"', "'"),
      (body) => body.split('').join('\0'),
      () => '',
      () => 'null',
      () => '"x"',
      () => '1e999',
      () => '['.repeat(50_000),
      () => `{"a":${'1'.repeat(50_000)}}`,
    ),
  ),
  5,
);

/** Operations of the graph, of every root field. */
export function operationsOn(scene: Scene, values: Values): Arbitrary<FuzzedRequest> {
  const selectionOf = rootSelections(values);
  const twice = (field: RootField, kind: RootField['kind']) => {
    const others = rootFields.filter((other) => other.kind === kind && other.name !== field.name);
    return others.length > 0
      ? fc
          .constantFrom(...others)
          .chain(selectionOf)
          .map((other) => [other])
      : fc.constant<Selection[]>([]);
  };
  const requestOf = (field: RootField): Arbitrary<FuzzedRequest> =>
    fc
      .record({
        sender: sendersOf(scene, field.name),
        headers: field.kind === 'subscription' ? mostly(streaming, commonHeaders, 40) : commonHeaders,
        selection: selectionOf(field),
        others: mostly(fc.constant<Selection[]>([]), twice(field, field.kind), 10),
        extra: mostly<object>(fc.constant({}), fc.oneof(misfits, fc.constant('Fuzz')).map(extraOf), 3),
        isRead: field.kind === 'query' ? mostly(fc.constant(false), fc.constant(true), 8) : fc.constant(false),
        damage,
      })
      .map(({ sender: who, headers, selection, others, extra, isRead, damage: spoil }) => {
        const { query, variables } = printOperation(field.kind, [selection, ...others]);
        const request = { about: field.name, sender: who, headers };
        if (isRead) {
          const search = `query=${escapeAll(query)}&variables=${escapeAll(JSON.stringify(variables))}`.slice(0, 14_000);
          const { 'content-type': _, ...rest } = headers;
          return {
            ...request,
            headers: { ...rest, 'apollo-require-preflight': '1' },
            method: 'GET',
            path: `/graphql?${search}`,
          };
        }
        return {
          ...request,
          method: 'POST',
          path: '/graphql',
          body: spoil(bytesOf(JSON.stringify({ query, variables, ...extra }))),
        };
      });
  return fc.oneof(
    ...rootFields.map((field) => ({ weight: field.kind === 'mutation' ? 3 : 4, arbitrary: requestOf(field) })),
  );
}

function extraOf(value: unknown): object {
  return typeof value === 'string' ? { operationName: value } : { extensions: value };
}

/** For an address: what is no text is written by its bytes. */
export function escapeAll(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      /[\w.~-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
}
