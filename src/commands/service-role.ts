import { connectionConfig, DatabaseClient } from '../database/pool/connection.ts';

/** The role that a URL connects as, which may come from PGUSER or from the system. */
export function roleOf(url: string): string | undefined {
  return new DatabaseClient(connectionConfig(url)).user;
}
