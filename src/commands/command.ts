import { EmbeddedPostgresError } from '../database/embedded/embedded-postgres-error.ts';
import { MigrationError } from '../database/migrate/migrations.ts';
import { MasterKeysError } from '../domain/vault/master-keys.ts';
import { EnvironmentError } from '../env.ts';
import { PersistedDocumentsError } from '../server/request/persisted-documents-error.ts';

/** What the process can be told to do. `run` is given what follows the command's name; `--help` is answered before. */
export interface Command {
  usage: string;
  run: (parameters: string[]) => Promise<void>;
}

/** A command was called in a way that it does not understand, or cannot do what was asked; the message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Whether an error's message alone tells an operator what is wrong and how to mend it. */
export function isForOperators(error: unknown): error is Error {
  return [
    UsageError,
    EnvironmentError,
    EmbeddedPostgresError,
    MasterKeysError,
    MigrationError,
    PersistedDocumentsError,
  ].some((type) => error instanceof type);
}

/** Turns what `parseArgs` says of parameters that it does not know into a sentence; other errors stay as they are. */
export function explainParameters(error: unknown, usage: string): unknown {
  const isOfParameters =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
  if (!isOfParameters) return error;
  // Node's advice about positional parameters that begin with a dash helps nobody here.
  return new UsageError(`${error.message.split('. ')[0]}.\n\n${usage}`);
}
