import { type ErrorCode, errorCodes } from '../errors/base.ts';

/** The body of an error that is answered before the service itself can: in the form of GraphQL, as of other paths that are none. */
export function earlyError(code: ErrorCode, message: string, status: number): string {
  const { type } = errorCodes[code];
  const extensions = { code, type, status, details: {}, timestamp: new Date().toISOString() };
  return JSON.stringify({ errors: [{ message, extensions }] });
}
