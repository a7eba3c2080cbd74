import { pino } from 'pino';

/** What PostgreSQL says of a row that it refused: what an organization has entered stands in it. */
const ofRows = new Set(['detail', 'where', 'internalQuery']);

/** No error holds anything below; one may hold itself. */
const deepest = 6;

/**
 * An error as it is logged: with all that tells where it happened, such as the constraint that a statement met, and nothing of the
 * rows. The driver has that beside the message, Prisma deeper.
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
