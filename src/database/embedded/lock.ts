import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { readJson, unlessAbsent, writePrivateFile } from '../private-file.ts';
import { EmbeddedPostgresError } from './embedded-postgres-error.ts';

/** Identifies a process: its number may be reused later, its start time tells the two apart. */
const ProcessIdentity = z.object({ pid: z.int().positive(), startedAt: z.string() });
export type ProcessIdentity = z.infer<typeof ProcessIdentity>;
const Lock = z.object({ service: ProcessIdentity, postgres: ProcessIdentity.optional() });

/** The lock of one running Modelgate on a cluster's folder. */
export type FolderLock = Awaited<ReturnType<typeof lockFolder>>;

/**
 * Locks the folder for this process; throws where another process holds the lock. A PostgreSQL that a killed process left
 * running is stopped first. Where two starts race for a stale lock, PostgreSQL's own `postmaster.pid` decides. A lock that
 * becomes stale by age, as in `proper-lockfile`, would refuse every start for seconds after a kill.
 */
export async function lockFolder(directory: string, log: (line: string) => void) {
  const path = `${directory}.lock`;
  const service = identify(process.pid);
  if (service === undefined) throw new EmbeddedPostgresError('The system does not tell when this process was started.');

  while (!(await writePrivateFile(path, JSON.stringify({ service }), { ifAbsent: true }))) {
    const held = await readJson(path, Lock);
    if (held && isAlive(held.service)) {
      const holder = held.service.pid === process.pid ? 'this process' : 'another Modelgate';
      throw new EmbeddedPostgresError(
        `The data folder ${directory} is in use by ${holder} (process ${held.service.pid}). ` +
          'Stop it, or set DATA_DIR to another folder.',
      );
    }
    if (held?.postgres && isAlive(held.postgres)) {
      log(`Stopping the PostgreSQL (process ${held.postgres.pid}) that an earlier run left behind in ${directory}.`);
      await stopPostgres(held.postgres);
    }
    await discard(path);
  }
  return {
    /** Records the PostgreSQL process, so that the next start can stop it where this process is killed. */
    recordPostgres: (postgres: ProcessIdentity) => writePrivateFile(path, JSON.stringify({ service, postgres })),
    release: () => rm(path, { force: true }),
  };
}

/** Whether a service runs on the cluster's folder, and its PostgreSQL. */
export async function isInUse(directory: string): Promise<boolean> {
  const held = await readJson(`${directory}.lock`, Lock);
  return held?.postgres !== undefined && isAlive(held.service) && isAlive(held.postgres);
}

/** Removes a stale lock. Restores the lock of another start that has taken its place in between. */
async function discard(path: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch(unlessAbsent);
  const moved = await readJson(aside, Lock);
  if (moved && isAlive(moved.service)) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

/** Fast shutdown first, then stronger signals, as PostgreSQL defines them. Resolves once the process has ended. */
export async function stopPostgres(postgres: ProcessIdentity): Promise<void> {
  for (const [signal, seconds] of Object.entries({ SIGINT: 10, SIGQUIT: 5, SIGKILL: 5 })) {
    if (!isAlive(postgres)) return;
    try {
      process.kill(postgres.pid, signal);
    } catch {
      // It has ended in between.
    }
    for (let waited = 0; waited < seconds * 1000 && isAlive(postgres); waited += 10) await sleep(10);
  }
}

const isAlive = ({ pid, startedAt }: ProcessIdentity) => identify(pid)?.startedAt === startedAt;

/** The process that has this number now; undefined where there is none, or a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    const [state = '', startedAt] = process.platform === 'linux' ? lookInProc(pid) : askPs(pid);
    return startedAt && !/^[ZX]/.test(state) ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

// Instead of `ps`, which slim container images do not have.
function lookInProc(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in parentheses, may contain anything. After it the state is the first field, the start time the 20th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [fields[0] ?? '', `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`];
}

function askPs(pid: number): string[] {
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  const line = execFileSync('ps', ['-o', 'stat=', '-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8', env });
  const [state = '', ...start] = line.trim().split(/\s+/);
  return [state, start.join(' ')];
}
