import { pino } from 'pino';

/** Fields of PostgreSQL's errors that quote rows, and so the data of organizations. */
const ofRows = new Set(['detail', 'where', 'internalQuery']);

/** Errors are not nested deeper, but may be circular. */
const deepest = 6;

/**
 * An error as it is logged: with what tells where it happened, such as the violated constraint, and nothing of the rows. The
 * driver has those fields beside the message, Prisma deeper.
 */
export function loggedError(error: Error): unknown {
  return withoutRows({ ...pino.stdSerializers.err(error) });
}

function withoutRows(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (depth > deepest) return undefined;
  const kept = Object.entries(value).filter(([name]) => !ofRows.has(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, withoutRows(inner, depth + 1)]));
}
