import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { variableNames } from '../../src/env.ts';
import { errorCodes } from '../../src/errors/base.ts';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };

describe('the README', () => {
  it('has every variable of the environment, and no other', () => {
    const [, section = ''] = readme.split('\n## Configuration\n');
    const [table = ''] = section.split('\n## ');

    expect([...table.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name).sort()).toEqual([...variableNames].sort());
  });

  it('has every error code, with its status', () => {
    const rows = [...readme.matchAll(/^\| `([A-Z_]+)` +\| (\d{3}) +\|/gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]);

    expect(rows).toEqual(Object.entries(errorCodes).map(([code, { status }]) => [code, status]));
  });

  it('names scripts that there are', () => {
    const named = [...readme.matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name);

    expect(named.filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
  });

  it('names files that there are', () => {
    const [, map = ''] = readme.split('\n## The source\n');
    const [table = ''] = map.split('\n### ');
    const paths = [...table.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([\w./]+)`/g)].map(([, path = '']) => path),
    );

    expect(paths).toContain('src/schema/');
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
