import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const src = join(import.meta.dirname, '../../src');
/** It looks for the migrations in all folders above, and for binaries that are packages of their own. */
const allowed = ['asset-path.ts', 'program.ts', 'database/migrate/migrations.ts', 'database/embedded/binaries.ts'];

describe('a module of src', () => {
  it('does not ask where it is, as it may be bundled with others: that is what asset-path.ts is for', () => {
    const modules = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !/(^|\/)(generated|build)\//.test(name),
    );

    const asking = modules.filter((name) => readFileSync(join(src, name), 'utf8').includes('import.meta'));

    expect(asking.sort()).toEqual(allowed.sort());
  });
});
