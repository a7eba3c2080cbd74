import pg from 'pg';
import { readConnectionUrl } from './connection-url.ts';

/**
 * Settings of every connection, whatever the server, the database, the role, the URL or a pooler has set: Prisma reads all
 * times as UTC, and text is UTF-8. The server reports each of these settings, so that a lost one is detected, and poolers keep
 * reported settings for each of their clients.
 */
export const required = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, MDY',
  client_encoding: 'UTF8',
  standard_conforming_strings: 'on',
} as const;

export interface ConnectionConfig extends pg.ClientConfig {
  /** The timeout, in ms, of a statement, and of an idle transaction; absent: as the role has it. */
  statementMs?: number | undefined;
}

/** The only function that turns the URL of a database into a connection's configuration, so that all connections are alike. */
export function connectionConfig(
  url: string,
  options: Omit<ConnectionConfig, 'connectionString' | 'options'> = {},
): ConnectionConfig {
  return { ...options, ...readConnectionUrl(url).config };
}

/** A connection that is set up before it is used. A lost connection fails its statements, and does not end the process. */
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
   * Whether a pooler is between client and server, and may use another server connection for each transaction: then the process
   * id that it reports is not the server's. Settings and prepared statements on such a connection may be another client's the
   * next time.
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

  /** Sends all settings in one round trip. @throws where a required setting is lost */
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
      // For several statements `pg` answers a list, contrary to its types.
      this.#isShared = [results].flat().at(-1)?.rowCount === 0;
      // A setting that is not reported is taken as set.
      const still = this.#lost().find(([name]) => this.#reported.has(name));
      if (still) throw lossOf(still[0]);
      return this;
    } catch (error) {
      // Otherwise the connection would stay open, without an owner.
      this.end().catch(() => {});
      throw error;
    }
  }

  #lost(): [name: string, value: string][] {
    return Object.entries(required).filter(([name, value]) => this.#reported.get(name) !== value);
  }

  /** Settings of a connection that is not shared; behind a pooler the role's settings apply. */
  get #ownSettings(): Record<string, string> {
    const ms = this.#statementMs;
    const isolation = { default_transaction_isolation: 'read committed' };
    // Timeouts of the server itself: they also apply where this process has ended and cannot cancel anything.
    return ms === undefined
      ? isolation
      : { ...isolation, statement_timeout: String(ms), idle_in_transaction_session_timeout: String(ms) };
  }
}

function lossOf(name: string): pg.DatabaseError {
  const error = new pg.DatabaseError(`${name} cannot be set`, 0, 'error');
  return Object.assign(error, { severity: 'FATAL', code: '08006' });
}
