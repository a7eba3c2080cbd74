import { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './start.ts';

/** How often PostgreSQL is started again at most, within so many ms: what dies more often would not stay. */
const patience = { times: 3, withinMs: 60_000 };

/**
 * As `startEmbeddedPostgres`; a PostgreSQL that ends unexpectedly is started again, on the same port, where it recovers
 * what was committed. `exited` resolves when it was stopped, or is not started any more: why is logged by then.
 */
export async function keepEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { directory, log } = options;
  let current = await startEmbeddedPostgres(options);
  const { ownerUrl, url } = current;
  const port = Number(new URL(url).port);
  let isStopping = false;
  let endings: number[] = [];

  const restart = async () => {
    const now = performance.now();
    endings = [...endings.filter((at) => now - at < patience.withinMs), now];
    // Gives the folder free.
    await current.stop();
    if (endings.length > patience.times) {
      log(`PostgreSQL is not started again, since it ended ${endings.length} times within a minute.`);
      return false;
    }
    log(`Starting PostgreSQL again; its log up to now is ${directory}.log.1.`);
    current = await startEmbeddedPostgres({ ...options, port });
    if (isStopping) await current.stop();
    return true;
  };
  const keep = async () => {
    do await current.exited;
    while (!isStopping && (await restart()));
  };
  const exited = keep().catch((error: unknown) => log(error instanceof Error ? error.message : String(error)));

  return {
    ownerUrl,
    url,
    exited,
    stop: async () => {
      isStopping = true;
      await current.stop();
      await exited;
    },
  };
}
