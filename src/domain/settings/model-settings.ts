import { z } from 'zod';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Database } from '../../database/pool/client.ts';
import { ValidationError } from '../../errors/base.ts';
import { UnknownModelError } from '../../errors/models.ts';
import type { Limits } from '../../limits.ts';
import { modelName, spellSelectors } from '../../policy/model-selector.ts';
import { canBeDefault } from '../../policy/policy.ts';
import { definedFields } from '../input/defined-fields.ts';
import { refuseUnknownProviders } from '../input/providers.ts';
import { parseInput } from '../input/validation.ts';
import { changePolicy, keepOrder, type PolicyChangeContext, type PolicyOutcome } from '../policy/policy-change.ts';
import { policyChangeFields } from '../policy/policy-input.ts';

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
    ...policyChangeFields,
  });
}

/**
 * Changes an organization's settings for models, and answers its new snapshot; or the preview of a dry run. Where nothing changes
 * there is no new revision, and `updatedAt` stays.
 *
 * @throws ValidationError, UnknownModelError, DefaultModelDisabledError, RevisionConflictError
 */
export async function updateModelSettings(
  db: Database,
  context: PolicyChangeContext & { limits: Limits },
  input: unknown,
): Promise<PolicyOutcome> {
  const { catalog, limits } = context;
  const { expectedRevision, reason, dryRun, ...fields } = parseInput(modelSettingsChange(limits.inputList), input);
  refuseUnknownProviders(fields.disabledProviders ?? []);
  if (fields.defaultModelKey) refuseInvalidDefault(catalog, fields.defaultModelKey);
  const change = definedFields({
    ...fields,
    disabledModels: fields.disabledModels && spellSelectors(catalog, fields.disabledModels),
    defaultModelKey: fields.defaultModelKey && catalog.keysOf(fields.defaultModelKey)[0],
  });

  return changePolicy(db, context, { expectedRevision, reason, dryRun }, (present) => {
    const policy = { ...present, ...change };
    return {
      action: 'MODEL_SETTINGS_UPDATED',
      policy: {
        ...policy,
        disabledProviders: keepOrder(present.disabledProviders, policy.disabledProviders),
        disabledModels: keepOrder(present.disabledModels, policy.disabledModels),
      },
      givesDefault: fields.defaultModelKey !== undefined,
    };
  });
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
