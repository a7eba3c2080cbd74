import { execFile } from 'node:child_process';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A system user that PostgreSQL runs as. */
export interface Account {
  uid: number;
  gid: number;
  name: string;
}

/**
 * Which user PostgreSQL runs as; undefined is the service's own user. PostgreSQL refuses to run as root. So for root it is the
 * owner of the first of these folders that does not belong to root, else the system's `postgres`, else `nobody`. No user is
 * created.
 */
export function databaseAccount(...folders: string[]): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const folder of folders) {
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found?.isDirectory() && found.uid !== 0) return { uid: found.uid, gid: found.gid, name: `user ${found.uid}` };
  }
  return systemUser('postgres') ?? systemUser('nobody') ?? { uid: 65534, gid: 65534, name: 'user 65534' };
}

function systemUser(name: string): Account | undefined {
  // Container images need not have this file.
  const users = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8').split('\n') : [];
  const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
  // macOS writes the ids of `nobody` as -2: the same number, unsigned.
  return uid && gid ? { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0, name } : undefined;
}

/** The outermost folder on the path that the account cannot enter. Folders that do not exist yet are skipped. */
export function firstClosedFolder(path: string, account: Account | undefined): string | undefined {
  if (account === undefined) return undefined;
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isDirectory()) return firstClosedFolder(dirname(path), account);

  const folder = realpathSync(path);
  const outer = folder === '/' ? undefined : firstClosedFolder(dirname(folder), account);
  const bit = found.uid === account.uid ? 0o100 : found.gid === account.gid ? 0o010 : 0o001;
  return outer ?? ((found.mode & bit) === 0 ? folder : undefined);
}

/** The options for a PostgreSQL program. It never gets the service's environment, which contains secrets and PG… variables. */
export function spawnOptions(account: Account | undefined) {
  const { PATH, LD_LIBRARY_PATH } = process.env;
  return {
    // The account may not be able to enter the current folder.
    cwd: '/',
    env: { LC_ALL: 'C', ...(PATH && { PATH }), ...(LD_LIBRARY_PATH && { LD_LIBRARY_PATH }) },
    ...(account && { uid: account.uid, gid: account.gid }),
  };
}

/** Runs a program to its end, as the account. Resolves to its error text, or to undefined where it succeeded. */
export function run(program: string, parameters: string[], account: Account | undefined, input = '') {
  return new Promise<string | undefined>((resolve) => {
    const child = execFile(program, parameters, spawnOptions(account), (error, _output, errors) =>
      resolve(error ? errors.trim() || error.message : undefined),
    );
    // A program that ends before it has read its input is reported by its exit code.
    child.stdin?.on('error', () => {}).end(input);
  });
}
