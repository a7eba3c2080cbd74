import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Prisma } from '../../src/database/generated/prisma/client.ts';
import { createDatabase, type Database, withSignal } from '../../src/database/pool/client.ts';
import { isBadValue, isUnavailable } from '../../src/database/pool/faults.ts';
import type { PreparedStatements } from '../../src/database/pool/prepared-statements.ts';
import { createTestDatabase } from '../kit/database.ts';
import { type PoolerOptions, startPooler } from '../kit/pooler.ts';
import { anOrganization } from '../kit/world.ts';

const database = await createTestDatabase();
const statements: string[] = [];
const db = createDatabase(database.url, { poolSize: 1, onQuery: (sql) => void statements.push(sql) });
const owner = new pg.Client({ connectionString: database.ownerUrl });
// What a role does is shown to that role alone.
const observer = new pg.Client({ connectionString: database.url });

beforeAll(async () => {
  await owner.connect();
  await observer.connect();
  // Where it is not that of UTC, and no whole hour from it.
  await owner.query(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET TimeZone TO 'Asia/Kolkata'`);
});
afterAll(async () => {
  await db.$disconnect();
  await observer.end();
  await owner.end();
  await database.drop();
});

/** The ways that a statement can go. */
const ways: [string, <Result>(work: (to: Database) => Promise<Result>) => Promise<Result>][] = [
  ['to a pool', (work) => work(db)],
  ['to a pool under a signal', (work) => work(withSignal(db, new AbortController().signal))],
  ['into a transaction', (work) => db.transaction(work)],
  ['into a savepoint of one', (work) => db.transaction((tx) => tx.transaction(work))],
];

const rows = <Row>(to: Database, sql: Prisma.Sql) => to.query<Row>`${sql}`;
const backend = Prisma.sql`SELECT pg_backend_pid() AS "pid"`;
const pidOf = async (to: Database) => (await rows<{ pid: number }>(to, backend))[0]?.pid;
const numberOf = (value: string) => Prisma.sql`SELECT ${value}::int AS "number"`;

describe('a statement', () => {
  it.each(ways)('has the same types when it goes %s', async (_, go) => {
    const at = new Date('2026-11-22T12:34:56.789Z');
    const hash = Buffer.from([0, 127, 255]);
    const json = { list: [1, 'two', null], text: 'ü"\\' };

    const found = await go((connection) =>
      rows(
        connection,
        Prisma.sql`SELECT ${at}::timestamptz(3) AS "at", '2026-11-22 18:04:56.789+05:30'::timestamptz AS "same",
          ${JSON.stringify(json)}::jsonb AS "json", ${['a', 'b,"c"', '']}::text[] AS "list", ${[]}::text[] AS "none",
          ${7}::int AS "number", ${true}::bool AS "flag", ${null}::text AS "nothing", ${'ü'} AS "text", 'OWNER'::"Role" AS "role",
          ${hash}::bytea AS "hash"`,
      ),
    );

    expect(found).toEqual([
      {
        ...{ at, same: at, json, list: ['a', 'b,"c"', ''], none: [], number: 7, flag: true, nothing: null, text: 'ü' },
        ...{ role: 'OWNER', hash: expect.any(Uint8Array) },
      },
    ]);
    expect(Buffer.from((found[0] as { hash: Uint8Array }).hash)).toEqual(hash);
  });

  it('reads the times that Prisma writes, and Prisma those that it writes', async () => {
    const { id } = await anOrganization(db, 'Brightwater');
    const createdAt = new Date('2026-03-29T01:30:00.001Z');
    const read = () =>
      rows<{ createdAt: Date }>(db, Prisma.sql`SELECT "createdAt" FROM "Organization" WHERE "id" = ${id}`);

    await db.organization.update({ where: { id }, data: { createdAt } });
    expect(await read()).toEqual([{ createdAt }]);
    await rows(db, Prisma.sql`UPDATE "Organization" SET "createdAt" = ${new Date(0)} WHERE "id" = ${id}`);
    expect(await db.organization.findUnique({ where: { id }, select: { createdAt: true } })).toEqual({
      createdAt: new Date(0),
    });
  });

  it.each(ways)('is told of when it goes %s, and refused in words that are understood', async (_, go) => {
    statements.length = 0;

    await go((connection) => rows(connection, numberOf('7')));
    const refused = await go((connection) => rows(connection, numberOf('seven'))).catch((error: unknown) => error);

    expect([isBadValue(refused), isUnavailable(refused)]).toEqual([true, false]);
    expect(statements).toContain('SELECT $1::int AS "number"');
  });

  it.each([
    ['40001', true],
    ['40P01', true],
    ['3D000', true],
    ['28P01', true],
    ['53300', true],
    ['57014', true],
    ['25006', true],
    ['23505', false],
    ['42P01', false],
  ])('may be sent again where the database says %s: %s', async (code, isPassing) => {
    const raise = Prisma.raw(`DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`);

    const refused = await rows(db, raise).catch((error: unknown) => error);

    expect([isUnavailable(refused), isBadValue(refused)]).toEqual([isPassing, false]);
  });

  it('keeps its connection when it is refused, and loses no other when the connection is lost', async () => {
    const pid = await pidOf(db);
    await rows(db, numberOf('seven')).catch(() => {});
    await db.transaction((tx) => rows(tx, numberOf('seven'))).catch(() => {});
    expect(await pidOf(db)).toBe(pid);

    const lost = rows(db, Prisma.sql`SELECT pg_sleep(60)`).catch((error: unknown) => error);
    await expect.poll(() => end(pid), { timeout: 5_000 }).toBe(1);
    expect(isUnavailable(await lost)).toBe(true);
    expect(await pidOf(db)).not.toBe(pid);
  });

  it('is cancelled with the work that sent it', async () => {
    const pid = await pidOf(db);
    const client = new AbortController();

    const cancelled = rows(withSignal(db, client.signal), Prisma.sql`SELECT pg_sleep(60)`).catch(
      (error: unknown) => error,
    );
    await expect.poll(() => isRunning(pid), { timeout: 5_000 }).toBe(true);
    client.abort();

    expect(isUnavailable(await cancelled)).toBe(true);
    expect(await pidOf(db)).toBe(pid);
  });

  it('is prepared once on a connection; of very many texts the late ones are not', async () => {
    const count = Prisma.sql`SELECT count(*)::int AS "count" FROM pg_prepared_statements`;
    const [before] = await rows<{ count: number }>(db, count);
    expect(await rows(db, count)).toEqual([before]);

    for (let index = 0; index < 250; index += 1) await rows(db, Prisma.raw(`SELECT ${index}`));
    const [after] = await rows<{ count: number }>(db, count);
    expect(after?.count).toBeGreaterThan(0);
    expect(after?.count).toBeLessThanOrEqual(200);
  });
});

describe('behind a pooler that forgets what was prepared, a statement', () => {
  const aPool = async (options: PoolerOptions, preparedStatements: PreparedStatements) => {
    const pooler = await startPooler(database.url, { forgets: true, ...options });
    const pooled = createDatabase(pooler.url, { poolSize: 1, preparedStatements });
    onTestFinished(() => pooled.$disconnect());
    return pooled;
  };

  it.each<[string, PoolerOptions, PreparedStatements]>([
    ['has no name where the pooler is seen', {}, 'auto'],
    ['has no name where that is said', { isHidden: true }, 'off'],
    ['loses its name where the pooler is not seen', { isHidden: true }, 'auto'],
    ['loses its name though it was said that names are kept', {}, 'on'],
  ])('%s, and is answered', async (_, options, preparedStatements) => {
    const pooled = await aPool(options, preparedStatements);

    for (const number of [7, 8, 9]) expect(await rows(pooled, numberOf(String(number)))).toEqual([{ number }]);
  });

  it.each<[string, (error: unknown) => never]>([
    [
      'fails with it',
      (error) => {
        throw error;
      },
    ],
    [
      'fails with an error of its own',
      () => {
        throw new Error('What is rolled back');
      },
    ],
  ])('that loses its name within a transaction, whose work %s, has the whole work retried', async (_, fail) => {
    const pooled = await aPool({ isHidden: true }, 'auto');
    const { id } = await anOrganization(db, 'a');
    await rows(pooled, numberOf('7'));
    const rename = Prisma.sql`UPDATE "Organization" SET "name" = "name" || 'b' WHERE "id" = ${id}`;

    const answered = await pooled.transaction(async (tx) => {
      await rows(tx, rename);
      return rows(tx, numberOf('7')).catch(fail);
    });

    expect(answered).toEqual([{ number: 7 }]);
    expect(await db.organization.findUniqueOrThrow({ where: { id } })).toMatchObject({ name: 'ab' });
  });
});

it('a server that is at none of its addresses is unavailable', () => {
  const none = ['ENETUNREACH', 'EHOSTDOWN'].map((code) => Object.assign(new Error(code), { code, syscall: 'connect' }));

  expect(isUnavailable(new AggregateError(none))).toBe(true);
  expect(isUnavailable(new AggregateError([new Error('of our own')]))).toBe(false);
});

describe('a connection that was cut without a word', () => {
  const aCutPool = async () => {
    const line = await startPooler(database.url);
    const pooled = createDatabase(line.url, { poolSize: 1 });
    onTestFinished(() => pooled.$disconnect());
    await rows(pooled, numberOf('7'));
    line.hangUp();
    return pooled;
  };

  it.each<[string, (pooled: Database) => Promise<unknown>]>([
    ['a read', (pooled) => rows(pooled, numberOf('7'))],
    ['a transaction', (pooled) => pooled.transaction((tx) => rows(tx, numberOf('7')))],
  ])('is not noticed by %s', async (_, work) => {
    expect(await work(await aCutPool())).toEqual([{ number: 7 }]);
  });

  it('fails what may have been done, so that whoever sent it may decide', async () => {
    const pooled = await aCutPool();

    const failed = await rows(pooled, Prisma.sql`UPDATE "Organization" SET "name" = "name"`).catch(
      (error: unknown) => error,
    );

    expect(isUnavailable(failed)).toBe(true);
  });
});

describe('a transaction', () => {
  const renamed = (id: string, name: string) =>
    Prisma.sql`UPDATE "Organization" SET "name" = ${name} WHERE "id" = ${id}`;
  const nameOf = async (id: string) => (await db.organization.findUniqueOrThrow({ where: { id } })).name;

  it('is committed as a whole, or not at all', async () => {
    const { id } = await anOrganization(db, 'old');

    await expect(
      db.transaction(async (tx) => {
        await rows(tx, renamed(id, 'lost'));
        throw new Error('on the way');
      }),
    ).rejects.toThrow('on the way');
    expect(await nameOf(id)).toBe('old');
    await db.transaction((tx) => rows(tx, renamed(id, 'new')));
    expect(await nameOf(id)).toBe('new');
  });

  it('is rolled back where it was given up before it was committed', async () => {
    const { id } = await anOrganization(db, 'old');
    const client = new AbortController();

    const givenUp = withSignal(db, client.signal).transaction(async (tx) => {
      await rows(tx, renamed(id, 'late'));
      client.abort();
    });

    expect(isUnavailable(await givenUp.catch((error: unknown) => error))).toBe(true);
    expect(await nameOf(id)).toBe('old');
  });

  it('within another one is rolled back without it', async () => {
    const { id } = await anOrganization(db, 'old');

    await db.transaction(async (tx) => {
      await rows(tx, renamed(id, 'new'));
      const failed = tx.transaction(async (savepoint) => {
        await rows(savepoint, renamed(id, 'lost'));
        await rows(savepoint, numberOf('seven'));
      });
      await expect(failed).rejects.toThrow('invalid input syntax');
    });

    expect(await nameOf(id)).toBe('new');
  });

  it('takes what is asked side by side, and nothing once it is over', async () => {
    const { id } = await anOrganization(db, 'old');
    const late: Database[] = [];

    const found = await db.transaction((tx) => {
      late.push(tx);
      return Promise.all(['1', '2', '3'].map((number) => rows(tx, numberOf(number))));
    });

    expect(found.flat()).toEqual([1, 2, 3].map((number) => ({ number })));
    for (const tx of late) await expect(rows(tx, renamed(id, 'late'))).rejects.toThrow('is over');
    expect(await nameOf(id)).toBe('old');
  });

  it('fails with its connection, and gives its place to another', async () => {
    const { id } = await anOrganization(db, 'old');
    const lose = (goOn: (tx: Database) => Promise<unknown>) =>
      db
        .transaction(async (tx) => {
          await rows(tx, renamed(id, 'lost'));
          await end(await pidOf(tx));
          await goOn(tx);
        })
        .catch((error: unknown) => error);

    const lost = [await lose(async () => {}), await lose((tx) => rows(tx, numberOf('7')))];

    expect(lost.map(isUnavailable)).toEqual([true, true]);
    expect(await nameOf(id)).toBe('old');
  });
});

it('leaves no connection when the client is disconnected, though nothing went through Prisma', async () => {
  const other = createDatabase(database.url);
  onTestFinished(() => other.$disconnect());
  const pid = await pidOf(other);

  await other.$disconnect();

  await expect.poll(() => isRunning(pid), { timeout: 5_000 }).toBe(undefined);
});

async function end(pid: number | undefined): Promise<number | null> {
  return (await owner.query('SELECT pg_terminate_backend($1) FROM pg_stat_activity WHERE pid = $1', [pid])).rowCount;
}

/** Whether a connection is busy; undefined where it is gone. */
async function isRunning(pid: number | undefined): Promise<boolean | undefined> {
  const found = await observer.query(`SELECT state = 'active' AS busy FROM pg_stat_activity WHERE pid = $1`, [pid]);
  return found.rows[0]?.busy;
}

describe('a deadlock', () => {
  it('with a migration fails no statement: it is sent again', async () => {
    const pool = createDatabase(database.url);
    onTestFinished(() => pool.$disconnect());
    await owner.query(`BEGIN; LOCK TABLE "User" IN ACCESS EXCLUSIVE MODE`);
    const found = pool.query`SELECT count(*)::int AS "count" FROM "Organization" o LEFT JOIN "User" u ON FALSE`;
    await waitsForLock();
    // The statement has waited longer: its check for deadlocks comes first, and it is the victim.
    await owner.query('LOCK TABLE "Organization" IN ACCESS EXCLUSIVE MODE');
    await owner.query('COMMIT');

    expect(await found).toHaveLength(1);
  });

  it('of two transactions fails neither: one is begun again', async () => {
    const pool = createDatabase(database.url);
    onTestFinished(() => pool.$disconnect());
    const [one, other] = [await anOrganization(db, 'One'), await anOrganization(db, 'Other')];
    let attempts = 0;
    let locked = 0;
    let meet = () => {};
    const both = new Promise<void>((resolve) => {
      meet = resolve;
    });
    const rename = (ids: string[]) =>
      pool.transaction(async (tx) => {
        attempts += 1;
        for (const id of ids) {
          await tx.query`UPDATE "Organization" SET "name" = "name" || '!' WHERE "id" = ${id}`;
          locked += 1;
          if (locked === 2) meet();
          await both;
        }
      });

    await Promise.all([rename([one.id, other.id]), rename([other.id, one.id])]);

    const names = await db.organization.findMany({
      where: { id: { in: [one.id, other.id] } },
      orderBy: { name: 'asc' },
    });
    expect(names.map(({ name }) => name)).toEqual(['One!!', 'Other!!']);
    expect(attempts).toBeGreaterThan(2);
  });
});

async function waitsForLock(): Promise<void> {
  const isWaiting = async () => {
    const { rows } = await owner.query(`SELECT FROM pg_locks WHERE NOT granted AND relation = '"User"'::regclass`);
    return rows.length > 0;
  };
  while (!(await isWaiting())) await new Promise((resolve) => setTimeout(resolve, 10));
}
