import { describe, expect, it } from 'vitest';
import { anonymous } from '../../src/auth/viewer.ts';
import { Dependencies } from '../../src/cache/dependencies.ts';
import { permanentTag } from '../../src/cache/tags.ts';
import type { Context } from '../../src/context.ts';
import { useResponseCache } from '../../src/server/plugins/use-response-cache.ts';
import { FastRequest } from '../../src/server/request/fast-request.ts';
import { recordOf } from '../../src/server/request/request-record.ts';
import {
  type CachedResponse,
  createResponseCache,
  endOf,
  responseKeyOf,
} from '../../src/server/request/response-cache.ts';

const now = new Date('2026-11-22T12:00:00Z');
const later = new Date('2026-11-22T13:00:00Z');

const told = { isLive: true };

function anAnswer({ body = '{}', tags: marks = [{ isCurrent: true }] }: Partial<CachedResponse> = {}): CachedResponse {
  return {
    status: 200,
    headers: {},
    body,
    points: 1,
    operationName: undefined,
    tags: marks,
    validUntil: later.getTime(),
  };
}

describe('kept answers', () => {
  it('hold as long as all of their marks are current', () => {
    const answers = createResponseCache({ bytes: 1_000_000, entries: 10 }, told);
    const mark = { isCurrent: true };
    const answer = anAnswer({ tags: [{ isCurrent: true }, mark] });
    answers.set('a', answer);
    expect(answers.get('a', now)).toEqual(answer);

    mark.isCurrent = false;
    expect(answers.get('a', now)).toBe(undefined);

    // What has ended does not begin again.
    mark.isCurrent = true;
    expect(answers.get('a', now)).toBe(undefined);
  });

  it('hold as long as there is a lease, but for those that rest on nothing that changes', () => {
    const freshness = { isLive: true };
    const answers = createResponseCache({ bytes: 1_000_000, entries: 10 }, freshness);
    answers.set('a', anAnswer());
    answers.set('b', anAnswer({ tags: [permanentTag] }));

    freshness.isLive = false;

    expect(['a', 'b'].map((key) => answers.get(key, now) !== undefined)).toEqual([false, true]);
  });

  it('hold until their end', () => {
    const answers = createResponseCache({ bytes: 1_000_000, entries: 10 }, told);
    answers.set('a', anAnswer());
    expect(answers.get('a', new Date(later.getTime() - 1))).toBeDefined();
    expect(answers.get('a', later)).toBe(undefined);
  });

  it.each([
    ['nothing', [], '2026-11-23T00:00:00Z'],
    ['what never ends', [null], '2026-11-23T00:00:00Z'],
    ['what ends on another day', ['2026-11-25T00:00:00Z'], '2026-11-23T00:00:00Z'],
    [
      'what ends today',
      [null, '2026-11-22T14:00:00Z', '2026-11-22T13:00:00Z', null, '2026-11-25T00:00:00Z'],
      '2026-11-22T13:00:00Z',
    ],
  ])('that were made by deciding %s end with the first of it, or their day', (_what, ends, end) => {
    const dependencies = new Dependencies();
    for (const at of ends)
      dependencies.addDecision({ catalogVersion: 1, validUntil: at === null ? null : new Date(at) });

    expect(new Date(endOf({ now, dependencies }))).toEqual(new Date(end));
  });

  it('are no more than there may be, those asked for longest ago gone first', () => {
    const answers = createResponseCache({ bytes: 1_000_000, entries: 2 }, told);
    answers.set('a', anAnswer());
    answers.set('b', anAnswer());
    // One use alone may go unnoticed.
    for (let use = 0; use < 500; use += 1) answers.get('a', now);
    answers.set('c', anAnswer());

    expect(['a', 'b', 'c'].filter((key) => answers.get(key, now))).toEqual(['a', 'c']);
  });

  it('take no more bytes than they may, and none of them most', () => {
    const answers = createResponseCache({ bytes: 100_000, entries: 1_000 }, told);
    answers.set('large', anAnswer({ body: 'x'.repeat(20_000) }));
    expect(answers.get('large', now)).toBe(undefined);

    const keys = Array.from({ length: 100 }, (_, index) => `${index}`);
    for (const key of keys) answers.set(key, anAnswer({ body: 'x'.repeat(4_000) }));
    const kept = keys.filter((key) => answers.get(key, now));
    expect(kept.length).toBeGreaterThan(15);
    expect(kept.length).toBeLessThanOrEqual(25);
    expect(kept.at(-1)).toBe('99');
  });

  it.each([
    { bytes: 0, entries: 10 },
    { bytes: 10, entries: 0 },
  ])('are none where nothing is to be remembered: %o', (limits) => {
    const answers = createResponseCache(limits, told);
    answers.set('a', anAnswer());
    expect(answers.get('a', now)).toBe(undefined);
  });
});

describe('what is cached of the answers of REST routes', () => {
  const headers = { etag: '"1"', 'content-type': 'application/json' };

  it.each([
    ['data', new Response('{}', { headers }), true],
    ['word that the client has it already', new Response(null, { status: 304, headers }), true],
    ['a refusal', new Response('{}', { status: 404, headers }), false],
    ['a page', new Response('<p>', { headers: { 'content-type': 'text/html' } }), false],
  ])('%s', async (_what, response, isCached) => {
    const answers = createResponseCache({ bytes: 1_000_000, entries: 10 }, told);
    const request = new Request('http://localhost/v1/models');
    recordOf(request).context = { viewer: anonymous, now, dependencies: new Dependencies() } as Context;

    await useResponseCache(answers).onResponse?.({ request, response } as never);

    const found = answers.get(responseKeyOf(anonymous, request), now);
    expect(found?.status).toBe(isCached ? response.status : undefined);
  });
});

describe('the key of an answer', () => {
  const asked = { viewer: 'usr_a', method: 'POST', path: '/graphql?a=1', headers: {}, content: '{}' };
  const keyOf = (change: Partial<typeof asked>) => {
    const { viewer, ...request } = { ...asked, ...change };
    return responseKeyOf({ ...anonymous, key: viewer }, new FastRequest(request));
  };

  it.each([
    { viewer: 'usr_b' },
    { method: 'GET' },
    { path: '/graphql?a=2' },
    { path: '/other?a=1' },
    { content: '{ }' },
    { headers: { accept: 'text/plain' } },
    { headers: { 'graphql-cost': 'report' } },
    { headers: { 'if-none-match': '"1"' } },
    { headers: { 'x-organization-id': 'org_a' } },
  ])('is another one with %o', (change) => {
    expect(keyOf(change)).not.toBe(keyOf({}));
  });

  it('is the same for all that no answer depends on, and in both forms of a request', () => {
    const headers = { 'x-organization-id': 'org_a', 'x-request-id': '1' };
    const view = { method: 'GET', path: '/v1/models?page=2', headers };

    expect(keyOf({ headers: { 'user-agent': 'a' } })).toBe(keyOf({}));
    expect(responseKeyOf(anonymous, new Request(`http://localhost${view.path}`, { headers }))).toBe(
      responseKeyOf(anonymous, new FastRequest(view)),
    );
    expect(responseKeyOf(anonymous, new Request('http://localhost/v1/models?page=3', { headers }))).not.toBe(
      responseKeyOf(anonymous, new FastRequest(view)),
    );
  });
});
