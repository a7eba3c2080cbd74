import { z } from 'zod';
import { modelName } from './model-selector.ts';
import type { Policy } from './policy-value.ts';

/** The maximum number of characters of a provider's slug. */
const maxSlugLength = 200;

// PostgreSQL stores neither NUL nor lone surrogates; other control characters are refused with them.
const providerSlug = z
  .string()
  .min(1, 'must not be empty')
  .max(maxSlugLength, `must not be longer than ${maxSlugLength} characters`)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters');

/**
 * What each field of a policy may say, in canonical order, for a service whose lists have so many entries at most. The only table of
 * fields: what changes may give, documents and their JSON Schema follow from it.
 */
export function policyFields(maxEntries: number) {
  const list = (entry: z.ZodString) => {
    const tooLong = `must not have more than ${maxEntries} entries`;
    // Counted first, so that entries of an endless list are not checked one by one.
    return z
      .array(z.unknown(), { error: 'must be a list; give [] to clear it' })
      .max(maxEntries, tooLong)
      .pipe(
        z
          .array(entry)
          .max(maxEntries, tooLong)
          .overwrite((entries) => [...new Set(entries)]),
      );
  };
  return {
    disabledProviders: list(providerSlug).describe('The providers, by slug, none of whose models may be used.'),
    disabledModels: list(modelName).describe(
      'The models that may not be used: by key (`gpt-4o-mini`), by `provider/key`, or by an alias.',
    ),
    defaultModelKey: modelName
      .nullable()
      .describe('The key of the model to use where no default configuration can be used; null: none.'),
  } satisfies Record<keyof Policy, z.ZodType>;
}
