// npm run migration -- <name>: writes the SQL that takes the migrations so far to schema.prisma into a new one, to be
// read and completed by hand (checks, triggers, data) before it is committed. Without a name it is only printed.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyMigrations } from '../src/database/migrate/migrations.ts';
import { diffSchema } from '../test/kit/schema-engine.ts';
import { startTemporaryPostgres } from '../test/kit/temporary-postgres.ts';

const name = process.argv[2]?.toLowerCase().replace(/[^a-z0-9]+/g, '_');
const postgres = await startTemporaryPostgres();
try {
  await applyMigrations(postgres.ownerUrl);
  const sql = await diffSchema(postgres.ownerUrl);
  if (sql === '') {
    process.stdout.write('The migrations and schema.prisma agree.\n');
  } else if (name === undefined) {
    process.stdout.write(sql);
  } else {
    const timestamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
    const folder = join(import.meta.dirname, 'migrations', `${timestamp}_${name}`);
    await mkdir(folder);
    await writeFile(join(folder, 'migration.sql'), sql);
    process.stdout.write(`${sql}\nWritten to ${join(folder, 'migration.sql')}\n`);
  }
} finally {
  await postgres.stop();
}
