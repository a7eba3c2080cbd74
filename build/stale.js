import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** Written when a build ends; its time is that of the build's beginning. */
export const stampFile = join(root, 'dist/.built');

/** What the build depends on: files, and folders with all that is in them. */
const inputs = [
  ...['src', 'prisma', 'build', 'codegen.ts', 'package.json', 'package-lock.json'],
  ...['codegen', 'operations', 'src', 'tsconfig.json'].map((name) => join('clients/typescript', name)),
];

/** Whether what is in `dist` is older than what it is made of. A folder changes when a file in it is removed. */
export function isStale() {
  const builtMs = statSync(stampFile, { throwIfNoEntry: false })?.mtimeMs;
  return builtMs === undefined || inputs.some((name) => isNewer(join(root, name), builtMs));
}

function isNewer(path, thanMs) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  if (found.mtimeMs > thanMs) return true;
  // What is generated follows from the others, and is written anew each time.
  const names = found.isDirectory() ? readdirSync(path).filter((name) => name !== 'generated' && name !== 'built') : [];
  return names.some((name) => isNewer(join(path, name), thanMs));
}

/**
 * Builds `dist` where it is stale. Resolves to a sentence where that cannot be done; what was built before is used where the
 * packages to build with are not installed.
 */
export async function buildIfStale() {
  if (!isStale()) return undefined;
  if (existsSync(join(root, 'node_modules/esbuild'))) {
    const { build } = await import('./build.js');
    return build();
  }
  if (existsSync(stampFile)) return undefined;
  return 'Modelgate is not built yet, and the packages to build it with are not installed: run npm ci, without --omit=dev.';
}
