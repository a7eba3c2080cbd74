import { createHash } from 'node:crypto';
import pg from 'pg';
import type { Prisma } from '../generated/prisma/client.ts';
import { sendCancelRequest } from './cancel-request.ts';
import { type ConnectionConfig, DatabaseClient } from './connection.ts';
import { isConnectionLost, isDeadlock, isLostInTransit } from './faults.ts';
import type { PreparedStatements } from './prepared-statements.ts';
import { maxRetries, pauseAfter } from './retry.ts';
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

/** The maximum number of named statements: the server keeps a plan for each one, on every connection. */
const maxNames = 200;

/** What is told of a pool, where somebody listens: each function is called as it begins, and answers one to call at the end. */
export interface PoolObserver {
  /** A statement or a transaction has to wait for a connection. */
  onWait?: () => () => void;
  /** A statement is sent; the signal is that of what asks for it. At the end: the SQLSTATE of its error, where it has failed. */
  onStatement?: (sql: string, signal: Signal | undefined) => ((errorCode?: string) => void) | undefined;
}

interface PoolOptions {
  preparedStatements: PreparedStatements;
  observer: PoolObserver | undefined;
  /** Called with every statement that is sent. */
  onQuery: ((sql: string) => void) | undefined;
}

/** The connections of a process. A statement that is sent with a signal is cancelled when that is aborted. */
export class SqlPool {
  /** For Prisma, which uses the same connections. */
  readonly connections: pg.Pool;
  readonly #names = new Map<string, { name: string }>();
  readonly #onQuery: PoolOptions['onQuery'];
  readonly #observer: PoolObserver | undefined;
  #naming: PreparedStatements;

  constructor(config: ConnectionConfig & pg.PoolConfig, { preparedStatements, observer, onQuery }: PoolOptions) {
    this.connections = new pg.Pool({ ...config, Client: DatabaseClient });
    this.#naming = preparedStatements;
    this.#onQuery = onQuery;
    this.#observer = observer;
    // A lost connection fails its statement. Without a listener it would end the process too.
    this.connections.on('error', () => {});
  }

  async query<Row>(sql: Prisma.Sql, signal: Signal | undefined, retries = maxRetries): Promise<Row[]> {
    const client = await this.#connect(signal);
    try {
      const found = await this.#send<Row>(client, sql, signal);
      client.release();
      return found;
    } catch (error) {
      client.release(isStatementError(error) ? undefined : true);
      // A statement whose name was lost has not run. A connection may have been dead before the statement was sent: a SELECT
      // can be sent again on another one.
      const hasNoEffect = this.#wasUndone(error) || (isLostInTransit(error) && /^\s*SELECT\b/.test(sql.text));
      if (retries === 0 || !hasNoEffect) throw error;
      await pauseAfter(error);
      return this.query(sql, signal, retries - 1);
    }
  }

  /**
   * Runs the work in one transaction. Where it throws, or the signal is aborted before the commit, it is rolled back. After a
   * deadlock, and where a named statement was lost, the work is retried: what it changes besides the database must be reset
   * when it begins.
   */
  async transaction<Result>(
    work: (tx: SqlTransaction) => Promise<Result>,
    signal: Signal | undefined,
    retries = maxRetries,
  ): Promise<Result> {
    const client = await this.#begin(signal).catch((error: unknown) => {
      // Nothing was sent yet: retry on another connection.
      if (isConnectionLost(error)) return this.#begin(signal);
      throw error;
    });
    let wasUndone = false;
    const send = <Row>(sql: Prisma.Sql) =>
      this.#send<Row>(client, sql, signal).catch((error: unknown) => {
        // The work may catch this error and throw another one.
        if (this.#wasUndone(error)) wasUndone = true;
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
      if (retries === 0 || !wasUndone) throw error;
      await pauseAfter(error);
      return this.transaction(work, signal, retries - 1);
    }
  }

  async #connect(signal: Signal | undefined): Promise<PooledClient> {
    const onConnected = this.connections.idleCount === 0 ? this.#observer?.onWait?.() : undefined;
    const client = (await this.connections.connect().finally(onConnected)) as PooledClient;
    if (!signal?.aborted) return client;
    // Released unused: where a statement fails, the pool may lose the connection.
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
    const onAnswered = this.#observer?.onStatement?.(text, signal);
    const hasName = this.#naming === 'on' || (this.#naming === 'auto' && !client.isShared);
    let cancelling: Promise<void> | undefined;
    const cancel = () => {
      cancelling = sendCancelRequest(client);
    };
    signal?.addEventListener('abort', cancel);
    try {
      const { rows }: pg.QueryResult = await client.query({ ...(hasName && this.#nameOf(text)), text, values, types });
      onAnswered?.();
      return rows;
    } catch (error) {
      onAnswered?.((error instanceof pg.DatabaseError && error.code) || 'CONNECTION');
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
      // A pending cancel request would cancel the next statement of the connection.
      if (cancelling) await cancelling;
    }
  }

  /** Whether a statement, or the transaction that it ended, has had no effect, and may be retried. */
  #wasUndone(error: unknown): boolean {
    return this.#disableNamesIfLost(error) || isDeadlock(error);
  }

  /** True where an undetected pooler has lost or confused the name of a statement. From then on no statement is named. */
  #disableNamesIfLost(error: unknown): boolean {
    const isLost = error instanceof pg.DatabaseError && (error.code === '26000' || error.code === '42P05');
    if (isLost) this.#naming = 'off';
    return isLost;
  }

  /**
   * A named statement is parsed and planned once for each connection. Its name is a hash of its text, so that behind a pooler
   * the same name of another process is the same statement. A list with many filters has many texts: those beyond `maxNames`
   * have no name.
   */
  #nameOf(text: string): { name: string } | undefined {
    const known = this.#names.get(text);
    if (known || this.#names.size >= maxNames) return known;
    const named = { name: createHash('sha256').update(text).digest('base64url') };
    this.#names.set(text, named);
    return named;
  }

  /** Begins or ends a transaction. It is never cancelled: a transaction must not stay open halfway. */
  #command(client: pg.PoolClient, text: string): Promise<unknown> {
    this.#onQuery?.(text);
    return client.query(text);
  }
}

/** Whether the server refused the statement, and the connection can still be used. */
function isStatementError(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}
