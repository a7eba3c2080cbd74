import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appendOnlyTables } from '../../src/database/migrate/grants.ts';
import { applyMigrations, MigrationError, pendingMigrations } from '../../src/database/migrate/migrations.ts';
import { createTestDatabase, type TestDatabase } from '../kit/database.ts';

let database: TestDatabase;
let directory: string;
let owner: pg.Client;
let service: pg.Client;

beforeEach(async () => {
  database = await createTestDatabase({ blank: true });
  directory = await mkdtemp(join(tmpdir(), 'modelgate-migrations-'));
  owner = new pg.Client({ connectionString: database.ownerUrl });
  service = new pg.Client({ connectionString: database.url });
  await Promise.all([owner.connect(), service.connect()]);
});
afterEach(async () => {
  await Promise.all([owner.end(), service.end()]);
  await rm(directory, { recursive: true });
  await database.drop();
});

async function write(name: string, sql: string) {
  await mkdir(join(directory, name), { recursive: true });
  await writeFile(join(directory, name, 'migration.sql'), sql);
}

const apply = (serviceRole?: string) =>
  applyMigrations(database.ownerUrl, { directory, ...(serviceRole && { serviceRole }) });
const tables = async () => {
  const { rows } = await owner.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`);
  return rows.map(({ tablename }) => tablename);
};

describe('applyMigrations', () => {
  it('applies what is there in the order of its names, and nothing twice', async () => {
    await write('2_pear', 'CREATE TABLE pear (apple int REFERENCES apple); INSERT INTO apple VALUES (1);');
    await write('1_apple', 'CREATE TABLE apple (id int PRIMARY KEY);');

    expect(await apply()).toEqual(['1_apple', '2_pear']);
    expect(await apply()).toEqual([]);
    expect(await tables()).toEqual(['_prisma_migrations', 'apple', 'pear']);
  });

  it('keeps the books as Prisma does', async () => {
    await write('1_apple', 'SELECT 1');

    await apply();

    const { rows } = await owner.query('SELECT * FROM _prisma_migrations');
    expect(rows).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        // printf 'SELECT 1' | sha256sum
        checksum: 'e004ebd5b5532a4b85984a62f8ad48a81aa3460c1ca07701f386135d72cdecf5',
        migration_name: '1_apple',
        started_at: expect.any(Date),
        finished_at: expect.any(Date),
        rolled_back_at: null,
        logs: null,
        applied_steps_count: 1,
      },
    ]);
  });

  it('lets many processes start at once', async () => {
    await write('1_apple', 'CREATE TABLE apple (); SELECT pg_sleep(0.1);');

    const applied = await Promise.all(Array.from({ length: 5 }, () => apply('modelgate')));

    expect(applied.flat()).toEqual(['1_apple']);
  });

  it('waits for a table that is in use, and lets the statements of others pass meanwhile', async () => {
    await write('1_apple', 'CREATE TABLE apple (); GRANT SELECT ON apple TO modelgate;');
    await apply();
    await write('2_core', 'ALTER TABLE apple ADD COLUMN core int;');
    await service.query('BEGIN; SELECT FROM apple');
    const said: string[] = [];

    const applied = applyMigrations(database.ownerUrl, { directory, log: (line) => said.push(line) });
    await vi.waitUntil(() => said.length > 1, { timeout: 10_000 });
    await owner.query('SELECT FROM apple');
    await service.query('COMMIT');

    expect(await applied).toEqual(['2_core']);
    expect(said[1]).toBe('A transaction holds a table that is to be changed: trying again until it has ended.');
  });

  it('tries again where the database has ended it, since it and a transaction waited for each other', async () => {
    await write('1_tries', 'CREATE SEQUENCE tries;');
    const deadlock = `RAISE EXCEPTION 'deadlock detected' USING ERRCODE = 'deadlock_detected'`;
    await write(
      '2_apple',
      `DO $$ BEGIN IF nextval('tries') = 1 THEN ${deadlock}; END IF; END $$; CREATE TABLE apple ();`,
    );

    expect(await apply()).toEqual(['1_tries', '2_apple']);
    expect(await tables()).toContain('apple');
  });

  it('undoes a migration that fails, keeps those before it, and says where', async () => {
    await write('1_apple', 'CREATE TABLE apple ();');
    await write('2_pear', 'CREATE TABLE pear ();\nCREATE TABLE plum ();\nCREATE TABEL cherry ();');

    await expect(apply()).rejects.toThrow(
      new MigrationError('Migration 2_pear failed and was undone: syntax error at or near "TABEL" (line 3).'),
    );
    expect(await tables()).toEqual(['_prisma_migrations', 'apple']);
    expect(await pendingMigrations(owner, { directory })).toEqual(['2_pear']);
  });

  it('refuses to go on when an applied migration was changed', async () => {
    await write('1_apple', 'CREATE TABLE apple ();');
    await apply();
    await write('1_apple', 'CREATE TABLE apple (id int);');
    await write('2_pear', 'CREATE TABLE pear ();');

    await expect(apply()).rejects.toThrow(
      new MigrationError('Migration 1_apple was changed after it had been applied to this database.'),
    );
    expect(await tables()).not.toContain('pear');
  });

  it('refuses to go on after one that another tool left half done, until it is marked as rolled back', async () => {
    await write('1_apple', 'CREATE TABLE apple ();');
    await apply();
    await owner.query('UPDATE _prisma_migrations SET finished_at = NULL');

    await expect(apply()).rejects.toThrow(
      new MigrationError(
        'Migration 1_apple failed half way when it was last applied. ' +
          'Mend the database by hand, then mark it with prisma migrate resolve.',
      ),
    );

    await owner.query('DROP TABLE apple; UPDATE _prisma_migrations SET rolled_back_at = now()');
    expect(await pendingMigrations(owner, { directory })).toEqual(['1_apple']);
    expect(await apply()).toEqual(['1_apple']);
  });

  it('grants the service its rights: to change tables, to add to append-only ones, to truncate none', async () => {
    await write('1_apple', 'CREATE TABLE "User" (id serial); CREATE TABLE "Revision" (id int);');

    await apply('modelgate');

    const { rows } = await owner.query(`
      SELECT table_name AS table, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS rights
      FROM information_schema.table_privileges WHERE grantee = 'modelgate' GROUP BY 1 ORDER BY 1`);
    expect(rows).toEqual([
      { table: 'Revision', rights: 'INSERT SELECT' },
      { table: 'User', rights: 'DELETE INSERT SELECT UPDATE' },
      { table: '_prisma_migrations', rights: 'SELECT' },
    ]);
    await service.query('INSERT INTO "User" DEFAULT VALUES');
    await expect(service.query('TRUNCATE "User"')).rejects.toThrow('permission denied for table User');
    await expect(service.query('DELETE FROM "Revision"')).rejects.toThrow('permission denied for table Revision');
  });

  it('leaves alone what is not Modelgate’s, whoever owns it', async () => {
    await write('1_user', 'CREATE TABLE "User" (id serial);');
    await owner.query(`
      CREATE TABLE "Users" (id serial); CREATE VIEW "UserView" AS SELECT * FROM "Users"; CREATE SEQUENCE "User_own";
      CREATE TABLE parted (id int) PARTITION BY LIST (id); CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);
      GRANT SELECT ON "Users" TO modelgate; GRANT CREATE ON SCHEMA public TO modelgate`);
    await service.query('CREATE TABLE "Revision" (id serial); GRANT SELECT, DELETE ON "Revision" TO modelgate_owner');

    await apply('modelgate');

    const { rows } = await owner.query(`
      SELECT c.relname AS name, string_agg(a.privilege_type, ' ' ORDER BY a.privilege_type) AS rights
      FROM pg_class c, aclexplode(c.relacl) a WHERE c.relnamespace = 'public'::regnamespace
        AND a.grantee = 'modelgate'::regrole AND c.relowner <> a.grantee GROUP BY 1 ORDER BY 1`);
    expect(rows).toEqual([
      { name: 'User', rights: 'DELETE INSERT SELECT UPDATE' },
      { name: 'User_id_seq', rights: 'USAGE' },
      { name: 'Users', rights: 'SELECT' },
      { name: '_prisma_migrations', rights: 'SELECT' },
    ]);
    await owner.query('DELETE FROM "Revision"');
  });

  it('looks at no entries that others keep in the same books', async () => {
    await write('1_apple', 'CREATE TABLE apple ();');
    await apply();
    await owner.query(
      "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('other', 'x', '0_theirs, half way')",
    );
    await write('2_pear', 'CREATE TABLE pear ();');

    expect(await apply()).toEqual(['2_pear']);
  });

  it.each([
    'SET search_path TO other',
    'SET statement_timeout TO 100',
    "SET default_transaction_isolation TO 'serializable'",
  ])('applies them whatever is set for the role: %s', async (setting) => {
    const name = new URL(database.ownerUrl).pathname.slice(1);
    await owner.query(`ALTER ROLE modelgate_owner IN DATABASE ${name} ${setting}`);
    await write('1_apple', 'CREATE TABLE apple (); SELECT pg_sleep(0.2);');

    expect((await Promise.all([apply(), apply()])).flat()).toEqual(['1_apple']);
    expect(await tables()).toEqual(['_prisma_migrations', 'apple']);
  });
});

it.each(appendOnlyTables)('leaves the service no right to change or delete in %s, as migrated', async (table) => {
  const migrated = await createTestDatabase();
  const client = new pg.Client({ connectionString: migrated.url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT right_, has_table_privilege($1, right_) AS has
       FROM unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS right_`,
      [`"${table}"`],
    );
    expect(rows.filter(({ has }) => has).map(({ right_ }) => right_)).toEqual(['SELECT', 'INSERT']);
  } finally {
    await client.end();
    await migrated.drop();
  }
});

describe('pendingMigrations', () => {
  it('names those that are not applied, to the service too, and all where none ever was', async () => {
    await write('1_apple', 'CREATE TABLE apple ();');
    expect(await pendingMigrations(service, { directory })).toEqual(['1_apple']);

    await apply('modelgate');
    await write('2_pear', 'CREATE TABLE pear ();');

    expect(await pendingMigrations(service, { directory })).toEqual(['2_pear']);
  });
});
