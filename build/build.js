// Builds what runs into `dist`: node build/build.js [--clean | --if-stale]
//
//   dist/main.js, dist/*-HASH.js   the program with the packages that it uses, in a few modules: fewer files load sooner
//   dist/{console,server}/…        files that the program reads as they are, in the same folders as below `src`
//   dist/packages/…                such files of packages
//   dist/*.wasm                    Prisma's query compiler (see wasm.js)
//
// and the package of the client, into clients/typescript/dist, and dist/sdk.js (see sdk.js).
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { build as bundle } from 'esbuild';
import { buildClient } from './client.js';
import { buildConsole } from './console.js';
import { noticesOf, sbomOf } from './notices.js';
import { buildSdk } from './sdk.js';
import { isStale, stampFile } from './stale.js';
import { wasmAsFile } from './wasm.js';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/** Files below `src` that are read, not imported. */
const files = [
  'console/built',
  'server/request/persisted-documents.json',
  'server/pages/browser',
  'server/sign-in/browser',
];

/** Files of packages that are read, not imported. */
const packageFiles = {
  oauth4webapi: ['build/index.js'],
  'swagger-ui-dist': ['favicon-32x32.png', 'swagger-ui-bundle.js', 'swagger-ui.css'],
};

if (process.argv[1] === import.meta.filename) {
  const [mode] = process.argv.slice(2);
  const fault = mode === '--if-stale' && !isStale() ? undefined : await build({ isClean: mode === '--clean' });
  if (fault !== undefined) {
    process.stderr.write(`${fault}\n`);
    process.exitCode = 1;
  }
}

/** Builds, and resolves to what is wrong where it fails. With `isClean` nothing of an earlier build is left. */
export async function build({ isClean = false } = {}) {
  if (isClean) rmSync(dist, { recursive: true, force: true });
  const fault = run('tsx/dist/cli.mjs', 'codegen.ts', '--if-stale', '--ignored') ?? buildClient({ isClean });
  if (fault !== undefined) return fault;

  const begun = new Date();
  const { dependencies = {}, optionalDependencies = {} } = readJson(join(root, 'package.json'));
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: ['src/main.ts'],
    outdir: 'dist',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // What is installed beside the program is not part of it. The last is an option of `pg` that is not used.
    external: [...Object.keys({ ...dependencies, ...optionalDependencies }), 'pg-native'],
    // Packages in CommonJS call it for modules of Node.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
    },
    legalComments: 'none',
    logLevel: 'error',
    plugins: [wasmAsFile(dist)],
  }).catch(() => ({ metafile: undefined }));
  if (metafile === undefined) return 'Modelgate could not be built.';

  const consoleInputs = await buildConsole();
  if (consoleInputs === undefined) return 'The console could not be built.';

  removeOld(metafile.outputs);
  for (const file of files) copy(join('src', file), join(dist, file));
  const read = Object.entries(packageFiles).flatMap(([name, paths]) => paths.map((path) => join(name, path)));
  for (const path of read) copy(join('node_modules', path), join(dist, 'packages', path));

  const contained = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0),
  );
  const folders = packagesOf([...contained, ...consoleInputs, ...read.map((path) => join('node_modules', path))]);
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), noticesOf(folders));
  writeFileSync(join(dist, 'sbom.cdx.json'), sbomOf(folders, readJson(join(root, 'package.json'))));

  const sdkFault = await buildSdk();
  if (sdkFault !== undefined) return sdkFault;

  writeFileSync(stampFile, '');
  utimesSync(stampFile, begun, begun);
  return undefined;
}

/** Removes modules of earlier builds. A service that was started from one of them may still load its own for a while. */
function removeOld(outputs) {
  const dayAgo = Date.now() - 86_400_000;
  for (const name of readdirSync(dist).filter((entry) => entry.endsWith('.js'))) {
    const path = join(dist, name);
    if (!(join('dist', name) in outputs) && statSync(path).mtimeMs < dayAgo) rmSync(path);
  }
}

function copy(from, to) {
  cpSync(join(root, from), to, { recursive: true, filter: (path) => !path.endsWith('.md') });
}

/** The folders of the packages that these files are in. */
function packagesOf(paths) {
  const folders = paths.flatMap((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.slice(0, 1) ?? []);
  return [...new Set(folders)].sort().map((folder) => join(root, folder));
}

function run(program, ...parameters) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules', program), ...parameters], {
    cwd: root,
    encoding: 'utf8',
    // Prisma's generators are programs of packages, which it looks for in the PATH.
    env: { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) },
  });
  return status === 0 ? undefined : `${stdout}${stderr}`.trim();
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
