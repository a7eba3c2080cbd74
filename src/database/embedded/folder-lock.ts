import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';
import { writePrivateFile } from './private-file.ts';
import { identify, isAlive, ProcessIdentity, stopPostgres } from './processes.ts';

const Lock = z.object({ service: ProcessIdentity, postgres: ProcessIdentity.optional() });
type Lock = z.infer<typeof Lock>;

/** The right of one living Modelgate to a cluster's folder. */
export interface FolderLock {
  /** Notes whose PostgreSQL runs there, so that the next start may stop it if this process is killed. */
  recordPostgres(postgres: ProcessIdentity): Promise<void>;
  release(): Promise<void>;
}

/**
 * Takes the folder for this process, or throws that another one holds it. A PostgreSQL that a killed predecessor left
 * running is stopped first. Should two starts race for a dead one's lock, PostgreSQL's own `postmaster.pid` decides.
 */
export async function lockFolder(directory: string, log: (line: string) => void): Promise<FolderLock> {
  const path = `${directory}.lock`;
  const service = identify(process.pid);
  if (service === undefined) throw new EmbeddedPostgresError('The system does not tell when this process was started.');

  while (!(await writePrivateFile(path, JSON.stringify({ service }), { ifAbsent: true }))) {
    const held = await readLock(path);
    if (held && isAlive(held.service)) {
      const holder = held.service.pid === process.pid ? 'this process' : 'another Modelgate';
      throw new EmbeddedPostgresError(
        `The data folder ${directory} is in use by ${holder} (process ${held.service.pid}). ` +
          'Stop it, or set DATA_DIR to another folder.',
      );
    }
    if (held?.postgres) await stopOrphan(directory, held.postgres, log);
    await discard(path, held);
  }

  return {
    recordPostgres: async (postgres) => void (await writePrivateFile(path, JSON.stringify({ service, postgres }))),
    release: () => rm(path, { force: true }),
  };
}

async function readLock(path: string): Promise<Lock | undefined> {
  try {
    return Lock.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code !== 'ENOENT') throw error;
    return undefined;
  }
}

/** Removes a dead one's lock, and gives back what another start has put in its place meanwhile. */
async function discard(path: string, dead: Lock | undefined): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw error;
  }
  const moved = await readLock(aside);
  if (moved && JSON.stringify(moved) !== JSON.stringify(dead)) {
    await writePrivateFile(path, JSON.stringify(moved), { ifAbsent: true });
  }
  await rm(aside, { force: true });
}

async function stopOrphan(directory: string, postgres: ProcessIdentity, log: (line: string) => void): Promise<void> {
  if (!isAlive(postgres) || (await postmasterPid(directory)) !== postgres.pid) return;
  log(`Stopping the PostgreSQL (process ${postgres.pid}) that an earlier run left behind in ${directory}.`);
  await stopPostgres(postgres);
}

async function postmasterPid(directory: string): Promise<number | undefined> {
  const text = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '');
  return Number.parseInt(text, 10) || undefined;
}
