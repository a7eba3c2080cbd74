import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Catalog } from '../../catalog/catalog.ts';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { ValidationError } from '../../errors/base.ts';
import { DefaultModelDisabledError, UnknownModelError } from '../../errors/models.ts';
import type { Limits } from '../../limits.ts';
import { modelName, spellSelectors } from '../../policy/model-selector.ts';
import { canBeDefault, reasonsAgainst, type Snapshot } from '../../policy/policy.ts';
import { documentOf, type Policy, policyOf } from '../../policy/policy-value.ts';
import { definedFields } from '../input/defined-fields.ts';
import { refuseUnknownProviders } from '../input/providers.ts';
import { expectedRevision, parseInput } from '../input/validation.ts';
import type { Actor } from '../ledger/ledger-entry.ts';
import { commitOptimistically } from '../ledger/optimistic-commit.ts';

/** The maximum number of characters of a provider's slug. */
const maxKeyLength = 200;

// PostgreSQL stores neither NUL nor lone surrogates; other control characters are refused with them.
const key = z
  .string()
  .min(1, 'must not be empty')
  .max(maxKeyLength, `must not be longer than ${maxKeyLength} characters`)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters');

type ModelSettingsChange = ReturnType<typeof newModelSettingsChange>;
const changesByMax = new Map<number, ModelSettingsChange>();

/** A partial change: what is absent stays, a list is replaced whole, null clears the default. */
function modelSettingsChange(maxEntries: number): ModelSettingsChange {
  // Cached, since to build the schema costs as much as two statements.
  const change = changesByMax.get(maxEntries) ?? newModelSettingsChange(maxEntries);
  changesByMax.set(maxEntries, change);
  return change;
}

function newModelSettingsChange(maxEntries: number) {
  const list = (entry: z.ZodString) =>
    z
      .array(z.unknown(), { error: 'must be a list; give [] to clear it' })
      .max(maxEntries, `must not have more than ${maxEntries} entries`)
      .pipe(z.array(entry))
      .transform((entries) => [...new Set(entries)])
      .optional();
  return z.object({
    disabledProviders: list(key),
    disabledModels: list(modelName),
    defaultModelKey: modelName.nullish(),
    expectedRevision,
  });
}

const commitSettings = commitOptimistically({
  columns: Prisma.sql`"policy" jsonb`,
  // Release 0.1 reads the three columns.
  statement: Prisma.sql`
    INSERT INTO public."ModelSettings"
      ("organizationId", "policy", "disabledProviders", "disabledModels", "defaultModelKey", "updatedAt", "updatedById")
    SELECT "id", "policy", ARRAY(SELECT jsonb_array_elements_text("policy" -> 'disabledProviders')),
      ARRAY(SELECT jsonb_array_elements_text("policy" -> 'disabledModels')), "policy" ->> 'defaultModelKey', "at", "actorId"
    FROM "appended"
    ON CONFLICT ("organizationId") DO UPDATE SET "policy" = EXCLUDED."policy",
      "disabledProviders" = EXCLUDED."disabledProviders", "disabledModels" = EXCLUDED."disabledModels",
      "defaultModelKey" = EXCLUDED."defaultModelKey", "updatedAt" = EXCLUDED."updatedAt", "updatedById" = EXCLUDED."updatedById"`,
});

/** The caller, the catalog and the time of a change. */
export interface ChangeOfModelSettings {
  catalog: Catalog;
  organizationId: string;
  actor: Actor;
  now: Date;
  limits: Limits;
}

/**
 * Changes an organization's settings for models, and answers its new snapshot. Where nothing changes there is no new
 * revision, and `updatedAt` stays.
 *
 * @throws ValidationError, UnknownModelError, DefaultModelDisabledError, RevisionConflictError
 */
export async function updateModelSettings(
  db: Database,
  { catalog, organizationId, actor, now, limits }: ChangeOfModelSettings,
  input: unknown,
): Promise<Snapshot> {
  const { expectedRevision: expected, ...fields } = parseInput(modelSettingsChange(limits.inputList), input);
  refuseUnknownProviders(fields.disabledProviders ?? []);
  if (fields.defaultModelKey) refuseInvalidDefault(catalog, fields.defaultModelKey);
  const change = {
    ...fields,
    disabledModels: fields.disabledModels && spellSelectors(catalog, fields.disabledModels),
    defaultModelKey: fields.defaultModelKey && catalog.keysOf(fields.defaultModelKey)[0],
  };

  const request = { organizationId, actor, expectedRevision: expected };
  return commitSettings(db, request, (present) => {
    const before = policyOf(present);
    const { disabledProviders, disabledModels, defaultModelKey } = { ...before, ...definedFields(change) };
    const after: Policy = {
      disabledProviders: keepOrder(before.disabledProviders, disabledProviders),
      disabledModels: keepOrder(before.disabledModels, disabledModels),
      defaultModelKey,
    };
    if (isDeepStrictEqual(before, after)) return { unchanged: present };

    refuseDisabledDefault(catalog, now, { before, after, isNew: change.defaultModelKey !== undefined });
    return {
      action: 'MODEL_SETTINGS_UPDATED',
      subjectId: settingsIdOf(organizationId),
      before: { ...before },
      after: { ...after },
      values: { policy: documentOf(after) as Prisma.InputJsonObject },
      result: ({ revision, at }) => ({ organizationId, revision, ...after, updatedAt: at, updatedById: actor.userId }),
    };
  });
}

/** The id of an organization's settings: the organization's own, with the prefix `oms_`. */
export function settingsIdOf(organizationId: string): string {
  return organizationId.replace(/^org_/, 'oms_');
}

/** The organization whose settings have this id. */
export function organizationIdOf(settingsId: string): string {
  return settingsId.replace(/^oms_/, 'org_');
}

/** Refuses a default model that is not in the catalog, or is no chat model. */
function refuseInvalidDefault(catalog: Catalog, modelKey: string): void {
  const model = catalog.find(modelKey);
  if (!model) throw new UnknownModelError(modelKey);
  if (!canBeDefault(model)) {
    const message = `must be the key of a chat model; "${modelKey}" is of kind ${model.kind}`;
    throw new ValidationError([{ path: 'defaultModelKey', message }]);
  }
}

/** Refuses a change that disables the default. A default that was not allowed before (a retired model) blocks no other change. */
function refuseDisabledDefault(
  catalog: Catalog,
  now: Date,
  { before, after, isNew }: { before: Policy; after: Policy; isNew: boolean },
): void {
  if (after.defaultModelKey === null) return;
  const model = catalog.find(after.defaultModelKey);
  // Set before defaults had to be chat models; it is never the effective default.
  if (model && !canBeDefault(model)) return;
  const reasons = reasonsAgainst(after, model, now);
  const wasAllowed = isNew || reasonsAgainst(before, model, now).length === 0;
  if (reasons.length > 0 && wasAllowed) throw new DefaultModelDisabledError(after.defaultModelKey, reasons);
}

/** The former list where the new one has the same entries in another order: that is no change. */
function keepOrder(was: readonly string[], is: readonly string[]): string[] {
  const entries = new Set(is);
  return [...(was.length === entries.size && was.every((entry) => entries.has(entry)) ? was : is)];
}
