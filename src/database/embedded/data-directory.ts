import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { databaseAccount, firstClosedFolder } from './account.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/**
 * The data folder of the embedded mode: `DATA_DIR`, else `.data` in the working folder. For root PostgreSQL runs as another
 * user: where that user cannot enter the working folder, it is a folder below /var/lib/modelgate, and `note` says so. Every
 * command resolves the same working folder to the same data folder.
 */
export function resolveDataDirectory({ DATA_DIR, cwd }: { DATA_DIR?: string | undefined; cwd: string }) {
  if (DATA_DIR) return { path: resolve(cwd, withoutTilde(DATA_DIR)) };
  const path = join(cwd, '.data');
  const account = databaseAccount(path);
  const closed = firstClosedFolder(cwd, account);
  if (account === undefined || closed === undefined) return { path };

  const folder = realpathSync(cwd);
  const hash = createHash('sha256').update(folder).digest('hex').slice(0, 8);
  const elsewhere = join('/var/lib/modelgate', `${hash}-${basename(folder)}`);
  const note = `The data is in ${elsewhere}, since ${account.name}, as whom PostgreSQL runs, may not enter ${closed}.`;
  return { path: elsewhere, note };
}

/** A shell replaces it, where it is not quoted; an env file and a unit of systemd do not. */
function withoutTilde(path: string): string {
  if (!/^~([/\\]|$)/.test(path)) return path;
  throw new EmbeddedPostgresError(`DATA_DIR begins with ~, which only a shell replaces: write the folder out.`);
}
