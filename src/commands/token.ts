import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type LocalIssuer, openLocalIssuer } from '../auth/issuer.ts';
import { resolveDataDirectory } from '../database/embedded/data-directory.ts';
import { explain } from '../database/embedded/embedded-postgres-error.ts';
import { demoPeople } from '../database/migrate/demo-world.ts';
import { userIdForm } from '../domain/input/id.ts';
import { EnvironmentError, faultOfText, textsOf } from '../environment/text.ts';
import { commandLine } from '../program.ts';
import { type Command, UsageError } from './command.ts';

const personas = demoPeople.map(({ persona }) => persona);

const usage = `Usage: ${commandLine('token', `<${personas.join('|')}> [--expires 12h]`)}
       ${commandLine('token', '--user usr_… [--expires 12h]')}

Prints a token of the embedded mode's own issuer, for the header "Authorization: Bearer <token>".

  --user       the id of any user
  --expires    how long the token holds: 30s, 15m, 12h (the default), 7d
`;

export const token: Command = {
  usage,
  run: async (parameters) => {
    const { values, positionals } = parseArgs({
      args: parameters,
      allowPositionals: true,
      options: { user: { type: 'string' }, expires: { type: 'string', default: '12h' } },
    });

    const { DATABASE_URL, DATA_DIR } = readTexts('DATABASE_URL', 'DATA_DIR');
    if (DATABASE_URL !== undefined) {
      throw new UsageError(
        'With DATABASE_URL set, tokens come from AUTH_ISSUER; this command serves the embedded mode.',
      );
    }
    const userId = userOf(positionals, values.user);
    if (!/^[1-9]\d{0,5}[smhdw]$/.test(values.expires)) {
      throw new UsageError(`"${values.expires}" is not a duration. Give, for example, 15m, 12h or 7d.`);
    }

    const { path } = resolveDataDirectory({ DATA_DIR, cwd: process.cwd() });
    const issuer = await openIssuer(path);
    process.stdout.write(`${await issuer.mint(userId, values.expires)}\n`);
  },
};

/** Not the whole environment: to parse all of it takes longer than the rest, and nothing else of it matters here. */
function readTexts(...names: string[]): Partial<Record<string, string>> {
  const texts = textsOf(process.env, names);
  const faults = Object.entries(texts).flatMap(([name, text]) => {
    const fault = faultOfText(name, text);
    return fault === undefined ? [] : [`${name}: ${fault}`];
  });
  if (faults.length > 0) throw new EnvironmentError(faults);
  return texts;
}

function userOf([persona, ...more]: string[], user: string | undefined): string {
  if (user !== undefined) {
    if (persona !== undefined) throw new UsageError(`Give a person or --user, not both.\n\n${usage}`);
    if (!userIdForm.test(user)) throw new UsageError(`"${user}" is not the id of a user (usr_…).`);
    return user;
  }
  const person = demoPeople.find((candidate) => candidate.persona === persona);
  if (persona === undefined) throw new UsageError(`Whose token?\n\n${usage}`);
  if (!person) throw new UsageError(`Nobody is called "${persona}".\n\n${usage}`);
  if (more.length > 0) throw new UsageError(`A token is one person's.\n\n${usage}`);
  return person.id;
}

async function openIssuer(directory: string): Promise<LocalIssuer> {
  if (!existsSync(directory)) {
    process.stderr.write(
      `There is no data in ${directory} yet: the token holds for a service that is started on it. ` +
        'For one that runs with another DATA_DIR, set DATA_DIR to the same.\n',
    );
  }
  try {
    return await openLocalIssuer(directory);
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new UsageError(
        `The issuer's key in ${directory} cannot be read. Remove issuer*.json there, and start again.`,
      );
    }
    throw explain(error, directory);
  }
}
