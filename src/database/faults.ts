import pg from 'pg';
import { z } from 'zod';
import { Prisma } from './generated/prisma/client.ts';

/** What Prisma's driver adapter says of a fault that it recognised. */
const AdapterFault = z.object({
  meta: z.object({
    driverAdapterError: z.object({
      cause: z.object({ kind: z.string(), code: z.string().optional(), originalCode: z.string().optional() }),
    }),
  }),
});
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
// other's way (40001, 40P01), a database that is not there (3D000) or lets nobody in (28), and a server that only reads
// (25006), as one does that has just been the standby.
const sqlStates = /^(08|53|57P|57014|25P03|40001|40P01|3D000|28|25006)/;
// What `pg` gives no code: a connection that ended or came too late, in its words.
const driverMessages =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client .* is not queryable|The server does not support SSL|There was an error establishing an SSL)/;

/** Whether the database could not take a value that it was sent: a NUL in a text, a year or a number out of its range. */
export function isBadValue(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return error.code?.startsWith('22') === true;

  const fault = AdapterFault.safeParse(error);
  if (!fault.success) return false;
  const { kind, code = '', originalCode = '' } = fault.data.meta.driverAdapterError.cause;
  return badValueKinds.has(kind) || code.startsWith('22') || originalCode.startsWith('22');
}

/** Whether an error says that the database cannot answer now, so that the same request may be sent again. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof Prisma.PrismaClientInitializationError) return true;

  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (prismaCodes.test(code) || systemCodes.has(code) || tlsCodes.test(code)) return true;
  if (/^[0-9A-Z]{5}$/.test(code) && sqlStates.test(code)) return true;

  const fault = AdapterFault.safeParse(error);
  if (fault.success) {
    const { kind, code: sqlState = '' } = fault.data.meta.driverAdapterError.cause;
    return adapterKinds.has(kind) || sqlStates.test(sqlState);
  }
  if (code === '' && driverMessages.test(error.message)) return true;
  return error.cause !== undefined && isUnavailable(error.cause);
}
