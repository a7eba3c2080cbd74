import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { stop } from '../child.ts';
import { atEnd } from '../ending.ts';

/** What it refuses: the same as the policy of an organization does. */
export interface CerbosPolicy {
  disabledProviders: readonly string[];
  /** `provider/modelId` */
  disabledModels: readonly string[];
}

export interface Cerbos {
  url: string;
  /** CPU of all its threads so far, in µs. */
  cpu: () => number;
  stop: () => Promise<void>;
}

/** Starts Cerbos, which answers AuthZEN's evaluations, with one policy. It asks nobody who is there, and logs errors alone. */
export async function startCerbos(folder: string, policy: CerbosPolicy): Promise<Cerbos> {
  const policies = join(folder, 'cerbos');
  mkdirSync(policies, { recursive: true });
  writeFileSync(join(policies, 'model.json'), JSON.stringify(documentOf(policy)));
  const [port, grpcPort] = [await freePort(), await freePort()];
  const settings = [
    `server.httpListenAddr=127.0.0.1:${port}`,
    `server.grpcListenAddr=127.0.0.1:${grpcPort}`,
    'telemetry.disabled=true',
    'storage.driver=disk',
    `storage.disk.directory=${policies}`,
  ];
  const log = openSync(join(folder, 'cerbos.log'), 'w');
  const child = spawn(binary(), ['server', '--log-level=error', ...settings.map((one) => `--set=${one}`)], {
    stdio: ['ignore', log, log],
  });
  atEnd(() => stop(child));
  const url = `http://127.0.0.1:${port}`;
  await untilItAnswers(url, child);
  return { url, cpu: () => cpuOf(child.pid as number), stop: () => stop(child) };
}

function documentOf({ disabledProviders, disabledModels }: CerbosPolicy): object {
  const expressions = [
    `R.id in ${JSON.stringify(disabledModels)}`,
    ...disabledProviders.map((provider) => `R.id.startsWith(${JSON.stringify(`${provider}/`)})`),
  ];
  const rule = { actions: ['use'], roles: ['*'] };
  const condition = { match: { any: { of: expressions.map((expr) => ({ expr })) } } };
  const rules = [
    { ...rule, effect: 'EFFECT_ALLOW' },
    { ...rule, effect: 'EFFECT_DENY', condition },
  ];
  return { apiVersion: 'api.cerbos.dev/v1', resourcePolicy: { resource: 'model', version: 'default', rules } };
}

/** The program itself: the script of the package would be another process. */
function binary(): string {
  const { resolve } = createRequire(join(import.meta.dirname, '../package.json'));
  const name = `cerbos-${process.platform}-${process.arch}`;
  return resolve(`@cerbos/${name}`);
}

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answer = await fetch(`${url}/_cerbos/health`).catch(() => undefined);
    if (answer?.ok) return;
    if (child.exitCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('Cerbos has not started');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** By the scheduler of Linux, in nanoseconds: what a process is told of itself has steps of 10 ms. */
function cpuOf(pid: number): number {
  const tasks = readdirSync(`/proc/${pid}/task`);
  const spent = tasks.map((task) => Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]));
  return spent.reduce((sum, one) => sum + one, 0) / 1_000;
}
