import pg from 'pg';
import { UsageError } from './command.ts';

/**
 * Does work on an operator's database. That it cannot be reached, or refuses what it is asked, is told in a sentence, in
 * which there is no password.
 */
export async function withConnection<Result>(
  url: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const { hostname, port } = new URL(url);
  const place = hostname === '' ? 'The database' : `The database at ${hostname}:${port || 5432}`;
  const client = await connect(url).catch((error: unknown) => {
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

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  // Without a listener a lost connection would end the process; the statement under way fails all the same.
  client.on('error', () => {});
  await client.connect();
  return client;
}

function explain(error: unknown, place: string): UsageError | undefined {
  return error instanceof pg.DatabaseError ? new UsageError(`${place} cannot be used: ${error.message}.`) : undefined;
}

/** Where a host has several addresses, the error of each is inside one without a message. */
function reasonOf(error: unknown): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return (first instanceof Error && first.message) || 'it does not answer';
}
