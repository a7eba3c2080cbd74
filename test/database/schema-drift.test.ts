import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../kit/database.ts';
import { diffSchema } from '../kit/schema-engine.ts';

let database: TestDatabase;

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

it('finds that the migrations and schema.prisma agree', async () => {
  expect(await diffSchema(database.ownerUrl)).toBe('');
});

it('would see a field without a migration, and a migration without a field', async () => {
  const written = await readFile(join(import.meta.dirname, '../../prisma/schema.prisma'), 'utf8');
  const schema = `${written}\nmodel Forgotten {\n  id String @id\n}\n`;
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('ALTER TABLE "Organization" ADD COLUMN surplus int');
  await owner.end();

  const sql = await diffSchema(database.ownerUrl, { schema });

  expect(sql).toContain('CREATE TABLE "Forgotten"');
  expect(sql).toContain('DROP COLUMN "surplus"');
});
