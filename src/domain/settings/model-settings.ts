import { z } from 'zod';
import type { Database } from '../../database/pool/client.ts';
import { spellSelectors } from '../../policy/model-selector.ts';
import { policyFields } from '../../policy/policy-fields.ts';
import { withReview } from '../../policy/review.ts';
import { definedFields } from '../input/defined-fields.ts';
import { refuseUnknownProviders } from '../input/providers.ts';
import { parseInput } from '../input/validation.ts';
import { changePolicy, keepOrder, type PolicyChangeContext, type PolicyOutcome } from '../policy/policy-change.ts';
import { checkedDefault, policyChangeFields } from '../policy/policy-input.ts';

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
  const { disabledProviders, disabledModels, allowedModels, defaultModelKey, newModels } = policyFields(maxEntries);
  return z.object({
    disabledProviders: disabledProviders.optional(),
    disabledModels: disabledModels.optional(),
    allowedModels: allowedModels.optional(),
    defaultModelKey: defaultModelKey.optional(),
    newModels: newModels.optional(),
    ...policyChangeFields,
  });
}

/**
 * Changes an organization's settings for models, and answers its new snapshot; or the preview of a dry run. Where nothing changes
 * there is no new revision, and `updatedAt` stays.
 *
 * @throws ValidationError, InvalidProviderSlugError, UnknownModelError, DefaultModelDisabledError, RevisionConflictError
 */
export async function updateModelSettings(
  db: Database,
  context: PolicyChangeContext,
  input: unknown,
): Promise<PolicyOutcome> {
  const { catalog, limits } = context;
  const { expectedRevision, reason, dryRun, ...fields } = parseInput(modelSettingsChange(limits.inputList), input);
  refuseUnknownProviders(fields.disabledProviders ?? []);
  const change = definedFields({
    ...fields,
    disabledModels: fields.disabledModels && spellSelectors(catalog, fields.disabledModels),
    allowedModels: fields.allowedModels && spellSelectors(catalog, fields.allowedModels),
  });

  return changePolicy(db, context, { expectedRevision, reason, dryRun }, (present) => {
    const { defaultModelKey } = fields;
    const given = defaultModelKey ? { defaultModelKey: checkedDefault(catalog, present.aliases, defaultModelKey) } : {};
    return {
      action: 'MODEL_SETTINGS_UPDATED',
      policy: keepOrder(present, withReview({ ...present, ...change, ...given }, present, catalog)),
      givesDefault: defaultModelKey !== undefined,
    };
  });
}

/** The organization whose settings have this id. */
export function organizationIdOf(settingsId: string): string {
  return settingsId.replace(/^oms_/, 'org_');
}
