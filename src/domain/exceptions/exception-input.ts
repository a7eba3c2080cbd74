import { z } from 'zod';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Role } from '../../database/generated/prisma/enums.ts';
import { ValidationError } from '../../errors/base.ts';
import type { Limits } from '../../limits.ts';
import { modelSelector } from '../../policy/model-selector.ts';
import { subjectId } from '../../policy/policy-fields.ts';
import { expectedRevision, reason, reasonText } from '../input/validation.ts';
import type { Actor } from '../ledger/ledger-entry.ts';

/** Who changes exceptions of which organization, and when. */
export interface ExceptionsChange {
  organizationId: string;
  actor: Actor;
  /** The role that the actor acts by. */
  role: Role | undefined;
  catalog: Catalog;
  limits: Limits;
  now: Date;
}

/** A new exception, for a service whose lists have so many entries at most. */
export function newExceptionInput({ inputList }: Limits) {
  const tooLong = `must not have more than ${inputList} entries`;
  return z.object({
    subjectId: subjectId.nullish(),
    models: z.array(modelSelector).min(1, 'must name a model').max(inputList, tooLong),
    until: z.date(),
    reason: reasonText.min(1, 'must not be empty'),
    expectedRevision,
  });
}

/** The decision on a requested exception. */
export const DecisionInput = z
  .object({ exceptionId: z.string(), grant: z.boolean(), until: z.date().nullish(), reason, expectedRevision })
  .refine(({ grant, until }) => grant || (until ?? null) === null, {
    path: ['until'],
    message: 'must not be given where the exception is denied',
  });

/** An exception to revoke. */
export const RevocationInput = z.object({ exceptionId: z.string(), reason, expectedRevision });

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Refuses an end that is past, or too far in the future.
 * @throws ValidationError
 */
export function refuseInvalidEnd(until: Date, { now, limits }: Pick<ExceptionsChange, 'now' | 'limits'>): void {
  const { exceptionDays } = limits;
  if (until <= now) throw new ValidationError([{ path: 'until', message: 'must be in the future' }]);
  if (until.getTime() > now.getTime() + exceptionDays * dayMs) {
    throw new ValidationError([{ path: 'until', message: `must be within ${exceptionDays} days from now` }]);
  }
}
