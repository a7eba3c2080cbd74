// Builds the package of the client into clients/typescript/dist: node build/client.js
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'clients/typescript/dist');

if (process.argv[1] === import.meta.filename) {
  const fault = buildClient({ isClean: true });
  if (fault !== undefined) {
    process.stderr.write(`${fault}\n`);
    process.exitCode = 1;
  }
}

/** Builds the client, and answers what is wrong where it fails. With `isClean` nothing of an earlier build is left. */
export function buildClient({ isClean = false } = {}) {
  if (isClean) rmSync(dist, { recursive: true, force: true });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const parameters = [tsc, '-p', 'clients/typescript'];
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { cwd: root, encoding: 'utf8' });
  if (status !== 0) return `${stdout}${stderr}`.trim();

  for (const name of readdirSync(dist, { recursive: true })) {
    if (/\.(js|ts)$/.test(name)) narrow(join(dist, name));
  }
  return undefined;
}

/** Indents by one space in place of four, which are an eighth of the types; in those, what is exported is declared. */
function narrow(file) {
  const text = readFileSync(file, 'utf8').replaceAll(/^(?: {4})+/gm, (indent) => ' '.repeat(indent.length / 4));
  writeFileSync(file, file.endsWith('.d.ts') ? text.replaceAll(/^export declare /gm, 'export ') : text);
}
