import { describe, expect, it } from 'vitest';
import type { LedgerEntry, RevisionLog } from '../../src/domain/feed/revision-log.ts';
import { createRevisionStream, type Follower } from '../../src/domain/feed/revision-stream.ts';
import { accessDenied } from '../../src/domain/ledger/reauthorize.ts';
import { ServiceUnavailableError } from '../../src/errors/base.ts';

/** A log with these subjects, one a revision, and nothing new to come. */
function aLog(subjects: string[] = []): RevisionLog {
  const entries = subjects.map((subjectId, index) => ({ number: index + 1, subjectId }) as LedgerEntry);
  return {
    version: 0,
    advance: () => {},
    forget: () => {},
    nextVersion: (_version, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve());
      }),
    entriesAfter: async (number) => entries.slice(number),
  };
}

function aStream(log: RevisionLog, given: Partial<Follower> = {}) {
  const client = new AbortController();
  let ends = 0;
  const follower: Follower = {
    id: 'usr_a',
    reauthorize: async () => {},
    validForMs: Number.POSITIVE_INFINITY,
    signal: client.signal,
    disconnect: () => {},
    ...given,
  };
  const onEnd = () => {
    ends += 1;
  };
  const stream = createRevisionStream(log, { follower, number: 0, onEnd });
  return { stream, client, ends: () => ends };
}

const done = { done: true, value: undefined };

describe('a stream of revisions', () => {
  it('tells them in order, and asks about its follower where one is about it', async () => {
    let confirmations = 0;
    const reauthorize = async () => {
      confirmations += 1;
    };
    const { stream } = aStream(aLog(['usr_b', 'usr_a', 'oms_a']), { reauthorize });

    const told = [await stream.next(), await stream.next(), await stream.next()];

    expect(told.map(({ value }) => value?.number)).toEqual([1, 2, 3]);
    expect(confirmations).toBe(1);
  });

  it('ends with why its follower has lost its right, once', async () => {
    const reauthorize = async () => {
      throw accessDenied('org_a');
    };
    const { stream, ends } = aStream(aLog(['usr_a', 'oms_a']), { reauthorize });

    await expect(stream.next()).rejects.toMatchObject({ code: 'ORGANIZATION_ACCESS_DENIED' });

    expect([await stream.next(), ends()]).toEqual([done, 1]);
  });

  it('ends with the token', async () => {
    const { stream, ends } = aStream(aLog(), { validForMs: 1 });

    await expect(stream.next()).rejects.toMatchObject({ code: 'AUTHENTICATION_REQUIRED' });

    expect([await stream.next(), ends()]).toEqual([done, 1]);
  });

  it('ends with its client, also while it waits, and with whoever ends it', async () => {
    for (const end of ['abort', 'return', 'fail'] as const) {
      const { stream, client, ends } = aStream(aLog());
      const waiting = stream.next().catch(({ code }) => code);

      if (end === 'abort') client.abort();
      if (end === 'return') expect(await stream.return()).toEqual(done);
      if (end === 'fail') stream.fail(new ServiceUnavailableError());

      expect(await waiting).toEqual(end === 'fail' ? 'SERVICE_UNAVAILABLE' : done);
      client.abort();
      expect([await stream.next(), ends()]).toEqual([done, 1]);
    }
  });

  it('is idle for as long as nobody asks for the next one', async () => {
    const { stream } = aStream(aLog(['oms_a']));
    await stream.next();
    await expect.poll(() => stream.idleMs()).toBeGreaterThan(0);

    const waiting = stream.next();
    const meanwhile = stream.idleMs();
    await stream.return();

    expect([meanwhile, await waiting]).toEqual([0, done]);
  });
});
