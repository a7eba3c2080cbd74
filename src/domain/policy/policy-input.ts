import { z } from 'zod';
import type { Catalog } from '../../catalog/catalog.ts';
import { ValidationError } from '../../errors/base.ts';
import { UnknownModelError } from '../../errors/models.ts';
import { canBeDefault } from '../../policy/policy.ts';
import { expectedRevision, reason } from '../input/validation.ts';

/** What each change of a policy takes besides the change. */
export const policyChangeFields = { expectedRevision, reason, dryRun: z.boolean().optional() };

/**
 * Refuses a default model that is not in the catalog, or is no chat model.
 * @throws UnknownModelError, ValidationError
 */
export function refuseInvalidDefault(catalog: Catalog, modelKey: string): void {
  const model = catalog.find(modelKey);
  if (!model) throw new UnknownModelError(modelKey);
  if (!canBeDefault(model)) {
    const message = `must be the key of a chat model; "${modelKey}" is of kind ${model.kind}`;
    throw new ValidationError([{ path: 'defaultModelKey', message }]);
  }
}
