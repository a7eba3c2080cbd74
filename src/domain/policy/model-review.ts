import { z } from 'zod';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Model } from '../../catalog/model.ts';
import type { Database } from '../../database/pool/client.ts';
import { ValidationError } from '../../errors/base.ts';
import { UnknownModelError } from '../../errors/models.ts';
import type { Limits } from '../../limits.ts';
import { spellSelectors } from '../../policy/model-selector.ts';
import { policyFields } from '../../policy/policy-fields.ts';
import { modelsNamed, reviewed } from '../../policy/review.ts';
import { parseInput } from '../input/validation.ts';
import { changePolicy, type PolicyChangeContext, type PolicyOutcome } from './policy-change.ts';
import { policyChangeFields } from './policy-input.ts';

function modelReview({ inputList }: Limits) {
  const { approvedModels: names } = policyFields(inputList);
  return z.object({ allow: names.default([]), disable: names.default([]), ...policyChangeFields });
}

/**
 * Allows and disables models that wait for a review, each by its name. Where none waits any more, the whole catalog is reviewed. A
 * review that adds nothing makes no revision.
 *
 * @throws ValidationError where new models need no review, and for a model that is in both lists; UnknownModelError,
 *   DefaultModelDisabledError, RevisionConflictError
 */
export async function reviewModels(db: Database, context: PolicyChangeContext, input: unknown): Promise<PolicyOutcome> {
  const { catalog, limits } = context;
  const { allow, disable, ...options } = parseInput(modelReview(limits), input);
  const allowed = new Set(allow.flatMap((name) => knownModels(catalog, name)));
  disable.forEach((name, index) => {
    if (!knownModels(catalog, name).some((model) => allowed.has(model))) return;
    throw new ValidationError([{ path: `disable.${index}`, message: `"${name}" is in both lists` }]);
  });
  return changePolicy(db, context, options, (present) => {
    if (present.newModels === 'ALLOW') {
      throw new ValidationError([{ path: '', message: 'no model waits for a review: `newModels` is ALLOW' }]);
    }
    const review = { allow: [...allowed], disable: spellSelectors(catalog, disable) };
    return { action: 'MODELS_REVIEWED', policy: reviewed(present, review, catalog) };
  });
}

function knownModels(catalog: Catalog, name: string): Model[] {
  const models = modelsNamed(catalog, name);
  if (models.length === 0) throw new UnknownModelError(name);
  return models;
}
