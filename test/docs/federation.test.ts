import { readFileSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'vitest';
import { freePort } from '../../src/database/embedded/server.ts';
import { ownFolder, projectFolder } from '../commands/process.ts';
import { walk } from './walk.ts';

const interop = join(projectFolder, 'test/interop');

it('every command of docs/federation.md, in an empty folder, answers what is shown', async () => {
  const cwd = await ownFolder();
  const installed = await anInstallation();
  const ports = await Promise.all(
    ['4000', '4001', '4002', '4003'].map(async (port) => [port, `${await freePort()}`] as const),
  );

  await walk('docs/federation.md', {
    cwd,
    env: {},
    prelude: `npm() { ${installs(installed)}; }; npx() { local program=$1; shift; "node_modules/.bin/$program" "$@"; }`,
    replacements: new Map(ports),
  });
  // It starts seven processes, one after another.
}, 300_000);

/** A folder of packages as npm would make it: those that the tests of gateways have, and Modelgate. */
async function anInstallation(): Promise<string> {
  const folder = await ownFolder();
  const names = await readdir(join(interop, 'node_modules'));
  await Promise.all(
    names
      .filter((name) => name !== '.bin')
      .map((name) => symlink(join(interop, 'node_modules', name), join(folder, name))),
  );
  await symlink(projectFolder, join(folder, 'modelgate'));
  const programs = join(folder, '.bin');
  await mkdir(programs);
  await Promise.all(
    [join(folder, 'modelgate'), join(folder, '@graphql-hive/gateway')].map(async (path) => {
      const { bin } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as { bin: Record<string, string> };
      for (const [name, script] of Object.entries(bin)) {
        const program = `#!/bin/sh\nexec node ${join(path, script)} "$@"\n`;
        await writeFile(join(programs, name), program, { mode: 0o755 });
      }
    }),
  );
  return folder;
}

/** `npm install`, of packages that the tests of gateways have, and of no others. */
function installs(folder: string): string {
  const { dependencies } = JSON.parse(readFileSync(join(interop, 'package.json'), 'utf8')) as { dependencies: object };
  const cases = Object.keys(dependencies).join('|');
  return `for name in "\${@:2}"; do case $name in ${cases});; *) echo "$name is not installed"; return 1;; esac; done
    ln -sfn ${folder} node_modules`;
}
