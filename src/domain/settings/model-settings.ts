import { z } from 'zod';
import type { Database } from '../../database/pool/client.ts';
import { policyFields } from '../../policy/policy-fields.ts';
import { withReview } from '../../policy/review.ts';
import { cachedSchema } from '../input/cached-schema.ts';
import { definedFields } from '../input/defined-fields.ts';
import { parseInput } from '../input/validation.ts';
import { parseKeeping } from '../policy/kept-names.ts';
import { changeLists, listChangeFields } from '../policy/list-change.ts';
import { changePolicy, keepOrder, type PolicyChangeContext, type PolicyOutcome } from '../policy/policy-change.ts';
import { checkedDefault, policyChangeFields } from '../policy/policy-input.ts';

/** A partial change: what is absent stays, null clears the default. */
const modelSettingsChange = cachedSchema((maxEntries) => newModelSettingsChange(maxEntries));

function newModelSettingsChange(maxEntries: number, kept?: ReadonlySet<string>) {
  const { defaultModelKey, newModels } = policyFields(maxEntries);
  return z.object({
    ...listChangeFields(maxEntries, kept),
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
  const { catalog, organizationId, limits } = context;
  const { expectedRevision, reason, dryRun, defaultModelKey, newModels, ...lists } = await parseKeeping(
    db,
    organizationId,
    (kept) =>
      parseInput(kept ? newModelSettingsChange(limits.inputList, kept) : modelSettingsChange(limits.inputList), input),
  );

  return changePolicy(db, context, { expectedRevision, reason, dryRun }, (present) => {
    // Unknown providers are told before an unknown default.
    const changed = changeLists(catalog, present, lists);
    const given = definedFields({
      newModels,
      defaultModelKey: defaultModelKey && checkedDefault(catalog, present.aliases, defaultModelKey),
    });
    const policy = { ...present, ...changed, ...given };
    return {
      action: 'MODEL_SETTINGS_UPDATED',
      policy: keepOrder(present, withReview(policy, present, catalog)),
      givesDefault: defaultModelKey !== undefined,
    };
  });
}

/** The organization whose settings have this id. */
export function organizationIdOf(settingsId: string): string {
  return settingsId.replace(/^oms_/, 'org_');
}
