import { createHash } from 'node:crypto';
import { typeid } from 'typeid-js';
import { afterAll, describe, expect, it } from 'vitest';
import { Prisma } from '../../src/database/generated/prisma/client.ts';
import { createDatabase } from '../../src/database/pool/client.ts';
import { canonicalText, hashAfter, previousHash } from '../../src/domain/ledger/entry-hash.ts';
import { commit, commitWithin } from '../../src/domain/ledger/ledger.ts';
import { type Entry, trustedActor } from '../../src/domain/ledger/ledger-entry.ts';
import { commitOptimistically } from '../../src/domain/ledger/optimistic-commit.ts';
import { createTestDatabase } from '../kit/database.ts';
import { buildWorld, type World } from '../kit/world.ts';

const database = await createTestDatabase();
const db = createDatabase(database.url, { poolSize: 4, statementMs: 5_000 });
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const entry = {
  action: 'TEAM_UPDATED',
  subjectId: 'oms_a',
  before: { z: null },
  after: { name: 'é "x"', n: 1.5 },
} satisfies Entry;

const add = ({ organization, admin }: World, given: Partial<Entry> = {}, reason?: string) =>
  commit(
    db,
    { organizationId: organization.id, actor: { ...trustedActor, userId: admin.id }, reason },
    async (_tx, { revision }) => ({
      ...entry,
      after: { ...entry.after, revision },
      ...given,
      apply: async ({ revision: made }) => made,
    }),
  );

interface Stored {
  number: number;
  text: string;
  hash: Buffer;
  computed: Buffer;
}

const storedOf = ({ organization }: World) => db.query<Stored>`
  SELECT e."number", ${canonicalText} AS "text", e."hash", ${hashAfter(previousHash)} AS "computed"
  FROM public."Revision" e WHERE e."organizationId" = ${organization.id} ORDER BY e."number"`;

/** As anybody can do it who has the texts. */
function hashesOf(stored: readonly Stored[]): string[] {
  let previous = Buffer.alloc(0);
  return stored.map(({ text }) => {
    previous = createHash('sha256').update(previous).update(text).digest();
    return previous.toString('hex');
  });
}

/** As the last release inserts it, without a hash. */
const insertAsBefore = async ({ organization, admin }: World, number: number, subjectId: string, after: object) => {
  await db.$executeRaw`INSERT INTO "Revision" ("id", "organizationId", "number", "at", "actorId", "action", "subjectId", "before", "after")
    VALUES (${typeid('rev').toString()}, ${organization.id}, ${number}, now(), ${admin.id}, 'X', ${subjectId}, '{"a": [1.50]}', ${JSON.stringify(after)}::jsonb)`;
};

const own = (world: World) => ({ userId: world.member.id, settings: { temperature: 1 } });

describe('the hash of an entry', () => {
  it('is over the hash of the entry before and a text that must never change', async () => {
    const world = await buildWorld(db);
    const { organization, admin } = world;
    await add(world);
    await add(world, { restoredFrom: 1 }, 'A whim');

    const stored = await storedOf(world);

    const found = await db.revision.findMany({
      where: { organizationId: organization.id },
      orderBy: { number: 'asc' },
    });
    const [first, second] = found.map(
      ({ at, id }) => `{"at": "${at.toISOString()}", "id": "${id}", "action": "TEAM_UPDATED", `,
    );
    const end = `"organizationId": "${organization.id}", "before": {"z": null}, "after": {"n": 1.5, "name": "é \\"x\\"", "revision": `;
    expect(stored.map(({ text }) => text)).toEqual([
      `${first}"number": 1, "actorId": "${admin.id}", "subjectId": "oms_a", ${end}0}}`,
      `${second}"number": 2, "reason": "A whim", "actorId": "${admin.id}", "subjectId": "oms_a", "restoredFrom": 1, ${end}1}}`,
    ]);
    expect(stored.map(({ hash }) => hash.toString('hex'))).toEqual(hashesOf(stored));
  });

  it('is chained whoever appends: under the lock, without it, twice in a transaction, many at once', async () => {
    const worlds = await Promise.all([buildWorld(db), buildWorld(db)]);
    const [world] = worlds;
    const optimistic = commitOptimistically({ columns: Prisma.sql`"x" int`, statement: Prisma.sql`SELECT 1` });
    const addOptimistically = ({ organization }: World) =>
      optimistic(db, { organizationId: organization.id, actor: trustedActor }, () => ({
        ...entry,
        values: {},
        result: ({ revision }) => revision,
      }));
    await db.transaction(async (tx) => {
      for (const _ of [1, 2]) {
        const request = { organizationId: world.organization.id, actor: trustedActor };
        await commitWithin(tx, request, async () => ({ ...entry, apply: async () => {} }));
      }
    });

    await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? add : addOptimistically)(worlds[(n >> 1) % 2] ?? world)),
    );

    for (const [index, one] of worlds.entries()) {
      const stored = await storedOf(one);
      expect(stored).toHaveLength(index ? 10 : 12);
      expect(stored.map(({ hash }) => hash.toString('hex'))).toEqual(hashesOf(stored));
    }
  });

  it('is given to an entry of the last release, which knows none', async () => {
    const world = await buildWorld(db);
    await insertAsBefore(world, 1, 'usr_a', { role: 'ADMIN' });
    await insertAsBefore(world, 2, 'cfg_a', own(world));
    await db.organization.update({ where: { id: world.organization.id }, data: { revision: 2 } });
    await add(world);

    const stored = await storedOf(world);

    expect(stored.map(({ hash }) => hash.toString('hex'))).toEqual(hashesOf(stored));
    expect(stored.map(({ text }) => text.includes('"salt": "'))).toEqual([false, true, false]);
  });

  it("cannot be told from a guess of what is a user's own: its text has a salt, another each time", async () => {
    const world = await buildWorld(db);
    await add(world, { subjectId: 'cfg_a', after: own(world) });
    await add(world, { subjectId: 'cfg_a', before: own(world), after: null });
    await add(world, { subjectId: 'cfg_a', after: { userId: null } });

    const salts = (await storedOf(world)).map(({ text }) => /"salt": "([\w-]{22})"/.exec(text)?.[1]);

    expect(salts).toEqual([expect.any(String), expect.any(String), undefined]);
    expect(salts[0]).not.toBe(salts[1]);
  });
});
