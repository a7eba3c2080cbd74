#!/usr/bin/env node
import { migrate } from './commands/migrate.ts';
import { serve } from './commands/serve.ts';
import { token } from './commands/token.ts';
import { isForOperators, UsageError } from './commands/usage.ts';

const usage = `Modelgate decides which AI models an organization may use.

Usage: modelgate [command]

  serve      starts the service (the default)
  migrate    applies the migrations to DATABASE_URL
  token      prints a token for a person of the demo world

modelgate <command> --help tells more. The variables of the environment are in .env.example.
`;

const commands: Record<string, (parameters: string[]) => Promise<void>> = { serve, migrate, token };

const [name = 'serve', ...parameters] = process.argv.slice(2);
try {
  if (name === '--help' || name === '-h' || name === 'help') process.stdout.write(usage);
  else if (Object.hasOwn(commands, name)) await commands[name]?.(parameters);
  else throw new UsageError(`There is no command "${name}".\n\n${usage}`);
} catch (error) {
  // What an operator can mend is told in a sentence; only a fault of ours shows where it happened.
  const text = isForOperators(error) ? error.message : error instanceof Error ? (error.stack ?? error.message) : error;
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
