import { it } from 'vitest';
import { freePort } from '../../src/database/embedded/server.ts';
import { ownFolder, script } from '../commands/process.ts';
import { walk } from './walk.ts';

it('every command of docs/configuration.md, in an empty folder, answers what is shown', async () => {
  await walk('docs/configuration.md', {
    cwd: await ownFolder(),
    env: {},
    // As in package.json, but for the folder that they are run in.
    prelude: `npm() { case "$*" in
      start) node '${script}' serve;;
      "run -s token -- "*) node '${script}' token "\${@:4}";;
      *) return 1;; esac; }`,
    replacements: new Map([['4001', `${await freePort()}`]]),
  });
});
