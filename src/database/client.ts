import { Socket } from 'node:net';
import { PrismaPg } from '@prisma/adapter-pg';
import { CancellablePool } from './cancellation.ts';
import { type Prisma, PrismaClient } from './generated/prisma/client.ts';
import { bindPool, poolOf, SqlPool, type SqlTransaction } from './sql.ts';

export type Database = PrismaClient;
export type Transaction = Prisma.TransactionClient;

/**
 * Does the work in one transaction; within another one, in a savepoint of it. How long, in ms, it may wait to begin and
 * then take is bounded.
 */
export function inTransaction<Result>(db: Database, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  // Prisma notes in its options which transaction they were for: they must be new each time.
  return db.$transaction(work, { maxWait: 10_000, timeout: 10_000 });
}

/** As `inTransaction`, for work that sends plain statements only: it is spared what Prisma's transactions cost. */
export function inSqlTransaction<Result>(
  db: Database,
  work: (tx: Transaction | SqlTransaction) => Promise<Result>,
): Promise<Result> {
  return poolOf(db)?.transaction(work) ?? inTransaction(db, work);
}

/** How long after a statement's time the server may still say so, in ms, before it is taken to be out of reach. */
const graceMs = 2_000;

export interface DatabaseOptions {
  /** Connections at most. */
  poolSize?: number;
  /** How long, in ms, a statement may take, and a transaction may wait for its next one; absent: for ever. */
  statementMs?: number;
  /** Is told every statement that is sent. */
  onQuery?: (sql: string) => void;
}

/** A client with a pool of its own; nothing is connected before the first query. */
export function createDatabase(url: string, { poolSize = 10, statementMs, onQuery }: DatabaseOptions = {}): Database {
  const pool = new CancellablePool({
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: 5_000,
    // Prisma takes every time that it reads for one of UTC, whatever zone the database is set to.
    options: '-c TimeZone=UTC',
    // The server's own watch, for a process that is no longer there to cancel anything.
    ...(statementMs && { statement_timeout: statementMs, idle_in_transaction_session_timeout: statementMs }),
    ...(statementMs && { stream: () => openSocket(statementMs + graceMs) }),
  });
  const adapter = new PrismaPg(pool);
  const db = onQuery ? observedClient(adapter, onQuery) : new PrismaClient({ adapter });
  bindPool(db, new SqlPool(pool, onQuery));
  const disconnect = db.$disconnect.bind(db);
  // Prisma would leave a pool open that only plain statements were sent to.
  return Object.assign(db, { $disconnect: () => disconnect().finally(() => pool.ending || pool.end()) });
}

function observedClient(adapter: PrismaPg, onQuery: (sql: string) => void): Database {
  const db = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
  db.$on('query', ({ query }) => onQuery(query));
  return db;
}

/** A socket that hangs up after so much silence: behind a cut line a statement, and its place in the pool, waits for ever. */
function openSocket(silenceMs: number): Socket {
  const socket = new Socket();
  return socket.setTimeout(silenceMs, () => socket.destroy());
}
