import pg from 'pg';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { createDatabase, type Database, withSignal } from '../../src/database/pool/client.ts';
import { isUnavailable } from '../../src/database/pool/faults.ts';
import { commit } from '../../src/domain/ledger/ledger.ts';
import type { Actor } from '../../src/domain/ledger/ledger-entry.ts';
import { reauthorizeMember } from '../../src/domain/ledger/reauthorize.ts';
import { loadStates, lockSnapshot } from '../../src/domain/ledger/snapshot.ts';
import { updateModelSettings } from '../../src/domain/settings/model-settings.ts';
import { limitsOf } from '../../src/limits.ts';
import { lockOrganization } from '../commands/organization-lock.ts';
import { createTestDatabase } from '../kit/database.ts';
import { buildWorld, type World } from '../kit/world.ts';

const database = await createTestDatabase();
const db = createDatabase(database.url, { poolSize: 4 });
const elsewhere = createDatabase(database.url, { poolSize: 4 });
const observer = new pg.Client({ connectionString: database.url });
await observer.connect();
afterAll(async () => {
  await Promise.all([db.$disconnect(), elsewhere.$disconnect(), observer.end()]);
  await database.drop();
});

const noted: unknown[] = [];
const actorOf = ({ admin }: World): Actor => ({
  userId: admin.id,
  apiKeyId: null,
  reauthorize: (tx, organizationId) => reauthorizeMember(tx, { organizationId, userId: admin.id, role: 'ADMIN' }),
  roleIn: () => 'ADMIN',
  invalidate: (...what) => void noted.push(what),
});

const disable = (world: World, model: string, client: Database = db, actor = actorOf(world)) =>
  updateModelSettings(
    client,
    {
      catalog: readCatalog(),
      organizationId: world.organization.id,
      actor,
      now: new Date(),
      limits: limitsOf(),
    },
    { disabledModels: [model] },
  );
const stateOf = async ({ organization }: World) => (await loadStates(db, [organization.id]))[0];
const lock = ({ organization }: World) => lockOrganization(database.ownerUrl, organization.id);

/** How many connections of all that are not the observer's run or wait within a transaction. */
async function inUse(): Promise<number> {
  const { rows } = await observer.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid() AND state <> 'idle'`,
  );
  return rows[0].count;
}

describe('many changes of one organization', () => {
  it('hold one connection while they queue: those of another one, and its readers, get through', async () => {
    const [busy, other] = [await buildWorld(db), await buildWorld(db)];
    const held = await lock(busy);
    const changes = Array.from({ length: 150 }, (_, index) => disable(busy, `model-${index}`));
    await held.isAwaitedBy(1);

    // None of this could be if it had to wait for what is held.
    expect(await disable(other, 'gpt-4o')).toMatchObject({ revision: 1 });
    expect(await Promise.all(Array.from({ length: 8 }, () => stateOf(other)))).toMatchObject(
      Array(8).fill({ revision: 1, disabledModels: ['gpt-4o'] }),
    );
    expect(await inUse()).toBe(1);
    await held.release();

    const made = await Promise.all(changes);
    expect(made.map(({ revision }) => revision)).toEqual(Array.from({ length: 150 }, (_, index) => index + 1));
    expect(await stateOf(busy)).toMatchObject({ revision: 150, disabledModels: ['model-149'] });
  });

  it('are not carried out where they were given up while they waited, and hold up nobody', async () => {
    const world = await buildWorld(db);
    const held = await lock(world);
    const client = new AbortController();
    const givenUp = ['a', 'b', 'c'].map((model) =>
      disable(world, model, withSignal(db, client.signal)).catch((error: unknown) => error),
    );
    const last = disable(world, 'd');
    await held.isAwaitedBy(1);

    client.abort();

    // The one that has its connection leaves it, and the last one has come to wait in its place.
    for (const refusal of await Promise.all(givenUp)) expect(isUnavailable(refusal)).toBe(true);
    await held.isAwaitedBy(1);
    await held.release();
    expect(await last).toMatchObject({ revision: 1, disabledModels: ['d'] });
    expect(await stateOf(world)).toMatchObject({ revision: 1, disabledModels: ['d'] });
  });
});

describe('a change', () => {
  it('starts from what was committed while it waited for the lock, whichever process did it', async () => {
    const world = await buildWorld(db);
    const held = await lock(world);
    const changes = [disable(world, 'a'), disable(world, 'b', elsewhere)];
    await held.isAwaitedBy(2);
    await held.release();
    await Promise.all(changes);

    const entries = await db.revision.findMany({
      where: { organizationId: world.organization.id },
      orderBy: { number: 'asc' },
    });
    expect(entries.map(({ number }) => number)).toEqual([1, 2]);
    expect(entries[1]?.before).toEqual(entries[0]?.after);
  });

  it('finds the state as it is under the lock', async () => {
    const world = await buildWorld(db);
    const { id } = world.organization;
    await disable(world, 'first');
    const held = await lock(world);
    onTestFinished(held.release);

    const waiting = elsewhere.transaction((tx) => lockSnapshot(tx, id));
    await held.isAwaitedBy(1);
    await held.query(`UPDATE "Organization" SET "revision" = 2 WHERE "id" = $1`, [id]);
    await held.query(`UPDATE "ModelSettings" SET "disabledModels" = '{second}' WHERE "organizationId" = $1`, [id]);
    await held.commit();

    expect(await waiting).toEqual(await stateOf(world));
    expect(await waiting).toMatchObject({ organizationId: id, revision: 2, disabledModels: ['second'] });
    expect(await elsewhere.transaction((tx) => lockSnapshot(tx, 'org_nowhere'))).toBe(undefined);
  });

  it('knows whom to ask and who manages API keys, whether or not it waited', async () => {
    const world = await buildWorld(db);
    const { id } = world.organization;
    const given = { apiKeyManagers: 'ADMINS', supportContact: 'ai-desk@fernhill.example' } as const;
    await db.organization.update({ where: { id }, data: given });

    expect(await elsewhere.transaction((tx) => lockSnapshot(tx, id))).toMatchObject(given);
    expect(await stateOf(world)).toMatchObject(given);
  });

  it('is noted before it is made; of one that changes nothing the organization alone is', async () => {
    const world = await buildWorld(db);
    const { id } = world.organization;
    noted.length = 0;

    await disable(world, 'a');
    await disable(world, 'a');

    expect(noted).toEqual([
      [id, id.replace('org_', 'oms_')],
      [id, null],
    ]);
  });
});

describe('a change of settings', () => {
  it('is read and made in two statements where nobody stands in the way, and needs no lock to be right', async () => {
    const statements: string[] = [];
    const watched = createDatabase(database.url, { poolSize: 4, onQuery: (sql) => void statements.push(sql) });
    onTestFinished(() => watched.$disconnect());
    const world = await buildWorld(db);

    await disable(world, 'alone', watched);

    expect(statements).toHaveLength(2);
    expect(await stateOf(world)).toMatchObject({ revision: 1, disabledModels: ['alone'] });
  });

  it('is read and made together with those of other organizations that come with it', async () => {
    const statements: string[] = [];
    const watched = createDatabase(database.url, { poolSize: 4, onQuery: (sql) => void statements.push(sql) });
    onTestFinished(() => watched.$disconnect());
    const worlds = await Promise.all(Array.from({ length: 20 }, () => buildWorld(db)));

    const made = await Promise.all(worlds.map((world, index) => disable(world, `model-${index}`, watched)));

    expect(made.map(({ revision }) => revision)).toEqual(Array(20).fill(1));
    const states = await Promise.all(worlds.map(stateOf));
    expect(states.map((state) => state?.disabledModels)).toEqual(worlds.map((_, index) => [`model-${index}`]));
    // The first one is alone, and the others come together.
    expect(statements.length).toBeLessThanOrEqual(6);
  });

  it('that cannot be made is no harm to those that come with it', async () => {
    const [first, impossible, ...others] = await Promise.all(Array.from({ length: 6 }, () => buildWorld(db)));
    const ofNobody = { ...impossible, admin: { id: 'usr_nobody' } } as World;
    const changes = [first, ...others].map((world) => disable(world as World, 'together'));

    // The ledger knows its actors: the database refuses whoever is no user.
    const refused = disable(ofNobody, 'together', db, {
      ...actorOf(ofNobody),
      roleIn: () => null,
      reauthorize: async () => {},
    });

    await expect(refused).rejects.toThrow('Revision_actorId_fkey');
    expect((await Promise.all(changes)).map(({ revision }) => revision)).toEqual(Array(5).fill(1));
    expect(await stateOf(ofNobody)).toMatchObject({ revision: 0, disabledModels: [] });
  });

  it('is refused where the right was lost after it was seen, and leaves everything as it was', async () => {
    const world = await buildWorld(db);
    const { organization, admin } = world;
    const where = { organizationId_userId: { organizationId: organization.id, userId: admin.id } };
    await db.membership.update({ where, data: { role: 'MEMBER' } });

    await expect(disable(world, 'late')).rejects.toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });

    expect(await stateOf(world)).toMatchObject({ revision: 0, disabledModels: [] });
  });
});

describe('changes of a kind that is made under the lock', () => {
  /** Answers the revision that it makes. */
  const change = (world: World, subjectId: string) =>
    commit(db, { organizationId: world.organization.id, actor: actorOf(world) }, async () => ({
      action: 'MEMBER_ADDED',
      subjectId,
      before: null,
      after: null,
      apply: async ({ revision }) => revision,
    }));

  it('hold one connection while they queue', async () => {
    const [busy, other] = [await buildWorld(db), await buildWorld(db)];
    const held = await lock(busy);
    const changes = Array.from({ length: 20 }, (_, index) => change(busy, `usr_${index}`));
    await held.isAwaitedBy(1);

    // None of this could be if it had to wait for what is held.
    expect(await change(other, 'usr_a')).toBe(1);
    expect(await inUse()).toBe(1);
    await held.release();

    expect(await Promise.all(changes)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it('invalidate what is cached of the organization and of what they change', async () => {
    const world = await buildWorld(db);
    noted.length = 0;

    await change(world, 'usr_a');

    expect(noted).toEqual([[world.organization.id, 'usr_a']]);
  });
});
