import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { projectFolder } from '../commands/process.ts';
import { pagesOf } from './page.ts';

const pages = pagesOf();

it.each(pages)('the links of %s lead to files and headings that there are', (page) => {
  const broken = linksOf(page).filter((link) => {
    if (isExternal(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    return !existsSync(join(projectFolder, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });

  expect(broken).toEqual([]);
});

it.each(pages)('%s names files of the source that there are', (page) => {
  const named = [
    ...withoutBlocks(page).matchAll(/`((?:src|test|prisma|bench|clients|deploy)\/[\w./-]+(?:\.\w+|\/))`/g),
  ];
  const paths = named.map(([, path = '']) => path).filter((path) => !/\blabels?\b/.test(path));

  expect(paths.filter((path) => !existsSync(join(projectFolder, path)))).toEqual([]);
});

// Whether another site has a page cannot be asked where the tests run.
it.each(pages)('the links of %s to other sites are by https, and to no service of a reader', (page) => {
  const bare = proseOf(page).match(/\bhttps?:\/\/[^\s)>"|*]+/g) ?? [];
  const wellFormed = /^https:\/\/(?!localhost|127\.)[\w.-]+\.[a-z]+(?:[/#?]\S*)?$/;

  expect([...linksOf(page).filter(isExternal), ...bare].filter((link) => !wellFormed.test(link))).toEqual([]);
});

it('a page of another site is spelled in one way', () => {
  const spellings = new Map<string, Set<string>>();
  for (const link of pages.flatMap(linksOf).filter(isExternal)) {
    const address = link.replace(/[?#].*$/, '');
    const key = address.replace(/^https?:\/\/(?:www\.)?/, '').replace(/(?:\/|\.html)$/, '');
    spellings.set(key, (spellings.get(key) ?? new Set()).add(address));
  }

  expect([...spellings.values()].filter(({ size }) => size > 1)).toEqual([]);
});

function linksOf(page: string): string[] {
  return [...withoutBlocks(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

function isExternal(link: string): boolean {
  return /^[a-z]+:/.test(link);
}

/** As GitHub names the headings of a page. */
function anchorsOf(page: string): string[] {
  return [...withoutBlocks(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function proseOf(page: string): string {
  return withoutBlocks(page).replaceAll(/`[^`\n]+`/g, '');
}

function withoutBlocks(page: string): string {
  return readFileSync(join(projectFolder, page), 'utf8').replaceAll(/^( *)```[\s\S]*?^\1```/gm, '');
}
