import { parseArgs } from 'node:util';
import { openLocalIssuer } from '../auth/issuer.ts';
import { demoPeople } from '../database/demo-world.ts';
import { resolveDataDirectory } from '../database/embedded/data-directory.ts';
import { readEnvironment } from '../env.ts';
import { UsageError } from './usage.ts';

const personas = demoPeople.map(({ persona }) => persona);

const usage = `Usage: npm run -s token -- <${personas.join('|')}> [--expires 12h]
       npm run -s token -- --user usr_… [--expires 12h]

Prints a token of the embedded mode's own issuer, for the header "Authorization: Bearer <token>".

  --user       the id of any user
  --expires    how long the token holds: 30s, 15m, 12h (the default), 7d
`;

export async function token(parameters: string[]): Promise<void> {
  const { values, positionals } = parse(parameters);
  if (values.help) {
    process.stdout.write(usage);
    return;
  }

  const { databaseUrl, dataDirectory } = readEnvironment(process.env, { needsAuth: false });
  if (databaseUrl !== undefined) {
    throw new UsageError('With DATABASE_URL set, tokens come from AUTH_ISSUER; this command serves the embedded mode.');
  }
  const userId = values.user ?? userOf(positionals);
  if (!/^(usr|user)_[\w-]+$/.test(userId)) throw new UsageError(`"${userId}" is not the id of a user (usr_…).`);
  if (!/^\d{1,6} ?[smhdw]$/.test(values.expires)) {
    throw new UsageError(`"${values.expires}" is not a duration. Give, for example, 15m, 12h or 7d.`);
  }

  const { path } = resolveDataDirectory({ DATA_DIR: dataDirectory, cwd: process.cwd() });
  const issuer = await openLocalIssuer(path);
  process.stdout.write(`${await issuer.mint(userId, values.expires)}\n`);
}

function parse(parameters: string[]) {
  try {
    return parseArgs({
      args: parameters,
      allowPositionals: true,
      options: {
        user: { type: 'string' },
        expires: { type: 'string', default: '12h' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

function userOf([persona, ...more]: string[]): string {
  const person = demoPeople.find((candidate) => candidate.persona === persona);
  if (!person || more.length > 0) {
    throw new UsageError(`${persona === undefined ? 'Whose token?' : `Nobody is called "${persona}".`}\n\n${usage}`);
  }
  return person.id;
}
