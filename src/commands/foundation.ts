import { join } from 'node:path';
import { createRemoteJWKSet } from 'jose';
import pg from 'pg';
import { type LocalIssuer, openLocalIssuer } from '../auth/issuer.ts';
import type { TrustedIssuer } from '../auth/token.ts';
import { createDatabase } from '../database/client.ts';
import { fillDemoWorld } from '../database/demo-world.ts';
import { resolveDataDirectory } from '../database/embedded/data-directory.ts';
import { startEmbeddedPostgres } from '../database/embedded/start.ts';
import { applyMigrations, pendingMigrations } from '../database/migrations.ts';
import type { Environment } from '../env.ts';
import { UsageError } from './usage.ts';

/** What the service stands on: a migrated database, and those whose tokens it trusts. */
export interface Foundation {
  databaseUrl: string;
  issuer: TrustedIssuer;
  /** The issuer again where it is the service's own, of the embedded mode. */
  local?: LocalIssuer;
  close: () => Promise<void>;
}

/** Says one sentence to the operator. */
export type Say = (line: string) => void;

/** The operator's own database and issuer, where the environment names them; else embedded ones, with the demo world. */
export function layFoundation(environment: Environment, say: Say): Promise<Foundation> {
  const { databaseUrl, auth } = environment;
  return databaseUrl !== undefined && auth !== undefined
    ? useExternal(databaseUrl, auth)
    : startEmbedded(environment, say);
}

async function useExternal(databaseUrl: string, auth: NonNullable<Environment['auth']>): Promise<Foundation> {
  const pending = await withClient(databaseUrl, (client) => pendingMigrations(client));
  if (pending.length > 0) {
    throw new UsageError(
      `The database lacks ${pending.length} migration(s), from ${pending[0]} on. Run: npm run migrate`,
    );
  }
  const { jwksUrl, issuer, audience } = auth;
  return {
    databaseUrl,
    issuer: { issuer, audience, keys: createRemoteJWKSet(new URL(jwksUrl)) },
    close: async () => {},
  };
}

async function startEmbedded({ dataDirectory }: Environment, say: Say): Promise<Foundation> {
  const { path, note } = resolveDataDirectory({ DATA_DIR: dataDirectory, cwd: process.cwd() });
  if (note) say(note);

  const postgres = await startEmbeddedPostgres({ directory: join(path, 'postgres'), log: say });
  try {
    await applyMigrations(postgres.ownerUrl, { serviceRole: new URL(postgres.url).username, log: say });
    const db = createDatabase(postgres.url, { poolSize: 1 });
    await fillDemoWorld(db).finally(() => db.$disconnect());
    const local = await openLocalIssuer(path);
    return { databaseUrl: postgres.url, issuer: local, local, close: postgres.stop };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // Without a listener a lost connection would end the process; the statement under way fails all the same.
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    const { hostname, port } = new URL(url);
    const reason = error instanceof Error && error.message ? error.message : 'it does not answer';
    throw new UsageError(`The database at ${hostname}:${port || 5432} cannot be reached: ${reason}.`);
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
