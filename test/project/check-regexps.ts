// npm run check:regexps: finds regular expressions of src that may take longer than their text is long, by whatever text.
// A client says what text that is: 300 kB take a quadratic one some 10 s.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseSync } from '@swc/core';
import { check } from 'recheck';

const root = join(import.meta.dirname, '../..');
const source = join(root, 'src');

interface Found {
  file: string;
  pattern: string;
  flags: string;
}

const { found, faults } = collect();
// One after another: the checker is a process of its own, with as many threads as there are processors.
for (const { file, pattern, flags } of found) {
  // The automaton is exact and takes milliseconds. What it does not know, as backreferences, is left to fuzzing, of one seed.
  const exact = await check(pattern, flags, { checker: 'automaton', timeout: 20_000 });
  const diagnostics =
    exact.status === 'unknown'
      ? await check(pattern, flags, { checker: 'fuzz', randomSeed: 1, timeout: 20_000 })
      : exact;
  if (diagnostics.status === 'safe') continue;
  const how = diagnostics.status === 'vulnerable' ? diagnostics.complexity.summary : 'too complex to be checked';
  faults.push(`${file}: /${pattern}/${flags} is ${how}`);
}
process.stdout.write(faults.length > 0 ? `${faults.join('\n')}\n` : `${found.length} regular expressions are linear\n`);
process.exitCode = faults.length > 0 ? 1 : 0;

function collect() {
  const found: Found[] = [];
  const faults: string[] = [];
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  for (const name of files) {
    if (/(^|\/)generated\//.test(name)) continue;
    const path = join(source, name);
    const file = relative(root, path);
    walk(parseSync(readFileSync(path, 'utf8'), { syntax: 'typescript' }), (node) => {
      if (node.type === 'RegExpLiteral') found.push({ file, pattern: String(node.pattern), flags: String(node.flags) });
      if (isConstructor(node))
        faults.push(`${file}: write a regular expression as a literal, so that it can be checked`);
    });
  }
  return { found, faults };
}

type Node = Record<string, unknown>;

function isConstructor({ type, callee }: Node): boolean {
  const isCall = type === 'NewExpression' || type === 'CallExpression';
  return isCall && typeof callee === 'object' && (callee as Node | null)?.value === 'RegExp';
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if ('type' in value) visit(value as Node);
  for (const inner of Object.values(value)) walk(inner, visit);
}
