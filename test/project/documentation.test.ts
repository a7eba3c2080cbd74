import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/errors/base.ts';
import { pagesOf } from '../docs/page.ts';

const root = join(import.meta.dirname, '../..');
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');
/** What `npm run` knows in this folder. */
function scriptsOf(folder: string): string[] {
  const file = join(folder, 'package.json');
  if (!existsSync(join(root, file))) return [];
  const { scripts = {} } = JSON.parse(textOf(file)) as { scripts?: object };
  return Object.keys(scripts);
}
const pages = pagesOf();

describe('the documentation', () => {
  it('has every error code, with its status', () => {
    const rows = [...textOf('docs/errors.md').matchAll(/^\| `([A-Z_]+)` +\| (\d{3}) +\|/gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]);

    expect(rows).toEqual(Object.entries(errorCodes).map(([code, { status }]) => [code, status]));
  });

  it.each(pages)('%s names scripts that there are', (page) => {
    const named = [...textOf(page).matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name);

    const scripts = [...scriptsOf('.'), ...scriptsOf(dirname(page))];
    expect(named.filter((name = '') => !scripts.includes(name))).toEqual([]);
  });

  it('names folders and files that there are', () => {
    const [, map = ''] = textOf('CONTRIBUTING.md').split('\n## The source\n');
    const [table = ''] = map.split('\n## ');
    const paths = [...table.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([\w./]+)`/g)].map(([, path = '']) => path),
    );

    expect(paths).toContain('src/schema/');
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('begins with a README of 150 lines at most', () => {
    expect(textOf('README.md').split('\n').length).toBeLessThanOrEqual(151);
  });
});
