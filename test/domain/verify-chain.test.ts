import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { findEnds, type Misfit, readEnds, verifyChain } from '../../src/domain/ledger/verify-chain.ts';
import { createTestDatabase } from '../kit/database.ts';
import { forgery, lengthen, tamper } from '../kit/ledger.ts';
import { buildWorld, type World } from '../kit/world.ts';

const database = await createTestDatabase();
const db = createDatabase(database.url, { poolSize: 2, statementMs: 10_000 });
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

async function aLedger(count = 5): Promise<World> {
  const world = await buildWorld(db);
  await lengthen(db, { organizationId: world.organization.id, userId: world.admin.id }, count);
  return world;
}

async function misfitOf({ organization }: World): Promise<Misfit | null> {
  const [end] = await findEnds(db, [organization.id]);
  if (!end) throw new Error('There is no such organization');
  return verifyChain(db, end, () => {});
}

/** SQL of one entry. */
const at = ({ organization }: World, number: number) =>
  `"organizationId" = '${organization.id}' AND "number" = ${number}`;

async function idOf({ organization }: World, number: number): Promise<string | undefined> {
  const found = await db.revision.findFirst({ where: { organizationId: organization.id, number } });
  return found?.id;
}

describe('a ledger', () => {
  let whole: World;
  beforeAll(async () => {
    whole = await aLedger();
  });

  it('fits as it was written, whatever happens to another one', async () => {
    const other = await aLedger();
    await tamper(database, `UPDATE "Revision" SET "action" = 'X' WHERE ${at(other, 2)}`);

    expect(await misfitOf(whole)).toBeNull();
    expect(await misfitOf(await buildWorld(db))).toBeNull();
  });

  it.each([
    ['before', `"before" = '{"n": 0}'`],
    ['after', `"after" = jsonb_set("after", '{n}', '9')`],
    ['a state that is none', `"before" = NULL`],
    ['the time', `"at" = "at" + interval '1 millisecond'`],
    ['the actor', `"actorId" = NULL`],
    ['who acted as the user', `"impersonatedBy" = 'x'`],
    ['the action', `"action" = 'TEAM_DELETED'`],
    ['the subject', `"subjectId" = 'oms_y'`],
    ['the id', `"id" = "id" || 'x'`],
    ['the reason', `"reason" = 'Reason 3.'`],
    ['what was restored', `"restoredFrom" = 1`],
    ['the salt', `"salt" = 'x'`],
    ['one byte of the hash', `"hash" = set_byte("hash", 31, get_byte("hash", 31) # 1)`],
  ])('of which somebody has changed one thing (%s) is found, and the entry named', async (_what, assignment) => {
    const world = await aLedger();

    await tamper(database, `UPDATE "Revision" SET ${assignment} WHERE ${at(world, 3)}`);

    const id = await idOf(world, 3);
    expect(await misfitOf(world)).toEqual({ organizationId: world.organization.id, number: 3, id, fault: 'CHANGED' });
  });

  it.each([
    ['amid it', 3],
    ['at its beginning', 1],
    ['at its end', 5],
  ])('of which an entry %s was deleted is found, and the entry named', async (_where, number) => {
    const world = await aLedger();

    await tamper(database, `DELETE FROM "Revision" WHERE ${at(world, number)}`);

    expect(await misfitOf(world)).toEqual({
      organizationId: world.organization.id,
      number,
      id: null,
      fault: 'MISSING',
    });
  });

  it('of which an entry was deleted, and all after it given fitting hashes, is found', async () => {
    const world = await aLedger();

    await tamper(
      database,
      `DELETE FROM "Revision" WHERE ${at(world, 3)}; ${forgery(world.organization.id, 4, '"reason" = NULL')}`,
    );

    expect(await misfitOf(world)).toMatchObject({ number: 3, id: null, fault: 'MISSING' });
  });

  it('of which the end was cut off and the revision with it fits: only a checkpoint tells', async () => {
    const world = await aLedger();

    await tamper(
      database,
      `DELETE FROM "Revision" WHERE ${at(world, 5)}; UPDATE "Organization" SET "revision" = 4 WHERE "id" = '${world.organization.id}'`,
    );

    expect(await misfitOf(world)).toBeNull();
  });

  it('whose organization was set back is found', async () => {
    const world = await aLedger();

    await tamper(database, `UPDATE "Organization" SET "revision" = 4 WHERE "id" = '${world.organization.id}'`);

    expect(await misfitOf(world)).toMatchObject({ number: 5, id: await idOf(world, 5), fault: 'SURPLUS' });
  });

  it('that was changed and given fitting hashes up to its end fits: only a checkpoint tells', async () => {
    const world = await aLedger();
    const before = await db.revision.findFirst({ where: { organizationId: world.organization.id, number: 5 } });

    await tamper(database, forgery(world.organization.id, 2, `"reason" = 'Forged'`));

    expect(await misfitOf(world)).toBeNull();
    const after = await db.revision.findFirst({ where: { organizationId: world.organization.id, number: 5 } });
    expect(after?.hash).not.toEqual(before?.hash);
  });

  it('of more entries than one statement reads fits, and the first that does not is named wherever it is', async () => {
    const world = await buildWorld(db);
    const { id } = world.organization;
    await db.$executeRaw`INSERT INTO "Revision" ("id", "organizationId", "number", "at", "action", "subjectId", "after")
      SELECT 'rev_' || ${id} || n, ${id}, n, now(), 'X', 'oms_x', '{}' FROM generate_series(1, 2500) n`;
    await db.organization.update({ where: { id }, data: { revision: 2_500 } });
    let counted = 0;
    const [end] = await findEnds(db, [id]);
    if (!end) throw new Error('There is none');

    expect(await verifyChain(db, end, (count) => (counted += count))).toBeNull();
    expect(counted).toBe(2_500);

    for (const number of [2_500, 1_001, 1_000]) {
      await tamper(database, `UPDATE "Revision" SET "action" = 'Y' WHERE ${at(world, number)}`);
      expect(await misfitOf(world)).toMatchObject({ number, fault: 'CHANGED' });
    }
    await tamper(database, `DELETE FROM "Revision" WHERE ${at(world, 1)}`);
    expect(await misfitOf(world)).toMatchObject({ number: 1, fault: 'MISSING' });
  });

  it('is found of every organization, each once, in the order of their ids', async () => {
    const found: string[] = [];
    for await (const { organizationId } of readEnds(db)) found.push(organizationId);

    const all = await db.organization.findMany({ select: { id: true } });
    expect(found).toEqual(all.map(({ id }) => id).sort());
  });
});
