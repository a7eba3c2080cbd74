import { z } from 'zod';
import { maxNameLength } from '../catalog/model-name.ts';
import { aliasPattern, maxTargets } from './alias.ts';
import { modelName, modelSelector } from './model-selector.ts';
import type { Lists, Policy } from './policy-value.ts';
import { subjectIdPattern } from './subject.ts';

/** The maximum number of characters of a provider's slug. */
const maxSlugLength = 200;

// PostgreSQL stores neither NUL nor lone surrogates; other control characters are refused with them.
const providerSlug = z
  .string()
  .min(1, 'must not be empty')
  .max(maxSlugLength, `must not be longer than ${maxSlugLength} characters`)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters');

/** The name of one model, not a pattern. */
export const exactModel = modelName.refine((name) => !name.includes('*'), 'must name one model, without a *');

/** The name of an alias. */
export const aliasName = z
  .string()
  .trim()
  .toLowerCase()
  .regex(aliasPattern, 'must have 1 to 63 letters, digits and hyphens, and begin with none of the latter');

/** The id of a subject. */
export const subjectId = z
  .string()
  .regex(subjectIdPattern, 'must be the id of a user, a team or an API key, or role_owner, role_admin or role_member');

/** Nothing is kept as it is. */
const nothing: ReadonlySet<string> = new Set();

/** What an entry or a name may be; and what is kept as it is, though it would not be taken, or not without a change. */
function orKept<Schema extends z.ZodType<string>>(schema: Schema, kept: ReadonlySet<string>) {
  if (kept.size === 0) return schema;
  return z.string().transform((text, context) => {
    if (kept.has(text)) return text;
    const { success, data, error } = schema.safeParse(text);
    if (success) return data;
    for (const { message } of error.issues) context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

/** The names in a policy that its fields would not take as they are: an earlier release stored them as they were given. */
export function unfitNames({ disabledModels, defaultModelKey }: Policy): ReadonlySet<string> {
  const unfit = disabledModels.filter((entry) => modelSelector.safeParse(entry).data !== entry);
  const isFit = defaultModelKey === null || modelName.safeParse(defaultModelKey).data === defaultModelKey;
  return new Set(isFit ? unfit : [...unfit, defaultModelKey]);
}

/** A list without repetitions, of so many entries at most. */
function listOf(entry: z.ZodType<string>, maxEntries: number, error = 'must be a list; give [] to clear it') {
  const tooLong = `must not have more than ${maxEntries} entries`;
  // Counted first, so that entries of an endless list are not checked one by one.
  return z
    .array(z.unknown(), { error })
    .max(maxEntries, tooLong)
    .pipe(
      z
        .array(entry)
        .max(maxEntries, tooLong)
        .overwrite((entries) => [...new Set(entries)]),
    );
}

/** What is wrong with a key of a map, instead of that it is invalid. */
function faultOfKey(issue: z.core.$ZodRawIssue): string | undefined {
  return issue.code === 'invalid_key' ? issue.issues[0]?.message : undefined;
}

/** A map of so many entries at most. Counted first, like a list. */
function mapOf<Value extends z.ZodType>(key: z.ZodString, value: Value, maxEntries: number) {
  return z
    .record(z.string(), z.unknown(), { error: 'must have fields; give {} to clear it' })
    .refine((map) => Object.keys(map).length <= maxEntries, {
      error: `must not have more than ${maxEntries} entries`,
      abort: true,
    })
    .superRefine((map, context) => {
      const known = new Set<string>();
      for (const name of Object.keys(map)) {
        const spelled = key.safeParse(name).data ?? name;
        if (known.has(spelled)) {
          context.addIssue({ code: 'custom', path: [name], message: 'is given twice, in another spelling' });
        }
        known.add(spelled);
      }
    })
    .pipe(z.record(key, value, { error: faultOfKey }).meta({ maxProperties: maxEntries }));
}

/** The models that an alias stands for. */
export function targetsField() {
  return listOf(exactModel, maxTargets, 'must be a list of models')
    .refine((targets) => targets.length > 0, 'must name a model')
    .meta({ minItems: 1 });
}

/** What each list may say, for an organization or a subject of it, in canonical order. The names of `kept` are taken as they are. */
export function listFields(maxEntries: number, kept = nothing) {
  return {
    disabledProviders: listOf(providerSlug, maxEntries).describe(
      'The providers, by slug, none of whose models may be used.',
    ),
    disabledModels: listOf(orKept(modelSelector, kept), maxEntries).describe(
      'The models that may not be used: by key (`gpt-4o-mini`), by `provider/key`, by an alias of the catalog, or by the beginning of any of these with a `*` behind it (`openai/*`).',
    ),
    allowedModels: listOf(modelSelector, maxEntries)
      .nullable()
      .describe('The only models that may be used, named like disabled ones; null: all. An empty list allows none.'),
  } satisfies Record<keyof Lists, z.ZodType>;
}

/**
 * Entries that a change adds to the lists, and those that it removes. An entry of an earlier release, or of a provider that is gone,
 * can be removed though it could not be added.
 */
export function entryFields(maxEntries: number) {
  const entriesOf = (entry: z.ZodType<string>) => listOf(entry, maxEntries, 'must be a list').optional();
  const text = z.string().trim().max(maxNameLength, `must not be longer than ${maxNameLength} characters`);
  return { providers: entriesOf(providerSlug), models: entriesOf(modelSelector), removed: entriesOf(text) };
}

/**
 * What each field of a policy may say, in canonical order, for a service whose lists have so many entries at most. The only table of
 * fields: what changes may give, documents and their JSON Schema follow from it. The names of `kept` are taken as they are.
 */
export function policyFields(maxEntries: number, kept = nothing) {
  return {
    ...listFields(maxEntries, kept),
    defaultModelKey: orKept(modelName, kept)
      .nullable()
      .describe('The key of the model, or the alias, to use where no default configuration can be used; null: none.'),
    newModels: z
      .enum(['ALLOW', 'REVIEW'], 'must be ALLOW or REVIEW')
      .describe('Whether models that are new in the catalog may be used at once, or wait for a review.'),
    reviewedAt: z.iso
      .datetime({ error: 'must be a time of ISO 8601 in UTC, such as 2026-11-22T00:00:00.000Z' })
      .overwrite((time) => new Date(time).toISOString())
      .nullable()
      .describe(
        'Under `newModels: REVIEW`, models that were in the catalog by then are reviewed. Absent: as it is; at the beginning all that are there.',
      ),
    approvedModels: listOf(exactModel, maxEntries).describe(
      'Newer models that a review has allowed, by `provider/key`, without a `*`.',
    ),
    aliases: mapOf(aliasName, targetsField(), maxEntries).describe(
      "Names of the organization's own, each with the models that it stands for: the first that may be used counts.",
    ),
    scopes: mapOf(subjectId, z.strictObject(listFields(maxEntries)).partial(), maxEntries).describe(
      'Further lists for one subject each, by its id: `usr_…`, `team_…`, `role_owner`, `role_admin`, `role_member`, `api_…`. What is disabled adds up; of allow lists the nearest counts, within that of the organization.',
    ),
  } satisfies Record<keyof Policy, z.ZodType>;
}
