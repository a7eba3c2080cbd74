import { codeOf } from '../../errors/error-code.ts';
import { BackupError } from './backup-error.ts';

const faults = /^(EACCES|EDQUOT|EFBIG|EIO|EISDIR|ELOOP|EMFILE|ENAMETOOLONG|ENOENT|ENOSPC|ENOTDIR|EPERM|EROFS)$/;

/** A fault of the file system as a sentence; other errors pass through. */
export function explainFileFault(error: unknown, what: string): unknown {
  // Node's message is "ENOSPC: no space left on device, write".
  const [, reason] = /^\w+: ([^,]+)/.exec(error instanceof Error ? error.message : '') ?? [];
  return faults.test(codeOf(error)) && reason ? new BackupError(`${what}: ${reason}.`) : error;
}
