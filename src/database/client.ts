import { Socket } from 'node:net';
import { PrismaPg } from '@prisma/adapter-pg';
import { CancellablePool } from './cancellation.ts';
import { connectionConfig } from './connection.ts';
import { isConnectionLost } from './faults.ts';
import { type Prisma, PrismaClient } from './generated/prisma/client.ts';
import type { PreparedStatements } from './prepared-statements.ts';
import { bindPool, poolOf, SqlPool, type SqlTransaction } from './sql.ts';

export type Database = PrismaClient;
export type Transaction = Prisma.TransactionClient;

/**
 * Does the work in one transaction; within another one, in a savepoint of it. How long, in ms, it may wait to begin and
 * then take is bounded.
 */
export function inTransaction<Result>(db: Database, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
  let isBegun = false;
  const begin = () =>
    db.$transaction(
      (tx) => {
        isBegun = true;
        return work(tx);
      },
      // Prisma notes in them which transaction they were for: they must be new each time.
      { maxWait: 10_000, timeout: 10_000 },
    );
  return begin().catch((error: unknown) => {
    // The connection had been lost before: another one will do.
    if (!isBegun && isConnectionLost(error)) return begin();
    throw error;
  });
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
  /** Whether statements are named. */
  preparedStatements?: PreparedStatements;
  /** Is told every statement that is sent. */
  onQuery?: (sql: string) => void;
}

/** A client with a pool of its own; nothing is connected before the first query. */
export function createDatabase(
  url: string,
  { poolSize = 10, statementMs, preparedStatements = 'auto', onQuery }: DatabaseOptions = {},
): Database {
  const pool = new CancellablePool({
    ...connectionConfig(url, {
      connectionTimeoutMillis: 5_000,
      statementMs,
      ...(statementMs && { stream: () => openSocket(statementMs + graceMs) }),
    }),
    max: poolSize,
  });
  const adapter = new PrismaPg(pool);
  const db = onQuery ? observedClient(adapter, onQuery) : new PrismaClient({ adapter });
  bindPool(db, new SqlPool(pool, preparedStatements, onQuery));
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
