import { once } from 'node:events';
import { openSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { variableNames } from '../../src/environment/environment.ts';
import { startNode, stop } from '../child.ts';
import type { World } from '../world.ts';

/** The service as a process of its own, seen from outside. */
export interface Subject {
  port: number;
  isRunning: () => boolean;
  /** Cleans its heap, so that it is as small as it can be. */
  cleanUp: () => Promise<void>;
  /** What it has used so far, in ms, of all its threads. */
  cpu: () => Promise<number>;
  /** From now on the peak is the present. */
  resetPeak: () => Promise<void>;
  /** In MB. */
  memory: () => Promise<{ now: number; peak: number }>;
  stop: () => Promise<void>;
}

const script = join(import.meta.dirname, '../../bin/modelgate.cjs');

// Loaded before the service: it does nothing until it is told to.
const cleaner = `data:text/javascript,${encodeURIComponent(
  'process.on("message", () => { gc(); process.send("clean"); }).once("disconnect", () => process.exit()); process.channel.unref();',
)}`;

// Whoever attacks has points, or comes from many addresses.
const limits = { RATE_LIMIT_POINTS: '999999999', RATE_LIMIT_ADDRESS_POINTS: '999999999' };

/** Starts the service as it runs in production, on the world's database. */
export async function startSubject({ databaseUrl, folder, auth }: World): Promise<Subject> {
  const log = openSync(join(folder, 'subject.log'), 'a');
  const child = startNode(['--expose-gc', '--import', cleaner, script, 'serve'], {
    cwd: folder,
    stdio: ['ignore', log, 'pipe', 'ipc'],
    env: {
      ...process.env,
      ...Object.fromEntries(variableNames.map((name) => [name, ''])),
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      HOST: '127.0.0.1',
      PORT: '0',
      ...auth,
      ...limits,
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = `${said}${text}`.slice(-10_000);
      const found = /ready: http:\/\/[^:\s]+:(\d+)/i.exec(said)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.once('exit', () => reject(new Error(`The service has ended, saying: ${said}`)));
  });
  const files = `/proc/${child.pid}`;

  return {
    port,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    cleanUp: async () => {
      const cleaned = once(child, 'message');
      child.send('clean');
      await cleaned;
    },
    cpu: () => cpuOf(files),
    resetPeak: () => writeFile(`${files}/clear_refs`, '5'),
    memory: () => memoryOf(files),
    stop: () => stop(child),
  };
}

async function cpuOf(files: string): Promise<number> {
  const threads = await readdir(`${files}/task`);
  // A thread may have ended since.
  const used = threads.map((id) => readFile(`${files}/task/${id}/schedstat`, 'utf8').catch(() => '0'));
  const nanoseconds = (await Promise.all(used)).map((text) => Number(text.split(' ')[0]));
  return nanoseconds.reduce((sum, own) => sum + own, 0) / 1e6;
}

async function memoryOf(files: string): Promise<{ now: number; peak: number }> {
  const status = await readFile(`${files}/status`, 'utf8');
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1_000;
  return { now: of('VmRSS'), peak: of('VmHWM') };
}
