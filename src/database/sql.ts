import { createHash } from 'node:crypto';
import pg from 'pg';
import { type CancellablePool, type PooledClient, throwIfCancelled } from './cancellation.ts';
import { isConnectionLost, isLostInTransit } from './faults.ts';
import type { Prisma, PrismaClient } from './generated/prisma/client.ts';
import type { PreparedStatements } from './prepared-statements.ts';
import { parseTimestamp } from './timestamp.ts';

/** Where a statement can be sent: to a client, or into a transaction, of Prisma's or a plain one. */
export type Connection = PrismaClient | Prisma.TransactionClient | SqlTransaction;

/**
 * Sends one statement and answers its rows. It goes straight to the pool of the client, past Prisma, which would spend four
 * times as much on it. Types are as in Prisma where they are text, bool, int4, timestamptz, jsonb, bytea or arrays of text;
 * cast what is not. Columns are to be named: a plan for `*` breaks when a migration adds one. So is the schema of tables:
 * behind a pooler the search path is whoever's.
 */
export function rows<Row>(connection: Connection, sql: Prisma.Sql): Promise<Row[]> {
  if (connection instanceof SqlTransaction) return connection.rows(sql);
  return poolOf(connection)?.rows(sql) ?? connection.$queryRaw<Row[]>(sql);
}

const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    const isTimestamp = oid === pg.types.builtins.TIMESTAMPTZ && format !== 'binary';
    return isTimestamp ? parseTimestamp : pg.types.getTypeParser(oid, format);
  },
};

/** Texts that are named at most: the server keeps a plan for each one, on every connection. */
const maxNames = 200;

const pools = new WeakMap<object, SqlPool>();

/** Lets statements for the client go to its pool. */
export function bindPool(db: PrismaClient, pool: SqlPool): void {
  pools.set(db, pool);
}

/** The pool of a client; undefined for a transaction, whose statements must stay on its own connection. */
export function poolOf(connection: PrismaClient | Prisma.TransactionClient): SqlPool | undefined {
  return pools.get(connection);
}

/** A transaction on a connection of its own. */
export class SqlTransaction {
  readonly rows: <Row>(sql: Prisma.Sql) => Promise<Row[]>;

  constructor(send: <Row>(sql: Prisma.Sql) => Promise<Row[]>) {
    this.rows = send;
  }
}

/** What a client's pool does without Prisma. */
export class SqlPool {
  readonly #pool: CancellablePool;
  readonly #names = new Map<string, { name: string }>();
  readonly #onQuery: ((sql: string) => void) | undefined;
  #naming: PreparedStatements;

  constructor(pool: CancellablePool, naming: PreparedStatements, onQuery?: (sql: string) => void) {
    this.#pool = pool;
    this.#naming = naming;
    this.#onQuery = onQuery;
    // A connection that is lost fails its statement; without a listener it would end the process as well.
    pool.on('error', () => {});
  }

  async rows<Row>(sql: Prisma.Sql, isRepeatable = true): Promise<Row[]> {
    const client = await this.#pool.connect();
    try {
      const found = await this.#send<Row>(client, sql);
      client.release();
      return found;
    } catch (error) {
      client.release(isRefusal(error) ? undefined : true);
      // Without its name it did not run. And a connection may have been dead before, without a word: what only reads can be
      // sent by another one.
      const hasNotRun = this.#forgets(error) || (isLostInTransit(error) && /^\s*SELECT\b/.test(sql.text));
      if (isRepeatable && hasNotRun) return this.rows(sql, false);
      throw error;
    }
  }

  /** Does the work in one transaction; what fails, or is given up before it is committed, is rolled back. */
  async transaction<Result>(work: (tx: SqlTransaction) => Promise<Result>): Promise<Result> {
    const client = await this.#begin().catch((error: unknown) => {
      // Nothing was done yet: another connection will do.
      if (isConnectionLost(error)) return this.#begin();
      throw error;
    });
    try {
      const result = await work(new SqlTransaction((sql) => this.#send(client, sql)));
      throwIfCancelled();
      await this.#command(client, 'COMMIT');
      client.release();
      return result;
    } catch (error) {
      this.#forgets(error);
      await this.#command(client, 'ROLLBACK').then(() => client.release(), client.release);
      throw error;
    }
  }

  async #begin(): Promise<PooledClient> {
    const client = await this.#pool.connect();
    try {
      await this.#command(client, 'BEGIN');
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  async #send<Row>(client: PooledClient, { text, values }: Prisma.Sql): Promise<Row[]> {
    this.#onQuery?.(text);
    const hasName = this.#naming === 'on' || (this.#naming === 'auto' && !client.isShared);
    const { rows }: pg.QueryResult = await client.query({ ...(hasName && this.#nameOf(text)), text, values, types });
    return rows;
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

  #command(client: pg.PoolClient, text: 'BEGIN' | 'COMMIT' | 'ROLLBACK'): Promise<unknown> {
    this.#onQuery?.(text);
    return client.query(text);
  }
}

/** Whether the server refused a statement and stays ready for the next one. */
function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}
