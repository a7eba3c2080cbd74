import { OperatorError } from '../../errors/operator-error.ts';

/** Persisted documents cannot be used. The message names the file, and the id where one is at fault. */
export class PersistedDocumentsError extends OperatorError {
  override readonly name = 'PersistedDocumentsError';
}
