#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { type Command, explainParameters, isForOperators, UsageError } from './commands/command.ts';

const usage = `Modelgate decides which AI models an organization may use.

Usage: modelgate [command]

  serve      starts the service (the default)
  migrate    applies the migrations to DATABASE_URL
  bootstrap  creates an organization, and makes a user its owner
  token      prints a token for a person of the demo world
  rotate-master-key
             seals the provider keys with the first of MASTER_KEYS

modelgate <command> --help tells more. The variables of the environment are in .env.example.
`;

// Each is loaded when it is called: what the service needs takes a second that the others need not wait.
const commands: Record<string, () => Promise<Command>> = {
  serve: async () => (await import('./commands/serve.ts')).serve,
  migrate: async () => (await import('./commands/migrate.ts')).migrate,
  bootstrap: async () => (await import('./commands/bootstrap.ts')).bootstrap,
  token: async () => (await import('./commands/token.ts')).token,
  'rotate-master-key': async () => (await import('./commands/rotate-master-key.ts')).rotateMasterKey,
};

const [name = 'serve', ...parameters] = process.argv.slice(2);
try {
  await runCommand();
} catch (error) {
  // What an operator can mend is told in a sentence; only a fault of ours shows where it happened.
  const text = isForOperators(error) ? error.message : error instanceof Error ? (error.stack ?? error.message) : error;
  process.stderr.write(`${String(text).trimEnd()}\n`);
  process.exitCode = 1;
}

async function runCommand(): Promise<void> {
  // What the environment says itself counts more, were it only that a variable is empty.
  if (existsSync('.env')) process.loadEnvFile('.env');

  if (name === 'help' || asksForHelp(name)) {
    process.stdout.write(usage);
    return;
  }
  const command = Object.hasOwn(commands, name) ? await commands[name]?.() : undefined;
  if (!command) throw new UsageError(`There is no command "${name}".\n\n${usage}`);
  if (parameters.some(asksForHelp)) {
    process.stdout.write(command.usage);
    return;
  }
  await command.run(parameters).catch((error: unknown) => {
    throw explainParameters(error, command.usage);
  });
}

function asksForHelp(parameter: string): boolean {
  return parameter === '--help' || parameter === '-h';
}
