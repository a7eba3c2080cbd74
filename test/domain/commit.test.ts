import pg from 'pg';
import { typeid } from 'typeid-js';
import { afterAll, describe, expect, it } from 'vitest';
import { Prisma } from '../../src/database/generated/prisma/client.ts';
import { createDatabase, type Database } from '../../src/database/pool/client.ts';
import { commit } from '../../src/domain/ledger/ledger.ts';
import { type Actor, appendEntries, type CommitRequest, type Entry } from '../../src/domain/ledger/ledger-entry.ts';
import { commitOptimistically } from '../../src/domain/ledger/optimistic-commit.ts';
import { reauthorizeApiKey, reauthorizeMember } from '../../src/domain/ledger/reauthorize.ts';
import { lockOrganization } from '../commands/organization-lock.ts';
import { createTestDatabase } from '../kit/database.ts';
import { buildWorld, type World } from '../kit/world.ts';

const database = await createTestDatabase();
// What waits for a lock gives up.
const db = createDatabase(database.url, { poolSize: 4, statementMs: 5_000 });
const observer = new pg.Client({ connectionString: database.url });
await observer.connect();
afterAll(async () => {
  await Promise.all([db.$disconnect(), observer.end()]);
  await database.drop();
});

const entry = {
  action: 'MEMBER_ADDED',
  subjectId: 'usr_subject',
  before: { was: 1 },
  after: { is: 2 },
} satisfies Entry;

/** An actor of whom nothing is asked. */
function anActor(given: Partial<Actor> = {}): Actor {
  return {
    userId: null,
    apiKeyId: null,
    reauthorize: async () => {},
    roleIn: () => null,
    invalidate: () => {},
    ...given,
  };
}

const requestOf = ({ organization }: World, actor = anActor()): CommitRequest => ({
  organizationId: organization.id,
  actor,
});

async function anApiKey({ organization, owner }: World): Promise<string> {
  const id = typeid('api').toString();
  const hash = Buffer.from(id);
  const told = { name: 'Gateway', hash, last4: 'wxyz', scopes: [], createdById: owner.id, createdAt: new Date() };
  await db.apiKey.create({ data: { id, organizationId: organization.id, ...told } });
  return id;
}

const revisionsOf = ({ organization }: World) =>
  db.revision.findMany({ where: { organizationId: organization.id }, orderBy: { number: 'asc' } });

describe('a commit', () => {
  it('says who made what of which object, a user or a service', async () => {
    const world = await buildWorld(db);
    const apiKeyId = await anApiKey(world);

    await commit(db, requestOf(world, anActor({ userId: world.admin.id })), async () => ({
      ...entry,
      apply: async () => {},
    }));
    await commit(db, requestOf(world, anActor({ apiKeyId })), async () => ({ ...entry, apply: async () => {} }));

    expect(await revisionsOf(world)).toMatchObject([
      { ...entry, number: 1, actorId: world.admin.id, actorApiKeyId: null },
      { ...entry, number: 2, actorId: null, actorApiKeyId: apiKeyId },
    ]);
  });

  it('invalidates what it is about to change before it is applied', async () => {
    const world = await buildWorld(db);
    const order: unknown[] = [];
    const actor = anActor({ invalidate: (...what) => void order.push(what) });

    await commit(db, requestOf(world, actor), async () => ({
      ...entry,
      apply: async () => void order.push('applied'),
    }));

    expect(order).toEqual([[world.organization.id, entry.subjectId], 'applied']);
  });

  it('of an organization that is gone is denied as one of an organization that never was', async () => {
    const committing = commit(db, { organizationId: 'org_gone', actor: anActor() }, async () => ({ unchanged: 1 }));

    await expect(committing).rejects.toMatchObject({ code: 'ORGANIZATION_ACCESS_DENIED' });
  });

  it('waits for those of its organization without a connection', async () => {
    const world = await buildWorld(db);
    const held = await lockOrganization(database.ownerUrl, world.organization.id);
    const commits = Array.from({ length: 12 }, () =>
      commit(db, requestOf(world), async () => ({ ...entry, apply: async ({ revision }) => revision })),
    );
    await held.isAwaitedBy(1);

    const { rows } = await observer.query(
      `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' AND query LIKE '%FOR UPDATE%'
         AND usename = current_user`,
    );
    await held.release();

    expect(rows).toEqual([{ count: 1 }]);
    expect(await Promise.all(commits)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });
});

describe('entries that are appended together', () => {
  it('leave out those of organizations that are locked, and wait for nobody', async () => {
    const [locked, free] = [await buildWorld(db), await buildWorld(db)];
    const held = await lockOrganization(database.ownerUrl, locked.organization.id);

    const appended = await appendEntries(
      db,
      [locked, free].map((world) => ({ request: requestOf(world), entry, revision: 0 })),
    );
    await held.release();

    expect(appended).toMatchObject([undefined, { revision: 1 }]);
  });
});

describe('an optimistic commit', () => {
  const commitSame = commitOptimistically({ columns: Prisma.sql`"x" int`, statement: Prisma.sql`SELECT 1` });
  const change = { ...entry, values: { x: 1 }, result: ({ revision }: { revision: number }) => revision };

  it('that was refused is decided again under the lock', async () => {
    const world = await buildWorld(db);
    let decisions = 0;

    const revision = await commitSame(db, requestOf(world), () => {
      decisions += 1;
      if (decisions === 1) throw new Error('of a state that has passed');
      return change;
    });

    expect({ decisions, revision }).toEqual({ decisions: 2, revision: 1 });
  });

  it('within a transaction is undone with it', async () => {
    const world = await buildWorld(db);

    const undone = db.transaction(async (tx) => {
      expect(await commitSame(tx, requestOf(world), () => change)).toBe(1);
      throw new Error('undone');
    });

    await expect(undone).rejects.toThrow('undone');
    expect(await revisionsOf(world)).toEqual([]);
  });

  it('within a transaction fails alone, and leaves it as it was', async () => {
    const world = await buildWorld(db);
    const unstorable = { ...change, subjectId: 'NUL \0' };

    const answered = await db.transaction(async (tx) => {
      await expect(commitSame(tx, requestOf(world), () => unstorable)).rejects.toThrow();
      return commitSame(tx, requestOf(world), () => change);
    });

    expect(answered).toBe(1);
  });
});

describe('a right that was lost', () => {
  /** How a user who was an admin commits, once this has happened to its membership. */
  const demote = ({ organization, admin }: World) =>
    db.membership.update({
      where: { organizationId_userId: { organizationId: organization.id, userId: admin.id } },
      data: { role: 'MEMBER' },
    });
  const remove = ({ admin }: World) => db.membership.deleteMany({ where: { userId: admin.id } });
  const revoke = (id: string) => db.apiKey.update({ where: { id }, data: { revokedAt: new Date() } });

  it('is missed under the lock: that of a member, of a role, and of an API key', async () => {
    const outcomes: unknown[] = [];
    for (const lose of [demote, remove]) {
      const world = await buildWorld(db);
      const { organization, admin } = world;
      await lose(world);
      const reauthorize = (tx: Database) =>
        reauthorizeMember(tx, { organizationId: organization.id, userId: admin.id, role: 'ADMIN' });
      const committing = commit(db, requestOf(world, anActor({ reauthorize })), async () => ({ unchanged: 'made' }));
      outcomes.push(await committing.catch(({ code }) => code));
    }
    const world = await buildWorld(db);
    const id = await anApiKey(world);
    await revoke(id);
    for (const apiKeyId of [id, 'api_absent']) {
      const reauthorize = (tx: Database) => reauthorizeApiKey(tx, apiKeyId);
      const committing = commit(db, requestOf(world, anActor({ reauthorize })), async () => ({ unchanged: 'made' }));
      outcomes.push(await committing.catch(({ code }) => code));
    }

    expect(outcomes).toEqual([
      'INSUFFICIENT_PERMISSIONS',
      'ORGANIZATION_ACCESS_DENIED',
      'AUTHENTICATION_REQUIRED',
      'AUTHENTICATION_REQUIRED',
    ]);
  });

  it('is missed by the statement too, also where the same role is held elsewhere', async () => {
    const world = await buildWorld(db);
    const { admin, foreignOrganization } = world;
    await db.membership.create({ data: { organizationId: foreignOrganization.id, userId: admin.id, role: 'ADMIN' } });
    const asAdmin = anActor({ userId: admin.id, roleIn: () => 'ADMIN' });
    const apiKeyId = await anApiKey(world);
    const append = async (actor: Actor, revision: number) =>
      (await appendEntries(db, [{ request: requestOf(world, actor), entry, revision }]))[0]?.revision;
    const before = [await append(asAdmin, 0), await append(anActor({ apiKeyId }), 1)];

    await demote(world);
    await revoke(apiKeyId);

    expect(before).toEqual([1, 2]);
    expect([await append(asAdmin, 2), await append(anActor({ apiKeyId }), 2)]).toEqual([undefined, undefined]);
  });
});
