import { codeOf } from '../../errors/error-code.ts';
import { OperatorError } from '../../errors/operator-error.ts';

/** The embedded PostgreSQL cannot be started. The message is for the operator: what is wrong, and how to fix it. */
export class EmbeddedPostgresError extends OperatorError {
  override readonly name = 'EmbeddedPostgresError';
}

const reasons: Record<string, string> = {
  EACCES: 'permission is denied to this user',
  EPERM: 'the system does not permit it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'there is no space left on the device',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a part of its path is a file',
  ELOOP: 'its path is a circle of symbolic links',
  ENAMETOOLONG: 'its path is too long',
};

/** Turns a fault of the file system into a sentence about the data folder; other errors pass through. */
export function explain(error: unknown, directory: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const reason = reasons[codeOf(error)];
  if (reason === undefined) return error;
  const message = `The data folder ${directory} cannot be used: ${reason}. Mend that, or set DATA_DIR to another folder.`;
  return new EmbeddedPostgresError(message, { cause: error });
}
