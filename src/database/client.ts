import { PrismaPg } from '@prisma/adapter-pg';
import { type Prisma, PrismaClient } from './generated/prisma/client.ts';

export type Database = PrismaClient;
export type Transaction = Prisma.TransactionClient;

/** Changes of one organization queue up for its lock, and behind them the pool; the wait, in ms, is bounded. */
export const transactionLimits = { maxWait: 10_000, timeout: 10_000 };

export interface DatabaseOptions {
  /** Connections at most. */
  poolSize?: number;
  /** Is told every statement that is sent. */
  onQuery?: (sql: string) => void;
}

/** A client with a pool of its own; nothing is connected before the first query. */
export function createDatabase(url: string, { poolSize = 10, onQuery }: DatabaseOptions = {}): Database {
  const adapter = new PrismaPg({ connectionString: url, max: poolSize, connectionTimeoutMillis: 5_000 });
  if (!onQuery) return new PrismaClient({ adapter });

  const db = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
  db.$on('query', ({ query }) => onQuery(query));
  return db;
}
