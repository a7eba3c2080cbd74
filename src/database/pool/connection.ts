import pg from 'pg';
import { readConnectionUrl } from './connection-url.ts';

/**
 * What every connection is set to, whatever the server, its database and role, the URL or a pooler says: Prisma takes all times
 * for UTC, and texts are UTF-8. The server reports each of these, so that it is seen where one is another or is lost, and a
 * pooler keeps them for each of its clients.
 */
export const required = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
} as const;

export interface ConnectionConfig extends pg.ClientConfig {
  /** How long, in ms, a statement may take, and a transaction may wait for its next one; absent: as the role has it. */
  statementMs?: number | undefined;
}

/** How to connect to the database of a URL. The only place that makes this of one: all connections are alike. */
export function connectionConfig(
  url: string,
  options: Omit<ConnectionConfig, 'connectionString' | 'options'> = {},
): ConnectionConfig {
  return { ...options, ...readConnectionUrl(url).config };
}

/** A connection that is set up before it is used. One that is lost fails its statements, and does not end the process. */
export class DatabaseClient extends pg.Client {
  readonly #reported = new Map<string, string>();
  readonly #statementMs: number | undefined;
  #isShared = true;

  constructor(config: ConnectionConfig = {}) {
    super(config);
    this.#statementMs = config.statementMs;
    this.on('error', () => {});
    this.connection.on(
      'parameterStatus',
      ({ parameterName, parameterValue }: { parameterName: string; parameterValue: string }) =>
        void this.#reported.set(parameterName, parameterValue),
    );
  }

  /**
   * Whether there is a pooler between, which may have another connection to the server for each transaction: the process
   * that it names is not the server's. What is set or prepared on such a connection is another client's the next time.
   */
  get isShared(): boolean {
    return this.#isShared;
  }

  override connect(): Promise<this>;
  override connect(callback: (error: Error | null) => void): void;
  override connect(callback?: (error: Error | null) => void): Promise<this> | undefined {
    const connecting = super.connect().then(() => this.#setUp());
    if (!callback) return connecting;
    connecting.then(() => callback(null), callback);
    return undefined;
  }

  /** In one question. @throws where what is required is lost on the way */
  async #setUp(): Promise<this> {
    try {
      const { processID } = this as unknown as { processID: number };
      const own = Object.entries(this.#ownSettings).map(([name, value]) => `('${name}', '${value}')`);
      const results = await super.query(
        [
          ...this.#lost().map(([name, value]) => `SET ${name} TO '${value}'`),
          `SELECT set_config(s.name, s.value, false) FROM (VALUES ${own}) s(name, value) WHERE pg_backend_pid() = ${processID}`,
        ].join('; '),
      );
      // Of several statements `pg` answers a list, whatever its types say.
      this.#isShared = [results].flat().at(-1)?.rowCount === 0;
      // What nobody reports is taken to be as it was set.
      const still = this.#lost().find(([name]) => this.#reported.has(name));
      if (still) throw lossOf(still[0]);
      return this;
    } catch (error) {
      // It would stay open, and nobody else knows of it.
      this.end().catch(() => {});
      throw error;
    }
  }

  #lost(): [name: string, value: string][] {
    return Object.entries(required).filter(([name, value]) => this.#reported.get(name) !== value);
  }

  /** What is set on a connection that is nobody else's; behind a pooler it is as the role has it. */
  get #ownSettings(): Record<string, string> {
    const ms = this.#statementMs;
    const isolation = { default_transaction_isolation: 'read committed' };
    // The server's own watch, for a process that is no longer there to cancel anything.
    return ms === undefined
      ? isolation
      : { ...isolation, statement_timeout: String(ms), idle_in_transaction_session_timeout: String(ms) };
  }
}

function lossOf(name: string): pg.DatabaseError {
  const error = new pg.DatabaseError(`${name} cannot be set`, 0, 'error');
  return Object.assign(error, { severity: 'FATAL', code: '08006' });
}
