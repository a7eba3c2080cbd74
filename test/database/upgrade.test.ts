import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { applyMigrations } from '../../src/database/migrate/migrations.ts';
import { migrationsUpTo } from '../kit/backup.ts';
import { createTestDatabase } from '../kit/database.ts';
import { lastOfRelease } from './last-release.ts';

// The release before this one serves while the migrations of this one are applied, and until its last process has stopped.

const folder = join(import.meta.dirname, '../../prisma/migrations');

/** Statements that hold a table of the release for longer than a moment, and why that is no harm here. */
const reviewed: Record<string, string> = {
  'CREATE INDEX "Invitation_email_idx" ON "Invitation"("email")': 'invitations are few, and seldom made',
  'ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_invitee_check"':
    'invitations are few; the release gives each a user',
  'ALTER TABLE "Invitation" ADD CONSTRAINT "Invitation_email_check"':
    'invitations are few; the release knows no addresses',
  'CREATE UNIQUE INDEX "Invitation_pending_email_key" ON "Invitation"':
    'as above: the addresses of the release are null',
  'UPDATE "Organization" SET "nameSetByOwner" = true':
    'a row for each organization, which is locked for its own update alone',
  'UPDATE "ModelSettings" SET "defaultModelKey" =':
    'as above; in a migration of its own, after the lock of the new column',
};

/** What must not be done to a table that the release uses, without a review. */
const blocking: [what: string, pattern: RegExp][] = [
  ['takes away what the release uses', /\bDROP (TABLE|COLUMN|TYPE|VIEW)\b|\bRENAME\b/i],
  ['rewrites or reads the table under an exclusive lock', /\bALTER COLUMN "\w+" (SET DATA )?TYPE\b|\bSET NOT NULL\b/i],
  [
    'has a default for each row by itself',
    /\bADD COLUMN [^,;]*DEFAULT (gen_random_uuid|random|clock_timestamp|nextval)/i,
  ],
  ['refuses inserts of the release', /\bADD COLUMN +"\w+" [^,]*NOT NULL(?![^,]*DEFAULT)/i],
  ['reads the table while nobody may write: add it NOT VALID', /\bADD CONSTRAINT\b(?!.*\bNOT VALID\b)/is],
  [
    'reads the table while nobody may write: make the index by hand, CONCURRENTLY, before',
    /\bCREATE (UNIQUE )?INDEX\b(?! IF NOT EXISTS)/i,
  ],
  ['changes many rows in one transaction', /^(UPDATE|DELETE|TRUNCATE)\b/i],
];

async function namesSince(release: string): Promise<string[]> {
  return (await migrationsUpTo('\uffff')).filter((name) => name > release);
}

/** The statements of a migration, without comments. Bodies of functions are cut at their semicolons, which does no harm here. */
async function statementsOf(name: string): Promise<string[]> {
  const sql = await readFile(join(folder, name, 'migration.sql'), 'utf8');
  return sql
    .replace(/--.*$/gm, '')
    .replace(/\$\$.*?\$\$/gs, '$$$$')
    .split(';')
    .map((statement) => statement.replace(/\s+/g, ' ').trim())
    .filter(Boolean);
}

function faultsOf(statements: readonly string[]): string[] {
  const own = new Set(statements.flatMap((one) => /^CREATE (?:UNLOGGED )?TABLE "(\w+)"/.exec(one)?.[1] ?? []));
  return statements.flatMap((statement) => {
    const table = /(?:^ALTER TABLE|^UPDATE|^DELETE FROM| ON) "(\w+)"/.exec(statement)?.[1] ?? '';
    if (own.has(table) || Object.keys(reviewed).some((text) => statement.startsWith(text))) return [];
    const found = blocking.find(([, pattern]) => pattern.test(statement));
    return found ? [`${statement}: ${found[0]}`] : [];
  });
}

describe('a migration since the last release', () => {
  it('holds no table of that release for long, and takes nothing from it', async () => {
    const statements = await Promise.all((await namesSince(lastOfRelease)).map(statementsOf));

    expect(faultsOf(statements.flat())).toEqual([]);
  });

  it.each([
    'DROP TABLE "User"',
    'ALTER TABLE "User" DROP COLUMN "name"',
    'ALTER TABLE "User" RENAME COLUMN "name" TO "title"',
    'ALTER TABLE "User" ALTER COLUMN "name" SET DATA TYPE VARCHAR(10)',
    'ALTER TABLE "User" ALTER COLUMN "name" SET NOT NULL',
    'ALTER TABLE "User" ADD COLUMN "age" INTEGER NOT NULL',
    'ALTER TABLE "User" ADD COLUMN "code" TEXT DEFAULT gen_random_uuid()',
    'ALTER TABLE "User" ADD CONSTRAINT "User_name_check" CHECK ("name" <> \'\')',
    'CREATE INDEX "User_name_idx" ON "User"("name")',
    'UPDATE "User" SET "name" = NULL',
  ])('would be noticed: %s', (statement) => {
    expect(faultsOf([statement])).toHaveLength(1);
  });

  it.each([
    'ALTER TABLE "User" ADD COLUMN "age" INTEGER',
    'ALTER TABLE "User" ADD COLUMN "age" INTEGER NOT NULL DEFAULT 0',
    'ALTER TABLE "User" ADD CONSTRAINT "User_name_check" CHECK ("name" <> \'\') NOT VALID',
    'ALTER TABLE "Invitation" ALTER COLUMN "userId" DROP NOT NULL',
    'CREATE INDEX IF NOT EXISTS "User_name_idx" ON "User"("name")',
  ])('may do: %s', (statement) => {
    expect(faultsOf([statement])).toEqual([]);
  });
});

it('all columns of the last release are as they were, and it need not know those that are new', async () => {
  const database = await createTestDatabase({ blank: true });
  onTestFinished(() => database.drop());
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  onTestFinished(() => owner.end());
  const columns = async () => {
    const { rows } = await owner.query<{ name: string; type: string; isRequired: boolean }>(`
      SELECT c.relname || '.' || a.attname AS "name", format_type(a.atttypid, a.atttypmod) AS "type",
        a.attnotnull AND NOT a.atthasdef AND a.attidentity = '' AS "isRequired"
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`);
    return new Map(rows.map(({ name, ...rest }) => [name, rest]));
  };
  await applyMigrations(database.ownerUrl, { only: await migrationsUpTo(lastOfRelease) });
  const before = await columns();
  await applyMigrations(database.ownerUrl);
  const after = await columns();

  const tables = new Set([...before.keys()].map((name) => name.split('.')[0]));
  for (const [name, { type, isRequired }] of before) {
    expect(after.get(name)?.type, name).toBe(type);
    expect(after.get(name)?.isRequired && !isRequired, `${name} is required now`).toBe(false);
  }
  const added = [...after].filter(([name]) => !before.has(name) && tables.has(name.split('.')[0]));
  expect(added.length).toBeGreaterThan(0);
  expect(added.filter(([, { isRequired }]) => isRequired)).toEqual([]);
});
