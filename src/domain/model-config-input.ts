import { z } from 'zod';
import type { Prisma } from '../database/generated/prisma/client.ts';
import { parseInput } from './validation.ts';

const maxSettingsLength = 16_384;

// PostgreSQL's JSON takes neither NUL nor lone surrogates.
const unstorable = /[\0\p{Cs}]/u;

/** A switch that may be left as it is. */
export const flag = z.boolean({ error: 'must be true or false' }).optional();

/** The id of a provider key; null takes it away. */
export const keyId = z.string().max(200, 'must not be longer than 200 characters').nullish();

const customModel = z.looseObject({
  displayName: z.string().min(1, 'must not be empty'),
  inputCostPer1kTokens: z.number().min(0, 'must not be negative'),
  outputCostPer1kTokens: z.number().min(0, 'must not be negative'),
  maxOutputTokens: z.int().positive('must be positive').optional(),
  supportsStreaming: z.boolean().optional(),
  supportedResponseFormats: z.array(z.string()).optional(),
});

/**
 * What a configuration passes on to calls of its model: an open JSON object of at most 16 KiB. What is known of it is
 * checked where present; `maxTokens` against the model's output limit where that is known.
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
    .refine((object) => JSON.stringify(object).length <= maxSettingsLength, {
      message: `must not be longer than ${maxSettingsLength} characters as JSON`,
    })
    .refine(isStorable, { message: 'must not contain NUL or broken characters' });
  // It came as JSON, so every value in it is.
  return parseInput(z.object({ settings: schema }), { settings }).settings as Prisma.InputJsonObject;
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !unstorable.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, entry]) => isStorable(name) && isStorable(entry));
}
