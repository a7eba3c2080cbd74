import { EmbeddedPostgresError } from '../database/embedded/embedded-postgres-error.ts';
import { MigrationError } from '../database/migrations.ts';
import { EnvironmentError } from '../env.ts';

/** A command was called in a way that it does not understand, or cannot do what was asked; the message says what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Whether an error's message alone tells an operator what is wrong and how to mend it. */
export function isForOperators(error: unknown): error is Error {
  return [UsageError, EnvironmentError, EmbeddedPostgresError, MigrationError].some((type) => error instanceof type);
}
