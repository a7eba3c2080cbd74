import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { variableNames } from '../../src/env.ts';
import { errorCodes } from '../../src/errors/base.ts';

const root = join(import.meta.dirname, '../..');
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
];

describe('the documentation', () => {
  it('has every variable of the environment, and no other', () => {
    const named = [...textOf('docs/configuration.md').matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name);

    expect(named.sort()).toEqual([...variableNames].sort());
  });

  it('has every error code, with its status', () => {
    const rows = [...textOf('docs/errors.md').matchAll(/^\| `([A-Z_]+)` +\| (\d{3}) +\|/gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]);

    expect(rows).toEqual(Object.entries(errorCodes).map(([code, { status }]) => [code, status]));
  });

  it.each(pages)('%s names scripts that there are', (page) => {
    const named = [...textOf(page).matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, name]) => name);

    expect(named.filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
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

describe('the links of', () => {
  const proseOf = (page: string) => textOf(page).replaceAll(/^```[\s\S]*?^```/gm, '');
  /** As GitHub names the headings of a page. */
  const anchorsOf = (page: string) =>
    [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    );

  it.each(pages)('%s lead to files and headings that there are', (page) => {
    const links = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : join(dirname(page), path);
      return !existsSync(join(root, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
    });

    expect(broken).toEqual([]);
  });
});
