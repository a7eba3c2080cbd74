import { z } from 'zod';
import { maxIssues, ValidationError, type ValidationIssue } from '../../errors/base.ts';

/** The revision that a caller expects an organization to be at; unchecked where absent or null. */
export const expectedRevision = z.int().min(0, 'must not be negative').nullish();

/** Characters of the reason of a change at most; the database has the same limit. */
const maxReasonLength = 500;

/** The reason of a change, trimmed. PostgreSQL stores neither NUL nor lone surrogates; other control characters are refused with them. */
export const reasonText = z
  .string()
  .trim()
  .max(maxReasonLength, `must not be longer than ${maxReasonLength} characters`)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters');

/** Why a change is made, for the history; null where nothing is said. */
export const reason = reasonText.transform((text) => text || null).nullish();

/**
 * Parses an input.
 * @throws ValidationError with the first faults and their paths
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ValidationError(issuesOf(parsed.error));
}

/** The first faults of an input, and their paths. */
export function issuesOf({ issues }: z.ZodError): ValidationIssue[] {
  return issues.slice(0, maxIssues).map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
}

/** Characters of a text to search for. */
const maxTextLength = 200;

/**
 * Refuses a text of a filter that is too long to match anything.
 * @throws ValidationError
 */
export function refuseLongText(path: string, text: string | null | undefined): void {
  if ((text?.length ?? 0) <= maxTextLength) return;
  throw new ValidationError([{ path, message: `must not be longer than ${maxTextLength} characters` }]);
}

/**
 * Refuses one more where `count` has reached the limit. To be called under a lock that serializes the creations: else
 * concurrent ones could all pass.
 * @throws ValidationError
 */
export function refuseOneMore(count: number, max: number, what: string): void {
  if (count < max) return;
  throw new ValidationError([{ path: '', message: `There are ${count} ${what} already, and may be ${max} at most` }]);
}
