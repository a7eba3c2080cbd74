import { hash } from 'node:crypto';
import type { Viewer } from '../../auth/viewer.ts';
import type { CacheUse } from '../../cache/cache-use.ts';
import { RoughLRU } from '../../cache/rough-lru.ts';
import { type CacheLimits, permanentTag, type Tag, type Tags } from '../../cache/tags.ts';
import type { Context } from '../../context.ts';
import type { Refusal } from '../../domain/refusals/refusal.ts';
import { FastRequest } from './fast-request.ts';
import type { Decisions } from './request-record.ts';

/** A whole response, and what it depends on. */
export interface CachedResponse {
  status: number;
  /** Those that belong to the body; plugins add the headers of one request at each hit. */
  headers: Readonly<Record<string, string>>;
  body: string;
  /** What it costs the caller, at each hit. */
  points: number;
  operationName: string | undefined;
  /** For metrics: what is counted at each hit too. */
  rootField?: string | undefined;
  route?: string | undefined;
  decisions?: Decisions | undefined;
  /** The refusals in it: they are counted at each hit too. */
  refusals?: readonly Refusal[] | undefined;
  /** Valid while all of these are current, */
  tags: readonly Tag[];
  /** and until then, in ms. */
  validUntil: number;
}

/** Caches responses while their tags are current. */
export interface ResponseCache {
  get: (key: string, now: Date) => CachedResponse | undefined;
  set: (key: string, answer: CachedResponse) => void;
  /** A response that is no longer valid counts as a miss. */
  use: () => CacheUse & { bytes: number };
}

/** What a response takes beside its body and its key, in bytes, roughly; and what each refusal in it takes. */
const overhead = 250;

/** Most responses have the same headers, which are stored once. Others have an ETag of their own. */
const maxSharedHeaders = 100;

const off: ResponseCache = {
  get: () => undefined,
  set: () => {},
  use: () => ({ hits: 0, misses: 0, size: 0, bytes: 0 }),
};

const dayMs = 24 * 3_600_000;

/** Bounded in bytes and in entries; 0 of either switches it off. The least recently used responses are evicted first. */
export function createResponseCache({ bytes, entries }: CacheLimits, live: Pick<Tags, 'isLive'>): ResponseCache {
  if (bytes === 0 || entries === 0) return off;

  // The least that a response counts, which bounds the entries. With `max` the cache would allocate memory for all at once.
  const least = Math.ceil(bytes / entries);
  const answers = new RoughLRU<string, CachedResponse>({
    maxSize: bytes,
    // One response must not evict all others.
    maxEntrySize: Math.max(Math.ceil(bytes / 16), least),
    sizeCalculation: ({ body, refusals = [] }, key) =>
      Math.max(least, overhead * (1 + refusals.length) + key.length + Buffer.byteLength(body)),
  });
  const shared = new Map<string, CachedResponse['headers']>();
  const share = (headers: CachedResponse['headers']) => {
    const text = JSON.stringify(headers);
    const known = shared.get(text);
    if (!known && shared.size < maxSharedHeaders) shared.set(text, headers);
    return known ?? headers;
  };
  const areCurrent = (tags: readonly Tag[]) => {
    const { isLive } = live;
    for (const tag of tags) if (tag !== permanentTag && !(isLive && tag.isCurrent)) return false;
    return true;
  };
  let stale = 0;
  return {
    get: (key, now) => {
      const answer = answers.get(key);
      if (!answer || (now.getTime() < answer.validUntil && areCurrent(answer.tags))) return answer;
      stale += 1;
      answers.delete(key);
      return undefined;
    },
    set: (key, answer) => void answers.set(key, { ...answer, headers: share(answer.headers) }),
    use: () => ({
      hits: answers.hits - stale,
      misses: answers.misses + stale,
      size: answers.size,
      bytes: answers.calculatedSize,
    }),
  };
}

/**
 * When an answer ends by time: with the first of its decisions to do so, but no later than its day. Other dates of models, such as
 * of their lifecycle, begin at midnight, UTC.
 */
export function endOf({ now, dependencies }: Pick<Context, 'now' | 'dependencies'>): number {
  const endOfDay = (Math.floor(now.getTime() / dayMs) + 1) * dayMs;
  return Math.min(endOfDay, dependencies.decisions?.validUntil?.getTime() ?? endOfDay);
}

/** Whether a request reads one of the REST views. */
export function isView(method: string | undefined, path: string): boolean {
  return method === 'GET' && path.startsWith('/v1/');
}

/** The headers on which responses depend, beside those that authenticate the caller. A body of another content type is refused. */
const keyHeaders = ['accept', 'content-type', 'graphql-cost', 'if-none-match', 'x-organization-id'];

/** The key of the response cache: the caller, and all of a request that the response can depend on. */
export function responseKeyOf({ key: viewer }: Viewer, request: Request | FastRequest): string {
  if (!(request instanceof FastRequest)) return hashOf(viewer, request, '');

  if (request.responseKey?.viewer !== viewer) {
    request.responseKey = { viewer, key: hashOf(viewer, request, request.content) };
  }
  return request.responseKey.key;
}

/** A hash, since memory holds a key for each response. */
function hashOf(viewer: string, request: Request | FastRequest, content: string): string {
  const { method, headers } = request;
  // None of these holds a line feed.
  let asked = `${viewer}\n${method}\n${pathAndQueryOf(request)}\n`;
  for (const name of keyHeaders) asked += `${headers.get(name) ?? ''}\n`;
  return hash('sha256', asked + content, 'binary');
}

function pathAndQueryOf(request: Request | FastRequest): string {
  if (request instanceof FastRequest) return request.path;
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}
