import { hash } from 'node:crypto';
import type { Viewer } from '../../auth/viewer.ts';
import { RoughLRU } from '../../cache/rough-lru.ts';
import { type CacheLimits, permanentTag, type Tag, type Tags } from '../../cache/tags.ts';
import { FastRequest } from './fast-request.ts';

/** A whole answer, and what it rests on. */
export interface CachedResponse {
  status: number;
  /** Those that belong to the body; what a request is told besides is said anew each time. */
  headers: Readonly<Record<string, string>>;
  body: string;
  /** What it costs whoever asks, each time. */
  points: number;
  operationName: string | undefined;
  /** It holds as long as all of these are current, */
  tags: readonly Tag[];
  /** and on this day: models retire at midnight, UTC. */
  day: number;
}

/** Answers that were given, for as long as they would be given again. */
export interface ResponseCache {
  get: (key: string, now: Date) => CachedResponse | undefined;
  set: (key: string, answer: CachedResponse) => void;
}

/** What an answer takes beside its body and its key, in bytes; about. */
const overhead = 250;

/** Most answers have the same headers: those are kept once. Others have an ETag of their own. */
const maxSharedHeaders = 100;

const dayMs = 24 * 3_600_000;

/** Keeps so much at most, in bytes and in answers; with 0 of either nothing. Those asked for longest ago go first. */
export function createResponseCache({ bytes, entries }: CacheLimits, live: Pick<Tags, 'isLive'>): ResponseCache {
  if (bytes === 0 || entries === 0) return { get: () => undefined, set: () => {} };

  // Bounded by size alone, since the cache sets memory aside for as many entries as it may have.
  const least = Math.ceil(bytes / entries);
  const answers = new RoughLRU<string, CachedResponse>({
    maxSize: bytes,
    // One answer must not push out all others.
    maxEntrySize: Math.max(Math.ceil(bytes / 16), least),
    sizeCalculation: ({ body }, key) => Math.max(least, overhead + key.length + Buffer.byteLength(body)),
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
  return {
    get: (key, now) => {
      const answer = answers.get(key);
      if (!answer || (answer.day === dayOf(now) && areCurrent(answer.tags))) return answer;
      answers.delete(key);
      return undefined;
    },
    set: (key, answer) => void answers.set(key, { ...answer, headers: share(answer.headers) }),
  };
}

export function dayOf(now: Date): number {
  return Math.floor(now.getTime() / dayMs);
}

/** Whether a request reads one of the REST views. */
export function isView(method: string | undefined, path: string): boolean {
  return method === 'GET' && path.startsWith('/v1/');
}

/** The headers on which answers depend, beside those that say who asks. */
const askingHeaders = ['accept', 'graphql-cost', 'if-none-match', 'x-organization-id'];

/** The same for all requests that are answered alike: it stands for who asks, and for all that an answer can depend on. */
export function responseKeyOf({ key }: Viewer, request: Request | FastRequest): string {
  const { method, headers } = request;
  // None of these holds a line feed.
  let asked = `${key}\n${method}\n${pathAndQueryOf(request)}\n`;
  for (const name of askingHeaders) asked += `${headers.get(name) ?? ''}\n`;
  if (request instanceof FastRequest) asked += request.content;
  // As short as it can be: there are as many as answers.
  return hash('sha256', asked, 'binary');
}

function pathAndQueryOf(request: Request | FastRequest): string {
  if (request instanceof FastRequest) return request.path;
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}
