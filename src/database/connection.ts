import pg from 'pg';
import { readConnectionUrl } from './connection-url.ts';

/**
 * What every connection is set to, whatever the server, its database and role, or the URL says: Prisma takes all times for
 * UTC, and texts are UTF-8. It goes into the first message of a connection, which counts more than all those, and beside
 * which a pooler keeps it for each client of its own. The server reports each of these, and so it is seen where one is lost.
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

/** What `pg` has beyond its types. */
interface Internals {
  connection: NodeJS.EventEmitter;
  processID: number;
  getStartupConf: () => Record<string, string>;
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
    this.#internals.connection.on(
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

  /** As `pg` has it, with what is required. */
  getStartupConf(): Record<string, string> {
    const { getStartupConf } = pg.Client.prototype as unknown as Internals;
    const { client_encoding, ...settings } = required;
    // The encoding is always sent.
    return { ...Reflect.apply(getStartupConf, this, []), ...settings };
  }

  override connect(): Promise<this>;
  override connect(callback: (error: Error | null) => void): void;
  override connect(callback?: (error: Error | null) => void): Promise<this> | undefined {
    const connecting = super.connect().then(() => this.#setUp());
    if (!callback) return connecting;
    connecting.then(() => callback(null), callback);
    return undefined;
  }

  async #setUp(): Promise<this> {
    try {
      await this.#insist();
      const settings = Object.entries(this.#settings).map(([name, value]) => `('${name}', '${value}')`);
      const { rowCount } = await super.query(
        `SELECT set_config(s.name, s.value, false) FROM (VALUES ${settings}) s(name, value)
         WHERE pg_backend_pid() = ${this.#internals.processID}`,
      );
      this.#isShared = rowCount === 0;
      return this;
    } catch (error) {
      // It would stay open, and nobody else knows of it.
      this.end().catch(() => {});
      throw error;
    }
  }

  /** Some poolers hand on connections as others have left them. */
  async #insist(): Promise<void> {
    const lost = () => Object.entries(required).filter(([name, value]) => this.#reported.get(name) !== value);
    if (lost().length === 0) return;
    await super.query(
      lost()
        .map(([name, value]) => `SET ${name} TO '${value}'`)
        .join('; '),
    );
    // What nobody reports is taken to be as it was set.
    const still = lost().find(([name]) => this.#reported.has(name));
    if (!still) return;
    const error = new pg.DatabaseError(`${still[0]} cannot be set to ${still[1]}`, 0, 'error');
    throw Object.assign(error, { severity: 'FATAL', code: '08006' });
  }

  /** What is set on a connection that is nobody else's; behind a pooler it is as the role has it. */
  get #settings(): Record<string, string> {
    const ms = this.#statementMs;
    const isolation = { default_transaction_isolation: 'read committed' };
    // The server's own watch, for a process that is no longer there to cancel anything.
    return ms === undefined
      ? isolation
      : { ...isolation, statement_timeout: String(ms), idle_in_transaction_session_timeout: String(ms) };
  }

  get #internals(): Internals {
    return this as unknown as Internals;
  }
}
