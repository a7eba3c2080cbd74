import { join } from 'node:path';
import { createRemoteJWKSet } from 'jose';
import { type LocalIssuer, openLocalIssuer } from '../auth/issuer.ts';
import type { TrustedIssuer } from '../auth/token.ts';
import { createDatabase } from '../database/client.ts';
import { fillDemoWorld } from '../database/demo-world.ts';
import { resolveDataDirectory } from '../database/embedded/data-directory.ts';
import { keepEmbeddedPostgres } from '../database/embedded/keep.ts';
import { applyMigrations, pendingMigrations } from '../database/migrations.ts';
import { type MasterKeys, openLocalMasterKeys } from '../domain/master-keys.ts';
import type { Environment } from '../env.ts';
import { UsageError } from './command.ts';
import { withConnection } from './connection.ts';

/** What the service stands on: a migrated database, and those whose tokens it trusts. */
export interface Foundation {
  databaseUrl: string;
  issuer: TrustedIssuer;
  masterKeys: MasterKeys;
  /** The issuer again where it is the service's own, of the embedded mode. */
  local?: LocalIssuer;
  /** Resolves when the database is gone for good; absent where it may come back. */
  lost?: Promise<void>;
  close: () => Promise<void>;
}

/** Says one sentence to the operator. */
export type Say = (line: string) => void;

/**
 * The operator's own database and issuer, where the environment names them; else embedded ones, with the demo world.
 * Once `stop` is aborted it gives up, and throws; nothing that it started is left.
 */
export function layFoundation(environment: Environment, say: Say, stop: AbortSignal): Promise<Foundation> {
  const { databaseUrl, auth, masterKeys } = environment;
  return databaseUrl !== undefined && auth !== undefined && masterKeys !== undefined
    ? useExternal(databaseUrl, auth, masterKeys)
    : startEmbedded(environment, say, stop);
}

async function useExternal(
  databaseUrl: string,
  auth: NonNullable<Environment['auth']>,
  masterKeys: MasterKeys,
): Promise<Foundation> {
  const pending = await withConnection(databaseUrl, (client) => pendingMigrations(client));
  if (pending.length > 0) {
    throw new UsageError(`The database lacks migrations, from ${pending[0]} on. Run: npm run migrate`);
  }
  const { jwksUrl, issuer, audience } = auth;
  return {
    databaseUrl,
    issuer: { issuer, audience, keys: createRemoteJWKSet(new URL(jwksUrl)) },
    masterKeys,
    close: async () => {},
  };
}

async function startEmbedded({ dataDirectory }: Environment, say: Say, stop: AbortSignal): Promise<Foundation> {
  const { path, note } = resolveDataDirectory({ DATA_DIR: dataDirectory, cwd: process.cwd() });
  if (note) say(note);

  stop.throwIfAborted();
  const postgres = await keepEmbeddedPostgres({ directory: join(path, 'postgres'), log: say });
  try {
    stop.throwIfAborted();
    await applyMigrations(postgres.ownerUrl, { serviceRole: new URL(postgres.url).username, log: say });
    const db = createDatabase(postgres.url, { poolSize: 1 });
    await fillDemoWorld(db).finally(() => db.$disconnect());
    const local = await openLocalIssuer(path);
    const masterKeys = await openLocalMasterKeys(path);
    stop.throwIfAborted();
    return { databaseUrl: postgres.url, issuer: local, local, masterKeys, lost: postgres.exited, close: postgres.stop };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
