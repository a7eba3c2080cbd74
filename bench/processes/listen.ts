import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port of this machine, and says so. */
export async function listen(server: Server): Promise<void> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  sayReady((server.address() as AddressInfo).port);
}

export function sayReady(port: number): void {
  process.stderr.write(`Ready: http://127.0.0.1:${port}\n`);
}

/** A variable that whoever starts the process must give. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not given`);
  return value;
}
