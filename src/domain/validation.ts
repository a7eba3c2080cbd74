import { z } from 'zod';
import { ValidationError } from '../errors.ts';

/** The revision that a caller believes an organization to be at; unchecked where absent or null. */
export const expectedRevision = z.int().min(0, 'must not be negative').nullish();

/**
 * The input, if it is well-formed.
 * @throws ValidationError with every fault and its path
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ValidationError(
    parsed.error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })),
  );
}
