// Builds the SDK: dist/sdk.js, one module without imports, and dist/sdk.d.ts.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** For esbuild. It runs in browsers and workers too. */
export const sdkOptions = {
  absWorkingDir: root,
  entryPoints: { sdk: 'src/sdk/connect.ts' },
  outdir: 'dist',
  bundle: true,
  metafile: true,
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'error',
};

/** The declarations of the SDK: its types import nothing, so that they are their own. */
export function sdkTypes() {
  const [types, connect] = ['types.ts', 'connect.ts'].map((name) => readFileSync(join(root, 'src/sdk', name), 'utf8'));
  const [description] = /\/\*\*\n \* Connects to .*?\*\//s.exec(connect) ?? [''];
  return `${types}\n${description}\nexport declare const connect: Connect;\n`;
}

/** Builds the SDK, and resolves to what is wrong where it fails. */
export async function buildSdk() {
  const built = await build(sdkOptions).catch(() => undefined);
  if (built === undefined) return 'The SDK could not be built.';

  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(join(root, 'dist/sdk.d.ts'), sdkTypes());
  return undefined;
}
