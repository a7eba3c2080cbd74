import pg from 'pg';
import { z } from 'zod';
import { Prisma } from '../generated/prisma/client.ts';

/** What Prisma's driver adapter says of a fault that it recognised: an error's own cause, or that of one in its `meta`. */
const AdapterCause = z.object({ kind: z.string(), code: z.string().optional(), originalCode: z.string().optional() });

const badValueKinds = new Set(['InvalidInputValue', 'ValueOutOfRange', 'InconsistentColumnData']);
const adapterKinds = new Set([
  'DatabaseNotReachable',
  'DatabaseDoesNotExist',
  'DatabaseAccessDenied',
  'AuthenticationFailed',
  'ConnectionClosed',
  'TooManyConnections',
  'SocketTimeout',
  'TlsConnectionError',
  'TransactionWriteConflict',
]);

// Prisma's codes for a database that cannot be reached (P10), or that hung up, had no connection to spare in time, or
// chose a transaction to give up among those that stood in each other's way (P20).
const prismaCodes = /^(P10(00|01|02|03|08|10|11|17)|P20(24|28|34|37))$/;
const systemCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
]);
// A certificate that does not hold, as Node's TLS says it.
const tlsCodes = /^(CERT_|CRL_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_|INVALID_CA|ERROR_IN_C)/;
// PostgreSQL's: connection exceptions (08), resources (53), an operator's intervention (57P), a statement that was
// cancelled or took too long (57014), or a transaction that did (25P03) or was given up among those that stood in each
// other's way (40001, 40P01) or waited too long for a lock (55P03), a database that is not there (3D000) or lets nobody in
// (28), a server that only reads (25006), as one does that has just been the standby, and a named statement that a pooler
// has lost or mixed up (26000, 42P05).
const sqlStates = /^(08|53|57P|57014|25P0[34]|40001|40P01|55P03|3D000|28|25006|26000|42P05)/;
/** Of these, what is said of a connection that is gone. */
const lostStates = /^(08|57P01|57P02|57P05)/;
// What `pg` gives no code: a connection that ended or came too late, in its words.
const driverMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client .* is not queryable|The server does not support SSL|There was an error establishing an SSL)/;

/** Whether the database could not take a value that it was sent: a NUL in a text, a year or a number out of its range. */
export function isBadValue(error: unknown): boolean {
  const { kind, sqlState } = describe(error);
  return sqlState.startsWith('22') || badValueKinds.has(kind);
}

/** Whether an error says that the database cannot answer now, so that the same request may be sent again. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof Prisma.PrismaClientInitializationError) return true;

  const { kind, sqlState, code } = describe(error);
  if (sqlStates.test(sqlState) || adapterKinds.has(kind)) return true;
  if (prismaCodes.test(code) || systemCodes.has(code) || tlsCodes.test(code)) return true;
  // Whatever a system says of it: that there is no such socket, or no way. Prisma keeps no more than its code.
  const isOfConnecting =
    error instanceof Prisma.PrismaClientKnownRequestError || ('syscall' in error && error.syscall === 'connect');
  if (isOfConnecting && /^E[A-Z]+$/.test(code)) return true;
  if (code === '' && driverMessages.test(error.message)) return true;
  return isUnavailable(error.cause);
}

/** Whether a connection was gone, ended by the server or cut: what it was to do may have been done, or not. */
export function isConnectionLost(error: unknown): boolean {
  const { kind, sqlState, code } = describe(error);
  return lostStates.test(sqlState) || kind === 'ConnectionClosed' || code === 'P1017' || isLostInTransit(error);
}

/** Whether a connection was found gone without a word of the server, as one is that was cut while nothing was sent by it. */
export function isLostInTransit(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof pg.DatabaseError) return false;
  const { code } = describe(error);
  return code === 'ECONNRESET' || code === 'EPIPE' || error.message === 'Connection terminated unexpectedly';
}

/** What an error calls itself, in whatever shape it comes. */
function describe(error: unknown): { kind: string; sqlState: string; code: string } {
  if (!(error instanceof Error)) return { kind: '', sqlState: '', code: '' };
  const { code, meta } = error as { code?: unknown; meta?: { driverAdapterError?: { cause?: unknown } } };
  const own = typeof code === 'string' ? code : '';
  const cause = AdapterCause.safeParse(meta?.driverAdapterError?.cause ?? error.cause).data;
  // Those of Prisma have five characters as well.
  const isSqlState = error instanceof pg.DatabaseError || /^[0-9A-Z]{5}$/.test(own);
  return {
    kind: cause?.kind ?? '',
    sqlState: cause?.originalCode ?? cause?.code ?? (isSqlState ? own : ''),
    code: own,
  };
}
