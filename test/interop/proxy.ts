import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, onTestFinished } from 'vitest';
import { projectFolder } from '../commands/process.ts';
import { listenOnLoopback } from '../kit/loopback.ts';

/** Blocks of a language in docs/gateways.md, in their order. */
export function recipes(language: string): string[] {
  const page = readFileSync(join(projectFolder, 'docs/gateways.md'), 'utf8');
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms'))].map(([, block = '']) => block);
}

/** Whether a program is installed. */
export function isInstalled(program: string, ...parameters: string[]): boolean {
  return spawnSync(program, parameters).error === undefined;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** A call that has got to the provider. */
interface Forwarded {
  method: string | undefined;
  url: string | undefined;
  headers: NodeJS.Dict<string | string[]>;
  body: string;
}

/** A provider that answers all calls, and remembers the last one. */
export async function aProvider() {
  const forwarded: Forwarded[] = [];
  const { url, close } = await listenOnLoopback(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const { method, headers } = request;
    forwarded.push({ method, url: request.url, headers, body: Buffer.concat(pieces).toString() });
    response.end('provided');
  });
  afterAll(close);
  return { host: new URL(url).host, take: () => forwarded.splice(0) };
}

/** Starts a proxy for one test, after which it is ended; resolves once it listens. */
export async function startProxy(program: string, parameters: string[], port: number): Promise<void> {
  const child = spawn(program, parameters, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await closed;
  });
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${program} has ended: ${said}`);
    if (await isOpen(port)) return;
    await sleep(25);
  }
  throw new Error(`${program} does not listen: ${said}`);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Writes a file of a recipe, with the names of the page replaced by those of the test. */
export function writeRecipe(path: string, text: string, names: Record<string, string>): string {
  let written = text;
  for (const [name, value] of Object.entries(names)) {
    if (!text.includes(name)) throw new Error(`The recipe has no ${name}`);
    written = written.replaceAll(name, value);
  }
  writeFileSync(path, written);
  return path;
}
