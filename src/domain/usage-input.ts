import { z } from 'zod';
import { modelName } from './model-selector.ts';
import { firstMoment } from './usage-period.ts';

const anHour = 3_600_000;

/** An id or a key as applications choose it, without what PostgreSQL does not take (NUL, lone surrogates) or nobody means. */
export const text = z
  .string()
  .min(1, 'must not be empty')
  .max(200, 'must not be longer than 200 characters')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters');

// Of 32 bits, so that sums of 64 hold four billion of the largest.
const tokens = z.int32('must be a whole number of 32 bits').min(0, 'must not be negative');

/** A batch of reports, as it may be at this moment: a clock that runs ahead by up to an hour is forgiven. */
export function usageBatchAt(now: Date, maxRecords: number) {
  const record = z
    .object({
      id: text,
      modelConfigId: text.nullish(),
      modelKey: modelName.nullish(),
      promptTokens: tokens,
      completionTokens: tokens,
      usedAt: z
        .date()
        .min(firstMoment, 'must not be before the year 2000')
        .max(new Date(now.getTime() + anHour), 'must not be more than an hour in the future')
        .nullish(),
    })
    .refine(({ modelConfigId, modelKey }) => (modelConfigId ?? null) === null || (modelKey ?? null) === null, {
      error: 'give modelConfigId or modelKey, not both',
    })
    .refine(({ modelConfigId, modelKey }) => (modelConfigId ?? modelKey ?? null) !== null, {
      error: 'give modelConfigId or modelKey',
    });
  const batch = z.array(z.unknown()).max(maxRecords, `must not have more than ${maxRecords} entries`);
  return z.object({ records: batch.pipe(z.array(record)) });
}

/** One report of a batch, well-formed. */
export type UsageReport = z.output<ReturnType<typeof usageBatchAt>>['records'][number];
