import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type pg from 'pg';
import { onTestFinished } from 'vitest';
import { dumpDatabase } from '../../src/database/backup/dump.ts';
import { gunzip } from '../../src/database/backup/gunzip.ts';
import { restoreDatabase } from '../../src/database/backup/restore.ts';
import { connectionConfig, DatabaseClient } from '../../src/database/pool/connection.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

/** A database for one test, without tables. */
export async function aBlankDatabase(): Promise<TestDatabase> {
  const database = await createTestDatabase({ blank: true });
  onTestFinished(() => database.drop());
  return database;
}

/** A connection, for one test. */
export async function connectTo(url: string): Promise<pg.Client> {
  const client = new DatabaseClient(connectionConfig(url));
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

/** The lines of a backup, as the role of the service makes it. */
export async function dump({ url }: Pick<TestDatabase, 'url'>): Promise<string> {
  return text(dumpDatabase(await connectTo(url)));
}

/** What is the same in all backups of the same data. */
export function dataOf(lines: string): string {
  return lines.slice(lines.indexOf('\n'), lines.lastIndexOf('\n', lines.length - 2));
}

export const compress = (lines: string): Buffer => gzipSync(lines);

/** Lines that were changed, with a checksum that says that they were not. */
export function sign(lines: string): string {
  const end = lines.lastIndexOf('\n', lines.length - 2) + 1;
  const body = lines.slice(0, end);
  const sha256 = createHash('sha256').update(body).digest('hex');
  return `${body}${JSON.stringify({ ...JSON.parse(lines.slice(end)), sha256 })}\n`;
}

export async function restore({ ownerUrl }: Pick<TestDatabase, 'ownerUrl'>, file: Buffer) {
  const client = new DatabaseClient(connectionConfig(ownerUrl));
  await client.connect();
  // In pieces, as they come from a disk or a network.
  const pieces = Array.from({ length: Math.ceil(file.length / 1_000) }, (_, i) =>
    file.subarray(i * 1_000, (i + 1) * 1_000),
  );
  return restoreDatabase(client, ownerUrl, gunzip(Readable.from(pieces)), { serviceRole: 'modelgate' }).finally(() =>
    client.end(),
  );
}

/** What the database would say of its rules. */
export async function rulesOf({ ownerUrl }: Pick<TestDatabase, 'ownerUrl'>): Promise<unknown[]> {
  const client = await connectTo(ownerUrl);
  const { rows } = await client.query(`
    SELECT conrelid::regclass::text AS "table", pg_get_constraintdef(oid) AS "rule", convalidated::text AS "state" FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT tgrelid::regclass::text, pg_get_triggerdef(oid), tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT relname, relacl::text, '' FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1, 2`);
  return rows;
}

/** The names of the migrations up to this one. */
export async function migrationsUpTo(last: string): Promise<string[]> {
  const names = await readdir(join(import.meta.dirname, '../../prisma/migrations'));
  return names.filter((name) => /^\d/.test(name) && name <= last).sort();
}

/** How many rows Modelgate's tables have, without leases and migrations. */
export async function countRows({ ownerUrl }: Pick<TestDatabase, 'ownerUrl'>): Promise<number> {
  const client = await connectTo(ownerUrl);
  const { rows } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('Instance', '_prisma_migrations')`,
  );
  let sum = 0;
  for (const { name } of rows) {
    const counted = await client.query<{ count: string }>(`SELECT count(*) FROM "${name}"`);
    sum += Number(counted.rows[0]?.count);
  }
  return sum;
}
