import { z } from 'zod';
import { expectedRevision } from '../input/validation.ts';

/** Characters of the reason of a change at most; the database has the same limit. */
const maxReasonLength = 500;

/** Why a change is made, for the history. PostgreSQL stores neither NUL nor lone surrogates; other control characters are refused with them. */
const reason = z
  .string()
  .trim()
  .max(maxReasonLength, `must not be longer than ${maxReasonLength} characters`)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters')
  .transform((text) => text || null)
  .nullish();

/** What each change of a policy takes besides the change. */
export const policyChangeFields = { expectedRevision, reason, dryRun: z.boolean().optional() };
