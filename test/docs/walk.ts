import { expect } from 'vitest';
import { openLocalIssuer } from '../../src/auth/issuer.ts';
import { demoPeople } from '../../src/database/migrate/demo-world.ts';
import { addressOf, ownFolder, projectFolder, runs } from '../commands/process.ts';
import { jsonValues, lasting, lastingText } from './answer.ts';
import { type Step, stepsOf } from './page.ts';
import { literal, openShell, type ShellOptions } from './shell.ts';

/** What is not asked here: .ci/run installs and tests, and the service has been started before. */
const elsewhere = /^npm ci && npm (?:start|test)\b/;

/** Runs every block of a page in one shell, and compares what it prints with what is shown below it. */
export async function walk(page: string, options: ShellOptions): Promise<void> {
  const shell = openShell(options);
  for (const step of stepsOf(page)) {
    const commands = step.commands.split('\n').filter((line) => !elsewhere.test(line));
    expectShown(page, step, await shell({ ...step, commands: commands.join('\n') }));
  }
}

function expectShown(page: string, { line, shown }: Step, printed: string): void {
  const where = `${page}:${line}`;
  if (shown?.kind === 'json') {
    expect(jsonValues(printed).map(lasting), `${where} printed ${printed}`).toEqual(
      jsonValues(shown.text).map(lasting),
    );
  } else if (shown) {
    const tidy = (text: string) =>
      lastingText(text)
        .trim()
        .replaceAll(/\n{2,}/g, '\n');
    if (!patternOf(tidy(shown.text)).test(tidy(printed))) expect(tidy(printed), where).toBe(tidy(shown.text));
  } else {
    expect(printed, `${where} prints what the page does not show`).toBe('');
  }
}

/** Where … is shown, anything may stand: a line of nothing else is any number of lines. */
function patternOf(shown: string): RegExp {
  const lines = shown.split('\n').map((line) => line.split('…').map(literal).join('.*'));
  return new RegExp(`^${lines.map((line) => (line === '.*' ? '[\\s\\S]*' : line)).join('\\n')}$`);
}

/**
 * A service of its own with the demo world, and a shell in the folder of the project. Tokens are minted once for each persona: a
 * process for each takes longer than all requests of a page.
 */
export async function onDemoWorld(replacements: Iterable<[string, string]> = []): Promise<ShellOptions> {
  const folder = await ownFolder();
  const address = await addressOf(runs(['serve'], { env: { DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent' } }));
  const issuer = await openLocalIssuer(folder);
  const minted = await Promise.all(
    demoPeople.map(async ({ persona, id }) => `${persona}) printf '%s\\n' '${await issuer.mint(id, '1h')}';;`),
  );
  const prelude = `npm() { case "$*" in
    "run -s token -- "*) case "$5" in ${minted.join(' ')} *) return 1;; esac;;
    *) command npm "$@";; esac; }`;
  return {
    cwd: projectFolder,
    env: { DATA_DIR: folder, MODELGATE_URL: `${address}/graphql` },
    prelude,
    replacements: new Map([['http://localhost:4000', address], ...replacements]),
  };
}
