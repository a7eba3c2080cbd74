import { Socket } from 'node:net';
import { PrismaPg } from '@prisma/adapter-pg';
import { CancellablePool } from './cancellation.ts';
import { type Prisma, PrismaClient } from './generated/prisma/client.ts';

export type Database = PrismaClient;
export type Transaction = Prisma.TransactionClient;

/**
 * Does the work in one transaction; within another one, in a savepoint of it. Changes of one organization queue up for
 * its lock, and behind them the pool; the wait, in ms, is bounded.
 */
export function inTransaction<Result>(db: Database, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  // Prisma notes in its options which transaction they were for: they must be new each time.
  return db.$transaction(work, { maxWait: 10_000, timeout: 10_000 });
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
    // The server's own watch, for a process that is no longer there to cancel anything.
    ...(statementMs && { statement_timeout: statementMs, idle_in_transaction_session_timeout: statementMs }),
    ...(statementMs && { stream: () => openSocket(statementMs + graceMs) }),
  });
  const adapter = new PrismaPg(pool, { disposeExternalPool: true });
  if (!onQuery) return new PrismaClient({ adapter });

  const db = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
  db.$on('query', ({ query }) => onQuery(query));
  return db;
}

/** A socket that hangs up after so much silence: behind a cut line a statement, and its place in the pool, waits for ever. */
function openSocket(silenceMs: number): Socket {
  const socket = new Socket();
  return socket.setTimeout(silenceMs, () => socket.destroy());
}
