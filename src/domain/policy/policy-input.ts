import { z } from 'zod';
import type { Catalog } from '../../catalog/catalog.ts';
import { foldName } from '../../catalog/model-name.ts';
import { ValidationError } from '../../errors/base.ts';
import { UnknownModelError } from '../../errors/models.ts';
import { canBeDefault } from '../../policy/policy.ts';
import type { Policy } from '../../policy/policy-value.ts';
import { expectedRevision, reason } from '../input/validation.ts';

/** What each change of a policy takes besides the change. */
export const policyChangeFields = { expectedRevision, reason, dryRun: z.boolean().optional() };

/**
 * The name of a default model as it is stored: an alias, or the key of a chat model.
 * @throws UnknownModelError, ValidationError
 */
export function checkedDefault(catalog: Catalog, aliases: Policy['aliases'], name: string): string {
  const alias = foldName(name);
  if (Object.hasOwn(aliases, alias)) return alias;
  const model = catalog.find(name);
  if (!model) throw new UnknownModelError(name);
  if (!canBeDefault(model)) {
    const message = `must be the key of a chat model; "${name}" is of kind ${model.kind}`;
    throw new ValidationError([{ path: 'defaultModelKey', message }]);
  }
  return catalog.keysOf(name)[0] ?? name;
}
