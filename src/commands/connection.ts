import pg from 'pg';
import { unmetRequirement } from '../database/migrate/requirements.ts';
import { connectionConfig, DatabaseClient } from '../database/pool/connection.ts';
import { readConnectionUrl } from '../database/pool/connection-url.ts';
import { isLostInTransit } from '../database/pool/faults.ts';
import { UsageError } from './command.ts';
import { say } from './say.ts';

/**
 * Runs work on the operator's database. Where it cannot be reached, or answers with an error, throws a UsageError without
 * passwords. `stop` ends the connection, with whatever runs on it.
 */
export async function withConnection<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
  { stop }: { stop?: AbortSignal } = {},
): Promise<Result> {
  const client = new DatabaseClient(connectionConfig(url, { connectionTimeoutMillis: 5_000 }));
  const place = placeOf(client);
  await client.connect().catch((error: unknown) => {
    throw explain(error, place) ?? new UsageError(`${place} cannot be reached: ${reasonOf(error)}.`);
  });
  const end = () => void client.end().catch(() => {});
  stop?.addEventListener('abort', end, { once: true });
  try {
    stop?.throwIfAborted();
    return await work(client);
  } catch (error) {
    throw explain(error, place) ?? error;
  } finally {
    stop?.removeEventListener('abort', end);
    await client.end();
  }
}

/** The variables that replace parameters of other drivers. */
const replacements: Record<string, string> = {
  connection_limit: 'DATABASE_POOL_SIZE',
  statement_timeout: 'EXECUTION_TIMEOUT_MS',
  statement_cache_size: 'DATABASE_PREPARED_STATEMENTS',
};

/** Prints the parameters of a URL that have no effect: the operator may rely on them. */
export function warnUnused(variable: string, url: string): void {
  for (const name of readConnectionUrl(url).unused) {
    say(`${variable}: "${name}" is not used.${replacements[name] ? ` ${replacements[name]} takes its place.` : ''}`);
  }
}

/** @throws UsageError where the service cannot use the database */
export async function requireUsable(url: string): Promise<void> {
  const fault = await withConnection(url, unmetRequirement);
  if (fault !== null) throw new UsageError(fault);
}

function placeOf({ host, port }: pg.Client): string {
  return `The database at ${host.startsWith('/') ? host : `${host}:${port}`}`;
}

function explain(error: unknown, place: string): UsageError | undefined {
  if (error instanceof pg.DatabaseError) return new UsageError(`${place} cannot be used: ${error.message}.`);
  return isLostInTransit(error) ? new UsageError(`${place} has closed the connection.`) : undefined;
}

/** Where a host has several addresses, the error of each is inside an AggregateError without a message. */
function reasonOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return (first instanceof Error && first.message) || 'it does not answer';
}
