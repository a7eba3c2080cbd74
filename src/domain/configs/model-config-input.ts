import { z } from 'zod';
import type { Prisma } from '../../database/generated/prisma/client.ts';
import { ValidationError } from '../../errors/base.ts';
import { parseInput } from '../input/validation.ts';

const maxSettingsLength = 16_384;
const maxDepth = 32;

// PostgreSQL's jsonb stores neither NUL nor lone surrogates.
const unstorable = /[\0\p{Cs}]/u;

/** An optional boolean: absent leaves it unchanged. */
export const flag = z.boolean({ error: 'must be true or false' }).optional();

/** The id of a provider key; null removes it. */
export const keyId = z
  .string()
  .regex(/^[!-~]{1,200}$/, 'is no id')
  .nullish();

const customModel = z.looseObject({
  displayName: z.string().min(1, 'must not be empty'),
  inputCostPer1kTokens: z.number().min(0, 'must not be negative'),
  outputCostPer1kTokens: z.number().min(0, 'must not be negative'),
  maxOutputTokens: z.int().positive('must be positive').optional(),
  supportsStreaming: z.boolean().optional(),
  supportedResponseFormats: z.array(z.string()).optional(),
});

/**
 * Parses the settings for calls of a model: an open JSON object of at most 16 KiB, with whole numbers up to 2^53 - 1. Known
 * fields are validated, `maxTokens` against the model's output limit where that is known.
 *
 * @throws ValidationError with paths that begin with `settings`
 */
export function parseSettings(settings: unknown, maxOutputTokens: number | null): Prisma.InputJsonObject {
  const limit = maxOutputTokens ?? Number.MAX_SAFE_INTEGER;
  const schema = z
    .looseObject(
      {
        temperature: z.number().min(0, 'must be from 0 to 2').max(2, 'must be from 0 to 2').optional(),
        maxTokens: z
          .int('must be a whole number')
          .positive('must be positive')
          .max(limit, `must not be more than the model's output limit of ${limit} tokens`)
          .optional(),
        customModel: customModel.optional(),
      },
      { error: 'must be an object; give {} to clear it' },
    )
    .refine(isStorable, {
      message: 'must hold values of JSON only: no NUL, no broken characters, no infinite numbers',
    })
    .superRefine((value, { addIssue }) => {
      for (const path of roundedIn(value)) addIssue({ code: 'custom', path, message: rounded });
    });
  // The size is checked before the schema: each entry of an oversized list could be a fault of its own.
  const message = faultOfSize(settings);
  if (message !== undefined) throw new ValidationError([{ path: 'settings', message }]);
  const parsed = parseInput(z.object({ settings: schema }), { settings });
  // Normalized as it will be read back (plain objects, no -0), so that a retry with the same settings is no change.
  return JSON.parse(JSON.stringify(parsed.settings), (_name, value) => (value === 0 ? 0 : value));
}

/** Whether JSON can represent the value, and PostgreSQL store its strings. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !unstorable.test(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) return value !== undefined;
  return Object.entries(value).every(([name, entry]) => isStorable(name) && isStorable(entry));
}

const rounded = 'is a whole number that is rounded when it is read; write it as a string';

/**
 * The paths of whole numbers that parsing may have rounded: those beyond 2^53 - 1. Smaller ones are exact; a fraction is the
 * nearest double for every parser.
 */
function roundedIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, entry]) => roundedIn(entry, [...path, name]));
}

/** Checks depth and size. Breadth first, without recursion; it stops once there are more values than the size allows. */
function faultOfSize(value: unknown): string | undefined {
  const tooLong = `must not be longer than ${maxSettingsLength} characters as JSON`;
  let level = [value];
  let entries = 0;
  let zeros = 0;
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return `must not be nested deeper than ${maxDepth}`;
    // Each value takes at least one character and a separator.
    entries += level.length;
    if (entries * 2 > maxSettingsLength) return tooLong;
    zeros += level.reduce<number>((sum, entry) => sum + zerosOf(entry), 0);
    level = level.flatMap((entry) => (typeof entry === 'object' && entry !== null ? Object.values(entry) : []));
  }
  return (JSON.stringify(value)?.length ?? 0) + zeros > maxSettingsLength ? tooLong : undefined;
}

/** Zeros that PostgreSQL writes out for a small fraction, which JSON.stringify writes with an exponent: up to 323 for `e-323`. */
function zerosOf(value: unknown): number {
  return typeof value === 'number' ? Number(/e-(\d+)$/.exec(String(value))?.[1] ?? 0) : 0;
}
