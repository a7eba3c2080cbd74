import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Prisma } from '../generated/prisma/client.ts';
import { sendCancelRequest } from './cancel-request.ts';
import { type ConnectionConfig, DatabaseClient } from './connection.ts';
import { isConnectionLost, isLostInTransit } from './faults.ts';
import type { PreparedStatements } from './prepared-statements.ts';
import { cancelled, type Signal, throwIfCancelled } from './signal.ts';
import { parseTimestamp } from './timestamp.ts';
import { SqlTransaction } from './transaction.ts';

type PooledClient = DatabaseClient & pg.PoolClient;

const parsers = new Map<number, (text: string) => unknown>([
  [pg.types.builtins.TIMESTAMPTZ, parseTimestamp],
  [pg.types.builtins.INT8, BigInt],
]);

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => (format !== 'binary' && parsers.get(oid)) || pg.types.getTypeParser(oid, format),
};

/** Texts that are named at most: the server keeps a plan for each one, on every connection. */
const maxNames = 200;

interface PoolOptions {
  preparedStatements: PreparedStatements;
  /** Is told every statement that is sent. */
  onQuery: ((sql: string) => void) | undefined;
}

/** The connections of a process. What is sent under a signal is cancelled when that is aborted. */
export class SqlPool {
  /** Prisma's way to the same connections. */
  readonly connections: pg.Pool;
  readonly #names = new Map<string, { name: string }>();
  readonly #onQuery: PoolOptions['onQuery'];
  #naming: PreparedStatements;

  constructor(config: ConnectionConfig & pg.PoolConfig, { preparedStatements, onQuery }: PoolOptions) {
    this.connections = new pg.Pool({ ...config, Client: DatabaseClient });
    this.#naming = preparedStatements;
    this.#onQuery = onQuery;
    // A connection that is lost fails its statement; without a listener it would end the process as well.
    this.connections.on('error', () => {});
  }

  async query<Row>(sql: Prisma.Sql, signal: Signal | undefined, isRepeatable = true): Promise<Row[]> {
    const client = await this.#connect(signal);
    try {
      const found = await this.#send<Row>(client, sql, signal);
      client.release();
      return found;
    } catch (error) {
      client.release(isRefusal(error) ? undefined : true);
      // Without its name it did not run. And a connection may have been dead before, without a word: what only reads can be
      // sent by another one.
      const hasNotRun = this.#forgets(error) || (isLostInTransit(error) && /^\s*SELECT\b/.test(sql.text));
      if (isRepeatable && hasNotRun) return this.query(sql, signal, false);
      throw error;
    }
  }

  /**
   * Does the work in one transaction; what fails, or is given up before it is committed, is rolled back. Where a named statement
   * was lost the work is retried, so it must not change anything but the database.
   */
  async transaction<Result>(
    work: (tx: SqlTransaction) => Promise<Result>,
    signal: Signal | undefined,
    isRepeatable = true,
  ): Promise<Result> {
    const client = await this.#begin(signal).catch((error: unknown) => {
      // Nothing was done yet: another connection will do.
      if (isConnectionLost(error)) return this.#begin(signal);
      throw error;
    });
    let hasLostName = false;
    const send = <Row>(sql: Prisma.Sql) =>
      this.#send<Row>(client, sql, signal).catch((error: unknown) => {
        // The work may answer an error of its own for it.
        if (this.#forgets(error)) hasLostName = true;
        throw error;
      });
    const tx = new SqlTransaction(send, (text) => this.#command(client, text), signal);
    try {
      const result = await work(tx);
      throwIfCancelled(signal);
      await tx.end('COMMIT');
      client.release();
      return result;
    } catch (error) {
      await tx.end('ROLLBACK').then(() => client.release(), client.release);
      if (hasLostName && isRepeatable) return this.transaction(work, signal, false);
      throw error;
    }
  }

  async #connect(signal: Signal | undefined): Promise<PooledClient> {
    const client = (await this.connections.connect()) as PooledClient;
    if (!signal?.aborted) return client;
    // Given back unused: a statement that fails would cost the pool its connection.
    client.release();
    throw cancelled;
  }

  async #begin(signal: Signal | undefined): Promise<PooledClient> {
    const client = await this.#connect(signal);
    try {
      await this.#command(client, 'BEGIN');
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async #send<Row>(client: PooledClient, { text, values }: Prisma.Sql, signal: Signal | undefined): Promise<Row[]> {
    throwIfCancelled(signal);
    this.#onQuery?.(text);
    const hasName = this.#naming === 'on' || (this.#naming === 'auto' && !client.isShared);
    let cancelling: Promise<void> | undefined;
    const cancel = () => {
      cancelling = sendCancelRequest(client);
    };
    signal?.addEventListener('abort', cancel);
    try {
      const { rows }: pg.QueryResult = await client.query({ ...(hasName && this.#nameOf(text)), text, values, types });
      return rows;
    } finally {
      signal?.removeEventListener('abort', cancel);
      // A request to cancel that is still under way would hit the next statement of the connection.
      if (cancelling) await cancelling;
    }
  }

  /** Whether a name was lost, or met another one, by a pooler that did not show: there will be none from now on. */
  #forgets(error: unknown): boolean {
    const isLost = error instanceof pg.DatabaseError && (error.code === '26000' || error.code === '42P05');
    if (isLost) this.#naming = 'off';
    return isLost;
  }

  /**
   * A statement with a name is parsed and planned once for each connection. It is derived from the text, so that behind a
   * pooler the name of another process never means another statement. A list that is filtered in many ways has many
   * texts: those that come late have no name.
   */
  #nameOf(text: string): { name: string } | undefined {
    const known = this.#names.get(text);
    if (known || this.#names.size >= maxNames) return known;
    const named = { name: createHash('sha256').update(text).digest('base64url') };
    this.#names.set(text, named);
    return named;
  }

  /** Begins or ends something, which is never cancelled: half a transaction must not stay open. */
  #command(client: pg.PoolClient, text: string): Promise<unknown> {
    this.#onQuery?.(text);
    return client.query(text);
  }
}

/** Whether the server refused a statement and stays ready for the next one. */
function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}
