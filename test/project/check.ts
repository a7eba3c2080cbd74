// npm run check: runs the scripts of package.json that are called check:…, but for mutants, then the tests (unless --no-tests).
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
/** Takes a quarter of an hour: it tells of the tests, not of a change, and is run by itself. */
const apart = 'check:mutants';
const checks = Object.keys(scripts).filter((name) => name.startsWith('check:') && name !== apart);

/** Where what a tool says does not say how to mend it. */
const advice: Record<string, string> = {
  'check:code': 'npm run format mends most of it.',
  'check:imports': 'Who may import whom is in .dependency-cruiser.js.',
  'check:unused': 'What knip cannot see by itself is told to it in package.json.',
};

const { values } = parseArgs({ options: { 'no-tests': { type: 'boolean' } } });
process.exitCode = await main();

async function main(): Promise<number> {
  // The others stand on the generated files; among each other they are free.
  const [first = '', ...others] = checks;
  if (!(await report(first, run(first)))) return fail([first]);

  const failed: string[] = [];
  const running = others.map((name) => ({ name, outcome: run(name) }));
  for (const { name, outcome } of running) if (!(await report(name, outcome))) failed.push(name);
  if (failed.length > 0) return fail(failed);

  return values['no-tests'] ? 0 : runTests();
}

interface Outcome {
  status: number;
  output: string;
  seconds: number;
}

function run(name: string): Promise<Outcome> {
  const startedAt = performance.now();
  const path = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  return new Promise((resolve) => {
    const child = spawn(scripts[name] ?? '', { cwd: root, shell: true, env: { ...process.env, PATH: path } });
    let output = '';
    const end = (status: number) => resolve({ status, output, seconds: (performance.now() - startedAt) / 1000 });
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', ({ message }) => {
      output += message;
      end(1);
    });
    child.on('close', (status) => end(status ?? 1));
  });
}

async function report(name: string, outcome: Promise<Outcome>): Promise<boolean> {
  say(`${name.padEnd(16)} ${scripts[name]} … `);
  const { status, output, seconds } = await outcome;
  say(`${status === 0 ? 'ok' : 'FAILED'} (${seconds.toFixed(1)} s)\n`);
  if (status !== 0) say(`\n${output.trim()}\n\n${advice[name] ?? ''}\n\n`);
  return status === 0;
}

function runTests(): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn('npm test', { cwd: root, shell: true, stdio: 'inherit' });
    child.on('close', (status) => resolve(status ?? 1));
  });
}

function fail(names: string[]): number {
  say(`The check failed: ${names.map((name) => `npm run ${name}`).join(', ')}.\n`);
  return 1;
}

function say(text: string): void {
  process.stdout.write(text);
}
