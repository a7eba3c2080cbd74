import pg from 'pg';
import { z } from 'zod';
import { Prisma } from '../generated/prisma/client.ts';

/** The fault as Prisma's driver adapter classifies it: the error's own cause, or the cause of the error in its `meta`. */
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

// Prisma's codes for a database that cannot be reached (P10), and for a closed connection, an exhausted pool or a transaction
// that was rolled back by a deadlock or conflict (P20).
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
// An invalid certificate, in the codes of Node's TLS.
const tlsCodes = /^(CERT_|CRL_|ERR_TLS_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_|INVALID_CA|ERROR_IN_C)/;
// PostgreSQL's codes: connection exceptions (08); insufficient resources (53); operator intervention (57P); a statement that
// was cancelled or timed out (57014); a transaction that timed out (25P03, 25P04), failed to serialize (40001), was in a
// deadlock (40P01) or could not get a lock (55P03); a database that does not exist (3D000); refused authorization (28); a
// read-only server, as a former standby still is (25006); a named statement that a pooler has lost or mixed up (26000, 42P05).
const sqlStates = /^(08|53|57P|57014|25P0[34]|40001|40P01|55P03|3D000|28|25006|26000|42P05)/;
/** Those of a lost connection. */
const lostStates = /^(08|57P01|57P02|57P05)/;
// Messages of `pg` without a code: the connection ended, or was not opened in time.
const driverMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client .* is not queryable|The server does not support SSL|There was an error establishing an SSL)/;

/** Whether the database refused a value: a NUL in a text, a year or a number out of range. */
export function isBadValue(error: unknown): boolean {
  const { kind, sqlState } = describe(error);
  return sqlState.startsWith('22') || badValueKinds.has(kind);
}

/** Whether the database cannot answer now, so that the same request may be retried. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof Prisma.PrismaClientInitializationError) return true;
  // A host with several addresses, none of which could be connected to.
  if (error instanceof AggregateError && error.errors.some(isUnavailable)) return true;

  const { kind, sqlState, code } = describe(error);
  if (sqlStates.test(sqlState) || adapterKinds.has(kind)) return true;
  if (prismaCodes.test(code) || systemCodes.has(code) || tlsCodes.test(code)) return true;
  // Any system error of a connect, such as a missing socket or route. Prisma passes on nothing but the code.
  const isOfConnecting =
    error instanceof Prisma.PrismaClientKnownRequestError || ('syscall' in error && error.syscall === 'connect');
  if (isOfConnecting && /^E[A-Z]+$/.test(code)) return true;
  if (code === '' && driverMessages.test(error.message)) return true;
  return isUnavailable(error.cause);
}

/** As while a migration locks one table after another, in another order than a statement. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '40P01';
}

/** Whether the connection was lost, or ended by the server. The statement may or may not have been executed. */
export function isConnectionLost(error: unknown): boolean {
  const { kind, sqlState, code } = describe(error);
  return lostStates.test(sqlState) || kind === 'ConnectionClosed' || code === 'P1017' || isLostInTransit(error);
}

/** Whether the connection was lost without a message of the server, as one that was cut while it was idle. */
export function isLostInTransit(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof pg.DatabaseError) return false;
  const { code } = describe(error);
  return code === 'ECONNRESET' || code === 'EPIPE' || error.message === 'Connection terminated unexpectedly';
}

/** The codes of an error, of whichever library it is. */
function describe(error: unknown): { kind: string; sqlState: string; code: string } {
  if (!(error instanceof Error)) return { kind: '', sqlState: '', code: '' };
  const { code, meta } = error as { code?: unknown; meta?: { driverAdapterError?: { cause?: unknown } } };
  const own = typeof code === 'string' ? code : '';
  const cause = AdapterCause.safeParse(meta?.driverAdapterError?.cause ?? error.cause).data;
  // Prisma's own codes have five characters too.
  const isSqlState = error instanceof pg.DatabaseError || /^[0-9A-Z]{5}$/.test(own);
  return {
    kind: cause?.kind ?? '',
    sqlState: cause?.originalCode ?? cause?.code ?? (isSqlState ? own : ''),
    code: own,
  };
}
