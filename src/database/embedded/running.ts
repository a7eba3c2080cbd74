import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson } from '../private-file.ts';
import { Passwords } from './cluster.ts';
import { explain } from './embedded-postgres-error.ts';
import { isInUse } from './lock.ts';

/** Where both roles of a cluster connect. */
export function urlsOf(passwords: Passwords, port: number): { ownerUrl: string; url: string } {
  const url = (role: keyof Passwords) => `postgresql://${role}:${passwords[role]}@127.0.0.1:${port}/modelgate`;
  return { ownerUrl: url('modelgate_owner'), url: url('modelgate') };
}

/** The PostgreSQL of a service that runs on this folder; undefined where none does. @throws EmbeddedPostgresError */
export async function findRunningPostgres(directory: string): Promise<{ ownerUrl: string; url: string } | undefined> {
  try {
    if (!(await isInUse(directory))) return undefined;
    const passwords = await readJson(`${directory}.json`, Passwords);
    // The fourth line is the port.
    const [, , , port] = (await readFile(join(directory, 'postmaster.pid'), 'utf8')).split('\n');
    return passwords && port ? urlsOf(passwords, Number(port)) : undefined;
  } catch (error) {
    throw explain(error, directory);
  }
}
