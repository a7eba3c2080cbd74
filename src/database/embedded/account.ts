import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** A system user that PostgreSQL runs as. */
export interface Account {
  uid: number;
  gid: number;
  name: string;
}

/**
 * Whom PostgreSQL runs as: undefined is the service's own user. It refuses to run as root, so for root it is the owner
 * of the first of these folders that is somebody else's, else the system's `postgres`, else `nobody`.
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
  const line = passwd()
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  // macOS writes the ids of `nobody` as -2: the same number, unsigned.
  return uid && gid ? { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0, name } : undefined;
}

function passwd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return ''; // Container images need not have one.
  }
}

/** The outermost folder on the way to `path` that the account may not enter; what does not exist yet does not count. */
export function firstClosedFolder(path: string, account: Account | undefined): string | undefined {
  if (account === undefined) return undefined;
  let existing = path;
  while (!statSync(existing, { throwIfNoEntry: false })?.isDirectory() && existing !== dirname(existing)) {
    existing = dirname(existing);
  }
  const folders = [realpathSync(existing)];
  for (let folder = folders[0]; folder !== undefined && folder !== dirname(folder); folder = folders[0]) {
    folders.unshift(dirname(folder));
  }
  return folders.find((folder) => !mayEnter(folder, account));
}

function mayEnter(folder: string, { uid, gid }: Account): boolean {
  const found = statSync(folder);
  const bit = found.uid === uid ? 0o100 : found.gid === gid ? 0o010 : 0o001;
  return (found.mode & bit) !== 0;
}
