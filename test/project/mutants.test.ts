import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
import { describe, expect, it } from 'vitest';
import { mutants } from './mutants/list.ts';
import { modules } from './mutants/modules.ts';
import { mutate } from './mutants/mutant.ts';

const root = join(import.meta.dirname, '../..');

// `npm run check:mutants` runs apart from the other checks, so without this the list would fall behind the code unseen.
describe.each(Object.entries(modules))('the mutants of %s', (name, { path, tests }) => {
  const own = mutants.filter(({ module }) => module === name);

  it('each replace a text that stands once in the module, and leave it readable', () => {
    const source = readFileSync(join(root, path), 'utf8');

    for (const mutant of own) {
      const mutated = mutate(source, mutant);

      expect(mutated, mutant.fault).not.toBe(source);
      expect(() => parseSync(mutated, { syntax: 'typescript' }), mutant.fault).not.toThrow();
    }
  });

  it('are some, told apart by their faults', () => {
    expect(own).not.toEqual([]);
    expect(new Set(own.map(({ fault }) => fault)).size).toBe(own.length);
  });

  it('have tests that are there', () => {
    expect(tests.filter((test) => !existsSync(join(root, test)))).toEqual([]);
  });
});
