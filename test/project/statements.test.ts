import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Prisma } from '../../src/database/generated/prisma/client.ts';

const source = join(import.meta.dirname, '../../src');

it('statements name the schema of their tables, whatever the search path is', async () => {
  const tables = Object.values(Prisma.ModelName).join('|');
  // Where a name of a table stands in SQL; a column is never called so.
  const unqualified = new RegExp(`(?:\\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\\s+|sql\`)"(?:${tables})"`);
  const names = await readdir(source, { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts') && !name.startsWith('database/generated/'));

  const found = await Promise.all(
    files.map(async (name) => ((await readFile(join(source, name), 'utf8')).match(unqualified) ? [name] : [])),
  );

  expect(files).toContain('database/pool/sql.ts');
  expect(found.flat()).toEqual([]);
});
