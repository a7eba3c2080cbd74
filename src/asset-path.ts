import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// The program also runs from `dist`, where its modules are bundled: only files directly below `src` know where they are.

/** The path of a file below `src` that is read, not imported. build/build.js must name it, to copy it into `dist`. */
export function assetPath(path: string): string {
  return join(import.meta.dirname, path);
}

/** The path of such a file of a package. build/build.js must name it, too. */
export function packageAssetPath(name: string, path: string): string {
  const copied = assetPath(join('packages', name, path));
  return existsSync(copied)
    ? copied
    : join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), path);
}
