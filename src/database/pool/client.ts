import { Socket } from 'node:net';
import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { connectionConfig } from './connection.ts';
import { type PoolObserver, SqlPool } from './pool.ts';
import type { PreparedStatements } from './prepared-statements.ts';
import type { Signal } from './signal.ts';

/** Sends statements: to a pool, with or without the signal of a request, or within a transaction. */
export interface Database {
  /** Undefined in a transaction, whose statements all use its own connection. */
  readonly pool: SqlPool | undefined;
  /** Once it is aborted, running statements are cancelled and further ones refused. */
  readonly signal: Signal | undefined;
  /**
   * Sends one statement with its values as parameters, and answers the rows. Values of type text, bool, int4, int8,
   * timestamptz, jsonb, bytea and arrays of text have the same types as in Prisma; cast all others. Name the columns: a plan
   * for `*` breaks when a migration adds a column. Name the schema too: behind a pooler the search path may be that of another
   * client.
   */
  query: <Row>(strings: readonly string[], ...values: unknown[]) => Promise<Row[]>;
  /** Within a transaction: a savepoint. */
  transaction: <Result>(work: (tx: Database) => Promise<Result>) => Promise<Result>;
}

/** A database with Prisma's methods too. These take no signal: they are for jobs, not for requests. */
export type PrismaDatabase = PrismaClient & Database;

/** The pool with the signal of one request. One is created for each request, so it holds nothing else. */
export class PooledDatabase implements Database {
  readonly pool: SqlPool;
  readonly signal: Signal | undefined;

  constructor(pool: SqlPool, signal?: Signal) {
    this.pool = pool;
    this.signal = signal;
  }

  query<Row>(strings: readonly string[], ...values: unknown[]): Promise<Row[]> {
    return this.pool.query(Prisma.sql(strings, ...values), this.signal);
  }

  transaction<Result>(work: (tx: Database) => Promise<Result>): Promise<Result> {
    return this.pool.transaction(work, this.signal);
  }
}

/** The same database, with statements that are cancelled when the signal is aborted. A transaction has its signal already. */
export function withSignal(db: Database, signal: Signal | undefined): Database {
  return db.pool ? new PooledDatabase(db.pool, signal) : db;
}

/** How long, in ms, after the statement timeout the server may still report it, before the connection is closed as lost. */
const graceMs = 2_000;

export interface DatabaseOptions {
  /** The maximum number of connections. */
  poolSize?: number;
  /** The timeout, in ms, of a statement, and of an idle transaction; absent: none. */
  statementMs?: number;
  /** Whether statements are named. */
  preparedStatements?: PreparedStatements;
  observer?: PoolObserver | undefined;
  /** Called with every statement that is sent. */
  onQuery?: (sql: string) => void;
}

/** A client with its own pool; it connects at the first query. */
export function createDatabase(
  url: string,
  { poolSize = 10, statementMs, preparedStatements = 'auto', observer, onQuery }: DatabaseOptions = {},
): PrismaDatabase {
  const config = connectionConfig(url, {
    connectionTimeoutMillis: 5_000,
    statementMs,
    ...(statementMs && { stream: () => openSocket(statementMs + graceMs) }),
  });
  const pool = new SqlPool({ ...config, max: poolSize }, { preparedStatements, observer, onQuery });
  const { connections } = pool;
  const adapter = new PrismaPg(connections);
  const prisma = onQuery ? observedClient(adapter, onQuery) : new PrismaClient({ adapter });
  const disconnect = prisma.$disconnect.bind(prisma);
  const pooled = new PooledDatabase(pool);
  return Object.assign(prisma, {
    pool,
    signal: undefined,
    query: pooled.query.bind(pooled) as Database['query'],
    transaction: pooled.transaction.bind(pooled) as Database['transaction'],
    // Prisma does not close a pool that only plain statements were sent to.
    $disconnect: () => disconnect().finally(() => connections.ending || connections.end()),
  });
}

function observedClient(adapter: PrismaPg, onQuery: (sql: string) => void): PrismaClient {
  const db = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
  db.$on('query', ({ query }) => onQuery(query));
  return db;
}

/**
 * A socket that is closed after so much silence. Without it a statement on a dead connection would wait for ever, and occupy
 * its place in the pool.
 */
function openSocket(silenceMs: number): Socket {
  const socket = new Socket();
  return socket.setTimeout(silenceMs, () => socket.destroy());
}
