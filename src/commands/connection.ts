import pg from 'pg';
import { unmetRequirement } from '../database/migrate/requirements.ts';
import { connectionConfig, DatabaseClient } from '../database/pool/connection.ts';
import { readConnectionUrl } from '../database/pool/connection-url.ts';
import { UsageError } from './command.ts';
import { say } from './say.ts';

/**
 * Does work on an operator's database. That it cannot be reached, or refuses what it is asked, is told in a sentence, in
 * which there is no password.
 */
export async function withConnection<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new DatabaseClient(connectionConfig(url, { connectionTimeoutMillis: 5_000 }));
  const place = placeOf(client);
  await client.connect().catch((error: unknown) => {
    throw explain(error, place) ?? new UsageError(`${place} cannot be reached: ${reasonOf(error)}.`);
  });
  try {
    return await work(client);
  } catch (error) {
    throw explain(error, place) ?? error;
  } finally {
    await client.end();
  }
}

/** What takes the place of a parameter that other drivers know. */
const instead: Record<string, string> = {
  connection_limit: 'DATABASE_POOL_SIZE',
  statement_timeout: 'EXECUTION_TIMEOUT_MS',
  statement_cache_size: 'DATABASE_PREPARED_STATEMENTS',
};

/** Says which parameters of a URL nothing comes of: whoever wrote them may rely on them. */
export function tellUnused(variable: string, url: string): void {
  for (const name of readConnectionUrl(url).unused) {
    say(`${variable}: "${name}" is not used.${instead[name] ? ` ${instead[name]} takes its place.` : ''}`);
  }
}

/** @throws UsageError where the service could not work on the database */
export async function requireUsable(url: string): Promise<void> {
  const fault = await withConnection(url, unmetRequirement);
  if (fault !== null) throw new UsageError(fault);
}

function placeOf({ host, port }: pg.Client): string {
  return `The database at ${host.startsWith('/') ? host : `${host}:${port}`}`;
}

function explain(error: unknown, place: string): UsageError | undefined {
  return error instanceof pg.DatabaseError ? new UsageError(`${place} cannot be used: ${error.message}.`) : undefined;
}

/** Where a host has several addresses, the error of each is inside one without a message. */
function reasonOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return (first instanceof Error && first.message) || 'it does not answer';
}
