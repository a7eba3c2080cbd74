import { join } from 'node:path';
import { openLocalIssuer } from '../auth/issuer.ts';
import { resolveDataDirectory } from '../database/embedded/data-directory.ts';
import { startEmbeddedPostgres } from '../database/embedded/start.ts';
import { fillDemoWorld } from '../database/migrate/demo-world.ts';
import { applyMigrations } from '../database/migrate/migrations.ts';
import { createDatabase } from '../database/pool/client.ts';
import { openLocalMasterKeys } from '../domain/vault/master-keys.ts';
import type { Environment } from '../environment/environment.ts';
import { localSigningKey } from './local-signing-key.ts';
import type { Say } from './say.ts';
import type { ServiceDependencies } from './service-dependencies.ts';

/** Opens the service's own database, issuer and master keys in its data folder, and inserts the demo data. */
export async function startEmbedded(
  { dataDirectory, ledgerSigningKey }: Environment,
  say: Say,
  stop: AbortSignal,
): Promise<ServiceDependencies> {
  const { path, note } = resolveDataDirectory({ DATA_DIR: dataDirectory, cwd: process.cwd() });
  if (note) say(note);

  stop.throwIfAborted();
  const postgres = await startEmbeddedPostgres({ directory: join(path, 'postgres'), log: say, restarts: 3 });
  try {
    stop.throwIfAborted();
    await applyMigrations(postgres.ownerUrl, { serviceRole: new URL(postgres.url).username, log: say });
    const db = createDatabase(postgres.url, { poolSize: 1 });
    await fillDemoWorld(db).finally(() => db.$disconnect());
    const local = await openLocalIssuer(path);
    const masterKeys = await openLocalMasterKeys(path);
    stop.throwIfAborted();
    return {
      databaseUrl: postgres.url,
      issuers: [local],
      local,
      masterKeys,
      ledgerSigningKey: ledgerSigningKey ?? (await localSigningKey(path)),
      lost: postgres.exited,
      close: postgres.stop,
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}
