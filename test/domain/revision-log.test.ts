import { afterAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { createRevisionLog } from '../../src/domain/feed/revision-log.ts';
import { createTestDatabase } from '../kit/database.ts';
import { reviseQuickly } from '../kit/subscriptions.ts';
import { buildWorld } from '../kit/world.ts';

const database = await createTestDatabase();
const statements: string[] = [];
const db = createDatabase(database.url, { onQuery: (sql) => void statements.push(sql) });
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

async function aLog(revisions: number) {
  const { organization, foreignOrganization, owner, stranger } = await buildWorld(db);
  await reviseQuickly(db, foreignOrganization, { as: stranger, times: 1 });
  await reviseQuickly(db, organization, { as: owner, times: revisions });
  statements.length = 0;
  const log = createRevisionLog(db, organization.id);
  const numbersAfter = async (number: number) => (await log.entriesAfter(number)).map((entry) => entry.number);
  return { log, numbersAfter };
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('the log of an organization', () => {
  it('says nothing before it is told how far it goes, and reads once for all who follow it', async () => {
    const { log, numbersAfter } = await aLog(4);
    expect(await numbersAfter(0)).toEqual([]);

    log.advance(4);

    expect(await Promise.all([numbersAfter(0), numbersAfter(0)])).toEqual([range(1, 4), range(1, 4)]);
    expect([await numbersAfter(1), await numbersAfter(3), await numbersAfter(4)]).toEqual([[2, 3, 4], [4], []]);
    expect(statements).toHaveLength(1);
  });

  it('has no gap, wherever its followers are', async () => {
    const { log, numbersAfter } = await aLog(250);
    log.advance(250);

    expect(await numbersAfter(0)).toEqual(range(1, 100));
    expect(await numbersAfter(200)).toEqual(range(201, 250));
    expect(await numbersAfter(100)).toEqual(range(101, 200));
    expect(await numbersAfter(230)).toEqual(range(231, 250));
    expect((await numbersAfter(200))[0]).toBe(201);
  });

  it('wakes who waits for what is new, and who gives up', async () => {
    const { log } = await aLog(1);
    const [staying, leaving] = [new AbortController(), new AbortController()];
    const { version } = log;
    const waiting = [log.nextVersion(version, staying.signal), log.nextVersion(version, leaving.signal)];

    leaving.abort();
    await waiting[1];
    log.advance(1);
    await waiting[0];
    await log.nextVersion(version, staying.signal);

    expect(log.version).toBeGreaterThan(version);
  });
});
