import { Socket } from 'node:net';
import { PrismaPg } from '@prisma/adapter-pg';
import { Prisma, PrismaClient } from '../generated/prisma/client.ts';
import { connectionConfig } from './connection.ts';
import { SqlPool } from './pool.ts';
import type { PreparedStatements } from './prepared-statements.ts';
import type { Signal } from './signal.ts';

/** Where statements can be sent: to a pool, on behalf of a request or of nobody, or into a transaction. */
export interface Database {
  /** Undefined in a transaction, whose statements stay on its own connection. */
  readonly pool: SqlPool | undefined;
  /** Aborted when whoever sends them has given up: they are cancelled, and what would follow is refused. */
  readonly signal: Signal | undefined;
  /**
   * Sends one statement, with parameters in the place of values, and answers its rows. Types are as in Prisma where they are
   * text, bool, int4, int8, timestamptz, jsonb, bytea or arrays of text; cast what is not. Columns are to be named: a plan for
   * `*` breaks when a migration adds one. So is the schema of tables: behind a pooler the search path is whoever's.
   */
  query: <Row>(strings: readonly string[], ...values: unknown[]) => Promise<Row[]>;
  /** Within a transaction a savepoint of it. */
  transaction: <Result>(work: (tx: Database) => Promise<Result>) => Promise<Result>;
}

/** One whose tables have Prisma's methods as well. They take no signal: they are for jobs, not for requests. */
export type PrismaDatabase = PrismaClient & Database;

/** The pool as one request sees it: made for each, and so no more than this. */
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

/** The same database for work that ends when the signal is aborted; a transaction has its signal already. */
export function withSignal(db: Database, signal: Signal | undefined): Database {
  return db.pool ? new PooledDatabase(db.pool, signal) : db;
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
): PrismaDatabase {
  const config = connectionConfig(url, {
    connectionTimeoutMillis: 5_000,
    statementMs,
    ...(statementMs && { stream: () => openSocket(statementMs + graceMs) }),
  });
  const pool = new SqlPool({ ...config, max: poolSize }, { preparedStatements, onQuery });
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
    // Prisma would leave a pool open that only plain statements were sent to.
    $disconnect: () => disconnect().finally(() => connections.ending || connections.end()),
  });
}

function observedClient(adapter: PrismaPg, onQuery: (sql: string) => void): PrismaClient {
  const db = new PrismaClient({ adapter, log: [{ emit: 'event', level: 'query' }] });
  db.$on('query', ({ query }) => onQuery(query));
  return db;
}

/** A socket that hangs up after so much silence: behind a cut line a statement, and its place in the pool, waits for ever. */
function openSocket(silenceMs: number): Socket {
  const socket = new Socket();
  return socket.setTimeout(silenceMs, () => socket.destroy());
}
