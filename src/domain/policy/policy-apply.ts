import { z } from 'zod';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Database } from '../../database/pool/client.ts';
import { ValidationError } from '../../errors/base.ts';
import type { Limits } from '../../limits.ts';
import { spellSelectors } from '../../policy/model-selector.ts';
import type { Policy } from '../../policy/policy-value.ts';
import { refuseUnknownProviders } from '../input/providers.ts';
import { parseInput } from '../input/validation.ts';
import { changePolicy, keepOrder, type PolicyChangeContext, type PolicyOutcome } from './policy-change.ts';
import { type PolicyDocument, parsePolicyDocument, refuseForeignDocument } from './policy-document.ts';
import { policyChangeFields, refuseInvalidDefault } from './policy-input.ts';

const Apply = z.object({ document: z.string(), ...policyChangeFields });

/**
 * Makes an organization's policy what a document says; or answers the preview of a dry run. What is so already makes no revision.
 *
 * @throws ValidationError with path, line and column; InvalidProviderSlugError, UnknownModelError, DefaultModelDisabledError,
 *   RevisionConflictError
 */
export async function applyPolicy(
  db: Database,
  context: PolicyChangeContext & { limits: Limits },
  input: unknown,
): Promise<PolicyOutcome> {
  const { catalog, organizationId, limits } = context;
  const { document: text, ...options } = parseInput(Apply, input);
  const document = parsePolicyDocument(text, limits);
  refuseForeignDocument(document, organizationId);
  return changePolicy(db, context, options, (present) => ({
    action: 'POLICY_APPLIED',
    policy: keepOrder(present, spell(catalog, document, present)),
  }));
}

/**
 * The policy of a document, as the catalog spells its names. What the present policy has already is neither checked nor spelled
 * anew: so a document that was written of it changes nothing, whatever the catalog has lost since.
 */
function spell(catalog: Catalog, { policy, faultAt }: PolicyDocument, present: Policy): Policy {
  const { disabledProviders, disabledModels, defaultModelKey } = policy;
  const providers = new Set(present.disabledProviders);
  refuseUnknownProviders(disabledProviders.filter((slug) => !providers.has(slug)));
  const models = new Set(present.disabledModels);
  return {
    disabledProviders,
    disabledModels: [
      ...new Set(disabledModels.flatMap((name) => (models.has(name) ? [name] : spellSelectors(catalog, [name])))),
    ],
    defaultModelKey:
      defaultModelKey === null || defaultModelKey === present.defaultModelKey
        ? defaultModelKey
        : spellDefault(catalog, defaultModelKey, faultAt),
  };
}

function spellDefault(catalog: Catalog, name: string, faultAt: PolicyDocument['faultAt']): string {
  try {
    refuseInvalidDefault(catalog, name);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    throw new ValidationError(error.issues.map(({ path, message }) => faultAt([path], message)));
  }
  return catalog.keysOf(name)[0] ?? name;
}
