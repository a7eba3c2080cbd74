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
  'ConnectionClosed',
  'TooManyConnections',
  'SocketTimeout',
  'TlsConnectionError',
]);

// Prisma's codes for a database that cannot be reached, that hung up, or that had no connection to spare in time.
const prismaCodes = new Set(['P1001', 'P1002', 'P1008', 'P1011', 'P1017', 'P2024', 'P2028', 'P2037']);
const systemCodes = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH']);
// PostgreSQL's: connection exceptions (08), resources (53), an operator's intervention (57P).
const sqlStates = /^(08|53|57P)/;

/** Whether the database could not take a value that it was sent: a NUL in a text, a year or a number out of its range. */
export function isBadValue(error: unknown): boolean {
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
  if (prismaCodes.has(code) || systemCodes.has(code)) return true;
  if (/^[0-9A-Z]{5}$/.test(code) && sqlStates.test(code)) return true;

  const fault = AdapterFault.safeParse(error);
  if (fault.success) {
    const { kind, code: sqlState = '' } = fault.data.meta.driverAdapterError.cause;
    return adapterKinds.has(kind) || sqlStates.test(sqlState);
  }
  return error.cause !== undefined && isUnavailable(error.cause);
}
