import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../commands/process.ts';

/** A ```sh block of a page, and the answer that is shown right below it, if any. */
export interface Step {
  /** Where it stands: a failing test names it. */
  line: number;
  commands: string;
  /** What stands behind `sh`: `background` for what goes on running, in a terminal of its own. */
  info: string;
  shown?: { kind: 'json' | 'text'; text: string };
}

interface Block {
  line: number;
  language: string;
  info: string;
  text: string;
  /** Whether nothing but blank lines stands between the block before and this one. */
  followsDirectly: boolean;
}

/** All ```sh blocks of a page, in order. */
export function stepsOf(page: string): Step[] {
  const blocks = blocksOf(readFileSync(join(projectFolder, page), 'utf8'));
  return blocks.flatMap(({ line, language, info, text }, index): Step[] => {
    if (language !== 'sh') return [];
    const next = blocks[index + 1];
    const isAnswer = next?.followsDirectly && (next.language === 'json' || next.language === '');
    const shown = isAnswer ? { kind: next.language === 'json' ? 'json' : 'text', text: next.text } : undefined;
    return [{ line, info, commands: text, ...(shown ? { shown: shown as Step['shown'] & object } : {}) }];
  });
}

function blocksOf(markdown: string): Block[] {
  // A block within a list is indented; so is what is in it.
  const fence = /^( *)```(\w*)(?: +(\S+))?\n([\s\S]*?)^\1```$/gm;
  let end = 0;
  return [...markdown.matchAll(fence)].map((match) => {
    const [whole, indent = '', language = '', info = '', text = ''] = match;
    const followsDirectly = markdown.slice(end, match.index).trim() === '';
    end = match.index + whole.length;
    const line = markdown.slice(0, match.index).split('\n').length;
    return { line, language, info, text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''), followsDirectly };
  });
}

const skipped = new Set(['node_modules', 'dist', 'generated']);

/** Every page of the project, by its path. */
export function pagesOf(folder = '.'): string[] {
  return readdirSync(join(projectFolder, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (!entry.isDirectory()) return entry.name.endsWith('.md') ? [path] : [];
    return entry.name.startsWith('.') || skipped.has(entry.name) ? [] : pagesOf(path);
  });
}
