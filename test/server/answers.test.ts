import { describe, expect, it } from 'vitest';
import { anonymous } from '../../src/auth/viewer.ts';
import { lasting } from '../../src/cache/freshness.ts';
import { FastRequest } from '../../src/server/request/fast-request.ts';
import { type Answer, answerKeyOf, createAnswers } from '../../src/server/request/response-cache.ts';

const now = new Date('2026-11-22T12:00:00Z');
const today = Math.floor(now.getTime() / 86_400_000);

const told = { isTold: true };

function anAnswer({ body = '{}', marks = [{ isCurrent: true }] }: Partial<Answer> = {}): Answer {
  return { status: 200, headers: {}, body, points: 1, operationName: undefined, marks, day: today };
}

describe('kept answers', () => {
  it('hold as long as all of their marks are current', () => {
    const answers = createAnswers({ bytes: 1_000_000, entries: 10 }, told);
    const mark = { isCurrent: true };
    const answer = anAnswer({ marks: [{ isCurrent: true }, mark] });
    answers.keep('a', answer);
    expect(answers.find('a', now)).toEqual(answer);

    mark.isCurrent = false;
    expect(answers.find('a', now)).toBe(undefined);

    // What has ended does not begin again.
    mark.isCurrent = true;
    expect(answers.find('a', now)).toBe(undefined);
  });

  it('hold as long as there is a lease, but for those that rest on nothing that changes', () => {
    const freshness = { isTold: true };
    const answers = createAnswers({ bytes: 1_000_000, entries: 10 }, freshness);
    answers.keep('a', anAnswer());
    answers.keep('b', anAnswer({ marks: [lasting] }));

    freshness.isTold = false;

    expect(['a', 'b'].map((key) => answers.find(key, now) !== undefined)).toEqual([false, true]);
  });

  it('hold on their day, since models retire at midnight', () => {
    const answers = createAnswers({ bytes: 1_000_000, entries: 10 }, told);
    answers.keep('a', anAnswer());
    expect(answers.find('a', new Date('2026-11-22T23:59:59.999Z'))).toBeDefined();
    expect(answers.find('a', new Date('2026-11-23T00:00:00.000Z'))).toBe(undefined);
  });

  it('are no more than there may be, those asked for longest ago gone first', () => {
    const answers = createAnswers({ bytes: 1_000_000, entries: 2 }, told);
    answers.keep('a', anAnswer());
    answers.keep('b', anAnswer());
    // One use alone may go unnoticed.
    for (let use = 0; use < 500; use += 1) answers.find('a', now);
    answers.keep('c', anAnswer());

    expect(['a', 'b', 'c'].filter((key) => answers.find(key, now))).toEqual(['a', 'c']);
  });

  it('take no more bytes than they may, and none of them most', () => {
    const answers = createAnswers({ bytes: 100_000, entries: 1_000 }, told);
    answers.keep('large', anAnswer({ body: 'x'.repeat(20_000) }));
    expect(answers.find('large', now)).toBe(undefined);

    const keys = Array.from({ length: 100 }, (_, index) => `${index}`);
    for (const key of keys) answers.keep(key, anAnswer({ body: 'x'.repeat(4_000) }));
    const kept = keys.filter((key) => answers.find(key, now));
    expect(kept.length).toBeGreaterThan(15);
    expect(kept.length).toBeLessThanOrEqual(25);
    expect(kept.at(-1)).toBe('99');
  });

  it.each([
    { bytes: 0, entries: 10 },
    { bytes: 10, entries: 0 },
  ])('are none where nothing is to be remembered: %o', (limits) => {
    const answers = createAnswers(limits, told);
    answers.keep('a', anAnswer());
    expect(answers.find('a', now)).toBe(undefined);
  });
});

describe('the key of an answer', () => {
  const asked = { viewer: 'usr_a', method: 'POST', path: '/graphql?a=1', headers: {}, content: '{}' };
  const keyOf = (change: Partial<typeof asked>) => {
    const { viewer, ...request } = { ...asked, ...change };
    return answerKeyOf({ ...anonymous, key: viewer }, new FastRequest(request));
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
    expect(answerKeyOf(anonymous, new Request(`http://localhost${view.path}`, { headers }))).toBe(
      answerKeyOf(anonymous, new FastRequest(view)),
    );
    expect(answerKeyOf(anonymous, new Request('http://localhost/v1/models?page=3', { headers }))).not.toBe(
      answerKeyOf(anonymous, new FastRequest(view)),
    );
  });
});
