import type { Logger } from 'pino';
import type { Environment } from '../environment/environment.ts';
import { useExternal } from './external.ts';
import type { Endpoints } from './listen.ts';
import { openLog } from './log.ts';
import { say } from './say.ts';
import type { ServiceDependencies } from './service-dependencies.ts';

/** Serves at the endpoint until `stop` is aborted. Opens the dependencies before, and closes them after. */
export async function runService(environment: Environment, endpoints: Endpoints, stop: AbortSignal): Promise<void> {
  const { persistedDocuments: files } = environment;
  // This import takes longest: the database is opened in the meantime.
  const loading = import('./service.ts');
  const persistedDocuments = files && (await import('../server.ts')).openPersistedDocuments(files);
  const log = openLog(environment.logLevel);
  const dependencies = await openDependencies(environment, stop, log).catch((error: unknown) => {
    // Ctrl-C also reaches child processes that are being started, which then fail: that is no error.
    if (!stop.aborted) throw error;
  });
  if (!dependencies) return;
  try {
    const { serveUntil } = await loading;
    await serveUntil(stop, { environment, persistedDocuments, log }, dependencies, endpoints);
  } finally {
    await dependencies.close();
  }
}

/**
 * The operator's own database and issuer, where the environment names them; else embedded ones, with the demo data. Once `stop`
 * is aborted it throws, and closes whatever it has opened.
 */
async function openDependencies(
  environment: Environment,
  stop: AbortSignal,
  log: Logger,
): Promise<ServiceDependencies> {
  const { databaseUrl, auth, masterKeys, ledgerSigningKey } = environment;
  if (databaseUrl !== undefined && auth !== undefined && masterKeys !== undefined) {
    return useExternal(databaseUrl, auth, { masterKeys, ledgerSigningKey }, log);
  }
  const { startEmbedded } = await import('./embedded.ts');
  return startEmbedded(environment, say, stop);
}
