import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

// It has no types.
const table = new URL('../../.dependency-cruiser.js', import.meta.url).href;
const { mayImport }: { mayImport: Record<string, readonly string[]> } = await import(table);
const src = join(import.meta.dirname, '../../src');

/** Folders that are made, or hold the sources of what is made. */
const isMade = (name: string) => /(^|\/)(generated|operations|build|built|overlay)(\/|$)/.test(name);

const folders = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ parentPath, name }) => join(parentPath, name).slice(src.length + 1))
  .filter((name) => !isMade(name));

describe('a folder of src', () => {
  it.each(folders)('has a README that says what it may import: %s', (folder) => {
    const path = join(src, folder, 'README.md');
    expect(existsSync(path), `${folder}/README.md`).toBe(true);
    const text = readFileSync(path, 'utf8');

    const [, named = ''] = /\*\*May import:\*\* (.*)\./.exec(text) ?? [];
    expect([...named.matchAll(/`([^`]+)`/g)].map(([, name]) => name).filter((name) => name !== 'src')).toEqual(
      mayImport[folder],
    );
    expect(text).toMatch(/\*\*Start reading\*\* at `/);
  });

  it('is entered by the files with JSX from where its row allows', () => {
    const files = folders.flatMap((folder) => readdirSync(join(src, folder)).map((name) => ({ folder, name })));
    const faults = files
      .filter(({ name }) => name.endsWith('.tsx'))
      .flatMap(({ folder, name }) => {
        const imports = readFileSync(join(src, folder, name), 'utf8').matchAll(/ from '(\.[^']+)'/g);
        const allowed = [folder, ...(mayImport[folder] ?? [])];
        return [...imports].flatMap(([, path = '']) => {
          const file = join(folder, path);
          const isAllowed = allowed.includes(file) || (allowed.includes(dirname(file)) && !(file in mayImport));
          return isAllowed || dirname(file) === 'console/generated' ? [] : [`${folder}/${name} imports ${file}`];
        });
      });

    expect(faults).toEqual([]);
  });

  it('decides for reads through the context, which notes when an answer ends', () => {
    const own = folders.flatMap((folder) =>
      readdirSync(join(src, folder))
        .filter((name) => name.endsWith('.ts'))
        .map((name) => join(folder, name)),
    );
    const deciding = own.filter((file) =>
      /import [^;]*\bdecide\b[^;]* from '[^']*policy\/policy.ts'/.test(readFileSync(join(src, file), 'utf8')),
    );

    // These change something: their answers are not cached.
    expect(deciding.toSorted()).toEqual([
      'domain/configs/model-config-creation.ts',
      'domain/configs/model-config.ts',
      'domain/policy/policy-check.ts',
    ]);
  });

  it('is named in the files that its README sends readers to', () => {
    for (const folder of folders) {
      const text = readFileSync(join(src, folder, 'README.md'), 'utf8');
      const [, start = ''] = /\*\*Start reading\*\* at (.*)/.exec(text) ?? [];
      for (const [, file = ''] of start.matchAll(/`([\w./-]+\.ts)`/g)) {
        expect(existsSync(join(src, folder, file)), `${folder}/${file}`).toBe(true);
      }
    }
  });
});
