import type pg from 'pg';
import { expect, it } from 'vitest';
import { applyMigrations } from '../../src/database/migrate/migrations.ts';
import { createDatabase } from '../../src/database/pool/client.ts';
import { hashAfter, previousHash } from '../../src/domain/ledger/entry-hash.ts';
import { aBlankDatabase, connectTo, migrationsUpTo } from '../kit/backup.ts';
import { lastOfRelease } from './last-release.ts';

const step = (name: string) => [`20261127223${name}`];
const [columns, ofBefore, ofMeanwhile, required] = [
  step('500_ledger_hashes'),
  step('600_ledger_hashes_of_before'),
  step('700_ledger_hashes_of_meanwhile'),
  step('800_ledger_hashes_required'),
];

const add = (client: pg.Client, organization: string, [from, to]: [number, number]) =>
  client.query(
    `INSERT INTO "Revision" ("id", "organizationId", "number", "at", "action", "subjectId", "before", "after")
     SELECT 'rev_' || $1 || n, $1, n, now() + n * interval '1 second', 'X', CASE WHEN n % 3 = 0 THEN 'cfg_x' ELSE 'oms_x' END,
       CASE WHEN n > 1 THEN jsonb_build_object('n', n - 1) END, jsonb_build_object('n', n, 'userId', 'usr_x')
     FROM generate_series($2::int, $3::int) n`,
    [organization, from, to],
  );

async function aDatabaseOfTheRelease() {
  const database = await aBlankDatabase();
  await applyMigrations(database.ownerUrl, { only: await migrationsUpTo(lastOfRelease), serviceRole: 'modelgate' });
  const [owner, service] = [await connectTo(database.ownerUrl), await connectTo(database.url)];
  await service.query(`INSERT INTO "Organization" ("id") VALUES ('org_a'), ('org_b')`);
  await add(service, 'org_a', [1, 12]);
  await add(service, 'org_b', [1, 2]);
  const all = await migrationsUpTo('20261127223499');
  await applyMigrations(database.ownerUrl, { only: all, serviceRole: 'modelgate' });
  const apply = (only: string[]) => applyMigrations(database.ownerUrl, { only, serviceRole: 'modelgate' });
  return { database, owner, service, apply };
}

async function countFitting(url: string): Promise<{ fitting: number; salted: number }> {
  const db = createDatabase(url, { poolSize: 1 });
  const [found] = await db.query<{ fitting: number; salted: number }>`
    SELECT (count(*) FILTER (WHERE "hash" = ${hashAfter(previousHash)}))::int AS "fitting", count("salt")::int AS "salted"
    FROM public."Revision" e`.finally(() => db.$disconnect());
  return found ?? { fitting: 0, salted: 0 };
}

it('every entry of the last release gets its hash, also one that is appended while the others get theirs', async () => {
  const { database, owner, service, apply } = await aDatabaseOfTheRelease();
  await apply(columns);
  await add(service, 'org_a', [13, 13]);
  const [migration] = await Promise.all([connectTo(database.ownerUrl)]);
  // As the second migration does it, so that there is a moment between its work and its commit.
  await migration.query('BEGIN; SELECT "hash_ledger_entries_of_before"()');
  await add(service, 'org_a', [14, 15]);
  await migration.query('COMMIT');
  const { rows } = await owner.query(`SELECT "number" FROM "Revision" WHERE "hash" IS NULL ORDER BY 1`);
  expect(rows).toEqual([{ number: 14 }, { number: 15 }]);
  await add(service, 'org_a', [16, 16]);

  await apply(ofBefore);
  await apply(ofMeanwhile);
  await add(service, 'org_b', [3, 3]);
  await apply(required);
  await add(service, 'org_b', [4, 4]);
  // What is added to entries later leaves the texts of these.
  await apply(['20261128100000_platform_keys']);

  expect(await countFitting(database.url)).toEqual({ fitting: 20, salted: 6 });
});

it('nothing else of the ledger can be changed meanwhile, and nothing at all afterwards', async () => {
  const { owner, apply } = await aDatabaseOfTheRelease();
  const refused = 'the ledger is append-only';
  const touch = `UPDATE "Revision" SET "hash" = NULL WHERE "id" = 'rev_org_a1'`;
  await apply(columns);

  await expect(owner.query(`UPDATE "Revision" SET "action" = 'Y' WHERE "id" = 'rev_org_a1'`)).rejects.toThrow(refused);
  await expect(owner.query(`UPDATE "Revision" SET "hash" = '\\x00' WHERE "id" = 'rev_org_a1'`)).rejects.toThrow(
    refused,
  );
  await expect(owner.query(`DELETE FROM "Revision" WHERE "id" = 'rev_org_a1'`)).rejects.toThrow(refused);
  await owner.query(touch);
  await expect(owner.query(touch)).rejects.toThrow(refused);
  for (const one of [ofBefore, ofMeanwhile, required]) await apply(one);
  await expect(owner.query(touch)).rejects.toThrow(refused);
});
