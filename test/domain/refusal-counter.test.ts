import { afterAll, describe, expect, it, vi } from 'vitest';
import { createDatabase, type Database } from '../../src/database/pool/client.ts';
import { otherNames, type Refusal } from '../../src/domain/refusals/refusal.ts';
import { RefusalCounter } from '../../src/domain/refusals/refusal-counter.ts';
import { createTestDatabase } from '../kit/database.ts';

const database = await createTestDatabase();
const statements: string[] = [];
const db = createDatabase(database.url, { onQuery: (sql) => void statements.push(sql) });
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const at = new Date('2026-11-22T12:34:56.789Z');
const never = 24 * 3_600_000;
let made = 0;

function aCounter(options: Partial<ConstructorParameters<typeof RefusalCounter>[0]> = {}) {
  const faults: { error: unknown; lost: number }[] = [];
  const counter = new RefusalCounter({ db, flushMs: never, onFault: (fault) => void faults.push(fault), ...options });
  return { counter, faults };
}

function aRefusal(some: Partial<Refusal> = {}): Refusal {
  return {
    organizationId: `org_${++made}`,
    subjectId: 'usr_a',
    modelKey: 'openai/gpt-4o',
    reason: 'PROVIDER_DISABLED',
    ...some,
  };
}

const rowsOf = ({ organizationId }: Refusal) =>
  db.modelRefusal.findMany({ where: { organizationId }, orderBy: [{ hour: 'asc' }, { subjectId: 'asc' }] });

/** A database that is away until it is said to be back. */
function aBrokenDatabase() {
  let isAway = true;
  const query: Database['query'] = (...statement) =>
    isAway ? Promise.reject(new Error('away')) : db.query(...statement);
  const broken: Database = { pool: undefined, signal: undefined, query, transaction: db.transaction };
  return {
    broken,
    comesBack: () => {
      isAway = false;
    },
  };
}

describe('counts of refusals', () => {
  it('are one row for an hour, a subject, a model and a reason, in one statement', async () => {
    const { counter } = aCounter();
    const refusal = aRefusal();
    const before = new Date(at.getTime() - 1);
    for (const each of [at, at, before]) counter.count([refusal], each);
    counter.count([refusal, { ...refusal, subjectId: 'usr_b' }], new Date('2026-11-22T13:00:00Z'));
    statements.length = 0;

    await counter.flush();

    expect(statements).toHaveLength(1);
    const hour = new Date('2026-11-22T12:00:00Z');
    const later = new Date('2026-11-22T13:00:00Z');
    expect(await rowsOf(refusal)).toEqual([
      { ...refusal, hour, count: 3n, lastAt: at },
      { ...refusal, hour: later, count: 1n, lastAt: later },
      { ...refusal, subjectId: 'usr_b', hour: later, count: 1n, lastAt: later },
    ]);
  });

  it('are added to those of before, and write nothing where nothing was refused', async () => {
    const { counter } = aCounter();
    const refusal = aRefusal();
    for (let time = 0; time < 3; time += 1) {
      counter.count([refusal], at);
      await counter.flush();
    }
    statements.length = 0;
    await counter.flush();

    expect(statements).toEqual([]);
    expect(await rowsOf(refusal)).toMatchObject([{ count: 3n }]);
  });

  it('are written by the clock, and when the counter is closed, which counts nothing more', async () => {
    const { counter } = aCounter({ flushMs: 10 });
    const refusal = aRefusal();
    counter.count([refusal], at);
    await vi.waitUntil(async () => (await rowsOf(refusal)).length === 1, { timeout: 10_000 });
    counter.count([refusal], at);

    await counter.close();
    counter.count([refusal], at);
    await counter.flush();

    expect(await rowsOf(refusal)).toMatchObject([{ count: 2n }]);
  });

  it('are written at once when there are as many as memory may hold', async () => {
    const { counter } = aCounter({ maxRows: 3 });
    const refusal = aRefusal();
    for (const subjectId of ['usr_1', 'usr_2', 'usr_3']) counter.count([{ ...refusal, subjectId }], at);

    await vi.waitUntil(async () => (await rowsOf(refusal)).length === 3, { timeout: 10_000 });
  });

  it('of ten processes at a time add up, in whatever order each has met them', async () => {
    const refusal = aRefusal();
    const subjects = Array.from({ length: 200 }, (_, index) => `usr_${index}`);
    const counters = Array.from({ length: 10 }, () => aCounter().counter);
    for (const [index, counter] of counters.entries())
      for (const subjectId of index % 2 ? subjects : subjects.toReversed())
        counter.count([{ ...refusal, subjectId }], at);

    await Promise.all(counters.map((counter) => counter.flush()));

    const rows = await rowsOf(refusal);
    expect(rows).toHaveLength(200);
    expect(rows.every(({ count }) => count === 10n)).toBe(true);
  });
});

describe('names that the catalog does not have', () => {
  const unknown = (modelKey: string, some: Partial<Refusal> = {}) =>
    aRefusal({ ...some, modelKey, reason: 'UNKNOWN_MODEL' });

  it('leave a bounded number of rows, and all are counted', async () => {
    const { counter, faults } = aCounter();
    const { organizationId } = aRefusal();
    for (let index = 0; index < 10_000; index += 1) counter.count([unknown(`name-${index}`, { organizationId })], at);
    counter.count([unknown('name-7', { organizationId })], at);
    counter.count([unknown('mine', { organizationId, subjectId: 'usr_b' })], at);
    await counter.flush();

    const rows = await rowsOf(unknown('', { organizationId }));

    expect(faults).toEqual([]);
    expect(rows.filter(({ subjectId }) => subjectId === 'usr_a')).toHaveLength(21);
    expect(rows.reduce((sum, { count }) => sum + count, 0n)).toBe(10_002n);
    expect(rows).toContainEqual(expect.objectContaining({ modelKey: otherNames, count: 9_980n }));
    expect(rows).toContainEqual(expect.objectContaining({ modelKey: 'name-7', count: 2n }));
    expect(rows).toContainEqual(expect.objectContaining({ modelKey: 'mine', subjectId: 'usr_b' }));
  });

  it('are bounded for an organization and for all, and anew in the next hour', async () => {
    const { counter } = aCounter({ limits: { ofSubject: 2, ofOrganization: 3, inAll: 5 } });
    const [one, another] = [aRefusal(), aRefusal()];
    const ask = ({ organizationId }: Refusal, when: Date) => {
      for (const subjectId of ['usr_a', 'usr_b'])
        for (const name of ['x', 'y', 'z']) counter.count([unknown(name, { organizationId, subjectId })], when);
    };
    ask(one, at);
    ask(another, at);
    ask(another, new Date(at.getTime() + 3_600_000));
    await counter.flush();

    const keysOf = async (refusal: Refusal, hour: number) =>
      (await rowsOf(refusal))
        .filter((row) => row.hour.getUTCHours() === hour)
        .map(({ subjectId, modelKey }) => `${subjectId} ${modelKey}`)
        .sort();
    expect(await keysOf(one, 12)).toEqual(['usr_a ', 'usr_a x', 'usr_a y', 'usr_b ', 'usr_b x']);
    expect(await keysOf(another, 12)).toEqual(['usr_a ', 'usr_a x', 'usr_a y', 'usr_b ']);
    expect(await keysOf(another, 13)).toEqual(['usr_a ', 'usr_a x', 'usr_a y', 'usr_b ', 'usr_b x']);
  });
});

describe('while the database is away', () => {
  it('counts are kept, what is too much is told as lost, and the fault is told once a minute', async () => {
    const { broken, comesBack } = aBrokenDatabase();
    const { counter, faults } = aCounter({ db: broken, maxRows: 2 });
    const refusal = aRefusal();
    for (const subjectId of ['usr_1', 'usr_2', 'usr_2', 'usr_3', 'usr_3']) {
      counter.count([{ ...refusal, subjectId }], at);
      await counter.flush();
    }

    comesBack();
    await counter.flush();

    expect(await rowsOf(refusal)).toMatchObject([
      { subjectId: 'usr_1', count: 1n },
      { subjectId: 'usr_2', count: 2n },
    ]);
    expect(faults).toEqual([{ error: new Error('away'), lost: 0 }]);
  });

  it('they are tried again by the clock', async () => {
    const { broken, comesBack } = aBrokenDatabase();
    const { counter, faults } = aCounter({ db: broken, flushMs: 10 });
    const refusal = aRefusal();
    counter.count([refusal], at);
    await vi.waitUntil(() => faults.length > 0, { timeout: 10_000 });

    comesBack();

    await vi.waitUntil(async () => (await rowsOf(refusal)).length === 1, { timeout: 10_000 });
    expect(await rowsOf(refusal)).toMatchObject([{ count: 1n }]);
  });
});

describe('counts after 90 days', () => {
  it('are deleted with the next ones of their organization, those of others are not', async () => {
    const { counter } = aCounter();
    const [one, another] = [aRefusal(), aRefusal()];
    const hours = [new Date('2026-08-24T12:00:00Z'), new Date('2026-08-24T13:00:00Z')];
    const data = [one, another].flatMap((refusal) =>
      hours.map((hour) => ({ ...refusal, hour, count: 1, lastAt: hour })),
    );
    await db.modelRefusal.createMany({ data });
    counter.count([one], at);

    await counter.flush();

    expect((await rowsOf(one)).map(({ hour }) => hour)).toEqual([hours[1], new Date('2026-11-22T12:00:00Z')]);
    expect(await rowsOf(another)).toHaveLength(2);
  });
});
