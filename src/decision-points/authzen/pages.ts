import { createHash } from 'node:crypto';
import { invalid, isObject } from '../call.ts';

/** A page of the results of a search: how many are read, and after which. */
export interface PageAsked {
  after: string | null;
  limit: number;
}

/** Results that one page looks at; of these it has those that match. */
const defaultLimit = 1_000;
const maxLimit = 1_000;

/** Characters of a token at most; ours have fewer. */
const maxTokenLength = 500;

/**
 * The page that a request asks for. A token is of the same search alone: `search` is all that was asked.
 * @throws ValidationError
 */
export function readPage(page: unknown, search: readonly string[]): PageAsked {
  if (page === undefined) return { after: null, limit: defaultLimit };
  if (!isObject(page)) throw invalid('page', 'must be an object');
  const { token, limit = defaultLimit } = page;
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1)
    throw invalid('page.limit', 'must be a whole number, and not less than 1');
  return {
    after: token === undefined || token === '' ? null : afterOf(token, search),
    limit: Math.min(limit, maxLimit),
  };
}

/** The token of the page after this result. */
export function tokenAfter(id: string, search: readonly string[]): string {
  return Buffer.from(JSON.stringify([digestOf(search), id])).toString('base64url');
}

function afterOf(token: unknown, search: readonly string[]): string {
  const [digest, after] = partsOf(token);
  if (typeof after !== 'string') throw invalid('page.token', 'is none that a page of results has given');
  if (digest !== digestOf(search)) throw invalid('page.token', 'is of another search');
  return after;
}

function partsOf(token: unknown): unknown[] {
  if (typeof token !== 'string' || token.length > maxTokenLength) return [];
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

/** Short: a token need not be hard to make, since each page is authorized like the first. */
function digestOf(search: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(search)).digest('base64url').slice(0, 8);
}
