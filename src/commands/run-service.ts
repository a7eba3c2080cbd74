import type { Logger } from 'pino';
import type { Environment } from '../env.ts';
import { useExternal } from './external.ts';
import type { Endpoint } from './listen.ts';
import { openLog } from './log.ts';
import { say } from './say.ts';
import type { ServiceDependencies } from './service-dependencies.ts';

/** Answers at the endpoint until `stop` is aborted, with dependencies that it opens before and closes after. */
export async function runService(environment: Environment, endpoint: Endpoint, stop: AbortSignal): Promise<void> {
  const { persistedDocuments: files } = environment;
  // What takes longest; the database is asked meanwhile.
  const loading = import('./service.ts');
  const persistedDocuments = files && (await import('../server.ts')).openPersistedDocuments(files);
  const log = openLog(environment.logLevel);
  const dependencies = await openDependencies(environment, stop, log).catch((error: unknown) => {
    // Ctrl-C also reaches what is being started, which then fails; that was asked for.
    if (!stop.aborted) throw error;
  });
  if (!dependencies) return;
  try {
    const { answerUntil } = await loading;
    await answerUntil(stop, { environment, persistedDocuments, log }, dependencies, endpoint);
  } finally {
    await dependencies.close();
  }
}

/**
 * The operator's own database and issuer, where the environment names them; else embedded ones, with the demo world.
 * Once `stop` is aborted it gives up, and throws; nothing that it started is left.
 */
async function openDependencies(
  environment: Environment,
  stop: AbortSignal,
  log: Logger,
): Promise<ServiceDependencies> {
  const { databaseUrl, auth, masterKeys } = environment;
  if (databaseUrl !== undefined && auth !== undefined && masterKeys !== undefined) {
    return useExternal(databaseUrl, auth, masterKeys, log);
  }
  const { startEmbedded } = await import('./embedded.ts');
  return startEmbedded(environment, say, stop);
}
