import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { temporaryFolder } from '../kit/temporary-postgres.ts';

const program = join(import.meta.dirname, 'node_modules/@graphql-hive/gateway/dist/bin.js');

interface HiveGatewayOptions {
  secret?: string;
  /** Absent: `Authorization` is passed on. Else the gateway verifies tokens by these keys, and forwards their payload. */
  verifies?: { jwksUrl: string; issuer: string };
}

/** The process of Hive Gateway, before the subgraphs of this supergraph. */
export async function startHiveGateway(supergraphSdl: string, { secret = '', verifies }: HiveGatewayOptions = {}) {
  const config = join(import.meta.dirname, verifies ? 'hive-gateway-jwt.config.ts' : 'hive-gateway.config.ts');
  const { folder, remove } = await temporaryFolder();
  const supergraph = join(folder, 'supergraph.graphql');
  await writeFile(supergraph, supergraphSdl);
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [program, 'supergraph', supergraph, '--config-path', config, '--host', '127.0.0.1', '--port', String(port)],
    {
      env: {
        ...process.env,
        SUBGRAPH_HMAC_SECRET: secret,
        AUTH_JWKS_URL: verifies?.jwksUrl,
        AUTH_ISSUER: verifies?.issuer,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const closed = once(child, 'close').then(remove);
  let output = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('Listening on')) resolve();
      });
    }
    void closed.then(() => reject(new Error(`Hive Gateway ended, saying: ${output}`)));
  });
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    stop: async () => {
      child.kill('SIGTERM');
      await closed;
    },
  };
}

/** One that nobody listens at now: the gateway does not say which one it chose, if it is left to it. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
