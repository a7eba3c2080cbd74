import { parseCursorConnectionArgs } from '@pothos/core';
import { z } from 'zod';
import type { Page } from '../domain/reading/page.ts';
import { ValidationError } from '../errors/base.ts';
import { maxCursorLength } from '../limits.ts';

/** The default page size, unless the service's limit is smaller. */
const defaultPageSize = 50;

/** A time in a cursor, in a form that the database accepts. */
export const cursorTime = z.iso.datetime().refine((text) => !text.startsWith('0000'));

/** The arguments of a connection. */
export interface ConnectionArguments {
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}

interface Keyset<Row, Key> {
  args: ConnectionArguments;
  /** The maximum page size. */
  maxSize: number;
  /** The schema of the sort key of rows. The key must end in a unique column. */
  key: z.ZodType<Key>;
  keyOf: (row: Row) => Key;
  load: (page: Page<Key>) => Promise<readonly Row[]> | readonly Row[];
  /** Called only when the client asks for it. */
  totalCount: () => Promise<number> | number;
}

/**
 * A page by keyset: it costs the same at any position, and rows that are inserted or deleted shift nothing. The cursor of a row
 * is its key.
 *
 * @throws ValidationError for a page size that is out of range, or a cursor that is not one of this list
 */
export async function keysetConnection<Row, Key>({ args, maxSize, key, keyOf, load, totalCount }: Keyset<Row, Key>) {
  const { first, last } = args;
  checkSizes({ first, last }, maxSize);
  const after = decodeCursor('after', args.after, key);
  const before = decodeCursor('before', args.before, key);

  const { limit, inverted, expectedSize, hasPreviousPage, hasNextPage } = parseCursorConnectionArgs({
    args: { first: first ?? null, last: last ?? null, after: args.after ?? null, before: args.before ?? null },
    defaultSize: Math.min(defaultPageSize, maxSize),
    maxSize,
  });
  const rows = await load({ after, before, limit, inverted });
  const page = rows.slice(0, expectedSize);
  if (inverted) page.reverse();
  const edges = page.map((node) => new Edge(node, keyOf));
  return {
    edges,
    pageInfo: new PageInfo(edges, hasPreviousPage(rows.length), hasNextPage(rows.length)),
    totalCount,
  };
}

/** The cursor is computed when it is selected: most clients use the last one alone. */
class Edge<Row, Key> {
  readonly node: Row;
  readonly #keyOf: (row: Row) => Key;

  constructor(node: Row, keyOf: (row: Row) => Key) {
    this.node = node;
    this.#keyOf = keyOf;
  }

  get cursor(): string {
    return encodeCursor(this.#keyOf(this.node));
  }
}

/** Its cursors are made on demand too. A class: V8 makes an object literal with getters a hidden class for each object. */
class PageInfo {
  readonly hasPreviousPage: boolean;
  readonly hasNextPage: boolean;
  readonly #edges: readonly { cursor: string }[];

  constructor(edges: readonly { cursor: string }[], hasPreviousPage: boolean, hasNextPage: boolean) {
    this.hasPreviousPage = hasPreviousPage;
    this.hasNextPage = hasNextPage;
    this.#edges = edges;
  }

  get startCursor(): string | null {
    return this.#edges[0]?.cursor ?? null;
  }

  get endCursor(): string | null {
    return this.#edges.at(-1)?.cursor ?? null;
  }
}

/** The maximum number of entries of a page with these arguments, which are not validated. */
export function pageSizeOf({ first, last }: ConnectionArguments, maxSize: number): number {
  return Math.max(0, first ?? last ?? Math.min(defaultPageSize, maxSize));
}

function checkSizes(sizes: Record<'first' | 'last', number | null | undefined>, maxSize: number): void {
  for (const [path, size] of Object.entries(sizes)) {
    if (size !== null && size !== undefined && (size < 0 || size > maxSize)) {
      throw new ValidationError([{ path, message: `must be from 0 to ${maxSize}` }]);
    }
  }
  if (typeof sizes.first === 'number' && typeof sizes.last === 'number') {
    throw new ValidationError([{ path: 'last', message: 'give first or last, not both' }]);
  }
}

function encodeCursor(key: unknown): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

function decodeCursor<Key>(path: string, cursor: string | null | undefined, schema: z.ZodType<Key>): Key | undefined {
  if (!cursor) return undefined;

  if (cursor.length > maxCursorLength) throw noCursor(path);
  // No key contains NUL, and PostgreSQL would refuse one.
  const text = Buffer.from(cursor, 'base64url').toString();
  const parsed = schema.safeParse(text.includes('\\u0000') ? undefined : parseJson(text));
  if (!parsed.success) throw noCursor(path);
  return parsed.data;
}

function noCursor(path: string): ValidationError {
  return new ValidationError([{ path, message: 'is not a cursor of this list' }]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
