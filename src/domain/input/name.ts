import { z } from 'zod';

/** The name of an organization or a user, or another short text that is shown to people. */
export const Name = z
  .string('must be a text')
  .trim()
  .min(1, 'must not be empty')
  .max(200, 'must not be longer than 200 characters')
  // PostgreSQL stores neither NUL nor lone surrogates; other control characters are refused with them.
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters');
