import { OperatorError } from '../../errors/operator-error.ts';

/** A backup cannot be made, read or restored. The message quotes nothing of the data. */
export class BackupError extends OperatorError {
  override readonly name = 'BackupError';
}
