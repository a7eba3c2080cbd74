import { existsSync, statSync } from 'node:fs';
import { explainParameters, UsageError } from './commands/command.ts';
import { findCommand, usage } from './commands/help.ts';
import { watchStandardOutput } from './commands/standard-output.ts';
import { OperatorError } from './errors/operator-error.ts';
import { version } from './program.ts';

watchStandardOutput();
const [name = 'serve', ...parameters] = process.argv.slice(2);
try {
  await runCommand();
} catch (error) {
  // Only a fault of ours shows where it happened.
  const isFault = error instanceof Error && !(error instanceof OperatorError);
  const text = isFault ? error.stack : error instanceof Error ? error.message : error;
  process.stderr.write(`${String(text).trimEnd()}\n`);
  process.exitCode = 1;
}

async function runCommand(): Promise<void> {
  readEnvironmentFile();
  if (name === '--version' || name === '-v') return print(`${version()}\n`);
  if (name === 'help' || asksForHelp(name)) {
    const [about] = parameters;
    return print(about === undefined ? usage : (await findCommand(about)).usage);
  }
  const command = await findCommand(name);
  if (parameters.some(asksForHelp)) return print(command.usage);
  await command.run(parameters).catch((error: unknown) => {
    throw explainParameters(error, command.usage);
  });
}

/** What the environment says itself counts more, were it only that a variable is empty. */
function readEnvironmentFile(): void {
  try {
    if (existsSync('.env')) process.loadEnvFile('.env');
  } catch (error) {
    // Node's message is of a fault of its own where it is a folder, as Docker makes one of a file that it cannot find.
    const reason = statSync('.env').isDirectory() ? 'it is a folder' : error instanceof Error ? error.message : error;
    throw new UsageError(`The file .env cannot be read: ${reason}.`);
  }
}

function asksForHelp(parameter: string): boolean {
  return parameter === '--help' || parameter === '-h';
}

function print(text: string): void {
  process.stdout.write(text);
}
