import { z } from '@hono/zod-openapi';

/** A whole number in a query: digits alone, since other spellings are as likely a mistake. */
export function wholeNumber({ min, max = 999_999_999, byDefault }: { min: number; max?: number; byDefault: number }) {
  return z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(byDefault)
    .openapi({ type: 'integer', minimum: min, maximum: max, default: byDefault });
}
