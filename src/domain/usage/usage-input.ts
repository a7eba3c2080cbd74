import { z } from 'zod';
import type { ValidationIssue } from '../../errors/base.ts';
import { modelName } from '../../policy/model-selector.ts';
import { issuesOf, parseInput } from '../input/validation.ts';
import { firstMoment } from './usage-period.ts';

const anHour = 3_600_000;

/** An id that a client chooses. PostgreSQL stores neither NUL nor lone surrogates; other control characters are refused too. */
const id = z
  .string()
  .min(1, 'must not be empty')
  .max(200, 'must not be longer than 200 characters')
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters');

// 32 bits, so that a 64-bit sum can hold four billion of the largest.
const tokens = z.int32('must be a whole number of 32 bits').min(0, 'must not be negative');

const Report = z
  .object({
    id,
    modelConfigId: id.nullish(),
    modelKey: modelName.nullish(),
    userId: id.nullish(),
    promptTokens: tokens,
    completionTokens: tokens,
    usedAt: z.date().min(firstMoment, 'must not be before the year 2000').nullish(),
  })
  .refine(({ modelConfigId, modelKey }) => (modelConfigId ?? null) === null || (modelKey ?? null) === null, {
    error: 'give modelConfigId or modelKey, not both',
  })
  .refine(({ modelConfigId, modelKey }) => (modelConfigId ?? modelKey ?? null) !== null, {
    error: 'give modelConfigId or modelKey',
  });

/** A valid record of a batch. */
export type UsageReport = z.output<typeof Report>;

/** A parsed record of a batch: a report, or its faults, with its id where that is valid. */
export type UsageEntry = { report: UsageReport } | { id: string | null; issues: ValidationIssue[] };

/**
 * Parses the records of a batch, each by itself. `usedAt` may be up to an hour in the future, since clients' clocks differ.
 * @throws ValidationError where it is no list, or too long
 */
export function parseUsageBatch(input: unknown, now: Date, maxRecords: number): UsageEntry[] {
  const list = z.array(z.unknown()).max(maxRecords, `must not have more than ${maxRecords} entries`);
  const { records } = parseInput(z.object({ records: list }), input);
  const latest = now.getTime() + anHour;
  return records.map((record) => {
    const { success, data: report, error } = Report.safeParse(record);
    if (success && (report.usedAt?.getTime() ?? latest) <= latest) return { report };

    const issues = success
      ? [{ path: 'usedAt', message: 'must not be more than an hour in the future' }]
      : issuesOf(error);
    return { id: id.safeParse((record as { id?: unknown } | null)?.id).data ?? null, issues };
  });
}
