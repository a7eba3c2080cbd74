import type { Logger } from 'pino';
import type { Environment } from '../env.ts';
import { useExternal } from './external.ts';
import type { Foundation } from './foundation.ts';
import type { Endpoint } from './listen.ts';
import { openLog } from './log.ts';
import { say } from './say.ts';

/** Answers at the endpoint until `stop` is aborted, on a foundation that it lays before and takes away after. */
export async function runService(environment: Environment, endpoint: Endpoint, stop: AbortSignal): Promise<void> {
  const { persistedDocuments: files } = environment;
  // What takes longest; the database is asked meanwhile.
  const loading = import('./service.ts');
  const persistedDocuments = files && (await import('../server.ts')).openPersistedDocuments(files);
  const log = openLog(environment.logLevel);
  const foundation = await layFoundation(environment, stop, log).catch((error: unknown) => {
    // Ctrl-C also reaches what is being started, which then fails; that was asked for.
    if (!stop.aborted) throw error;
  });
  if (!foundation) return;
  try {
    const { answerUntil } = await loading;
    await answerUntil(stop, { environment, persistedDocuments, log }, foundation, endpoint);
  } finally {
    await foundation.close();
  }
}

/**
 * The operator's own database and issuer, where the environment names them; else embedded ones, with the demo world.
 * Once `stop` is aborted it gives up, and throws; nothing that it started is left.
 */
async function layFoundation(environment: Environment, stop: AbortSignal, log: Logger): Promise<Foundation> {
  const { databaseUrl, auth, masterKeys } = environment;
  if (databaseUrl !== undefined && auth !== undefined && masterKeys !== undefined) {
    return useExternal(databaseUrl, auth, masterKeys, log);
  }
  const { startEmbedded } = await import('./embedded.ts');
  return startEmbedded(environment, say, stop);
}
