// Builds the console: src/console/built/console.js and console.css, which the service reads. `node build/console.js`
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');

/** For esbuild. The style sheet is imported by the script, and becomes a file beside it. */
export const consoleOptions = {
  absWorkingDir: root,
  entryPoints: { console: 'src/console/main.tsx' },
  outdir: 'src/console/built',
  bundle: true,
  minify: true,
  metafile: true,
  format: 'esm',
  platform: 'browser',
  target: ['es2023', 'chrome123', 'firefox120', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'error',
};

if (process.argv[1] === import.meta.filename) {
  if ((await buildConsole()) === undefined) process.exitCode = 1;
}

/** Builds the console, and resolves to the paths of what it is made of; to undefined where it fails. */
export async function buildConsole() {
  const { metafile } = await build(consoleOptions).catch(() => ({ metafile: undefined }));
  return metafile && Object.keys(metafile.inputs);
}
