import { z } from 'zod';
import type { Catalog } from '../../catalog/catalog.ts';
import { foldName } from '../../catalog/model-name.ts';
import { ValidationError } from '../../errors/base.ts';
import { UnknownModelError } from '../../errors/models.ts';
import { modelsOf } from '../../policy/alias.ts';
import { modelSelector } from '../../policy/model-selector.ts';
import { canBeDefault } from '../../policy/policy.ts';
import type { Policy } from '../../policy/policy-value.ts';
import { expectedRevision, parseInput, reason } from '../input/validation.ts';

/** What each change of a policy takes besides the change. */
export const policyChangeFields = { expectedRevision, reason, dryRun: z.boolean().optional() };

const Selector = z.object({ selector: modelSelector });

/**
 * A selector that would be taken as an entry of a list.
 * @throws ValidationError
 */
export function parseSelector(selector: string): string {
  return parseInput(Selector, { selector }).selector;
}

/**
 * The name of a default model as it is stored: an alias of a chat model, or the key of one.
 * @throws UnknownModelError, ValidationError
 */
export function checkedDefault(catalog: Catalog, aliases: Policy['aliases'], name: string): string {
  const alias = foldName(name);
  if (Object.hasOwn(aliases, alias)) {
    refuseUnusableAlias(catalog, aliases, alias, 'defaultModelKey');
    return alias;
  }
  const model = catalog.find(name);
  if (!model) throw new UnknownModelError(name);
  if (!canBeDefault(model)) {
    const message = `must be the key of a chat model; "${name}" is of kind ${model.kind}`;
    throw new ValidationError([{ path: 'defaultModelKey', message }]);
  }
  return catalog.keysOf(name)[0] ?? name;
}

/**
 * Refuses a default that no model of an alias can be.
 * @throws ValidationError
 */
export function refuseUnusableAlias(catalog: Catalog, aliases: Policy['aliases'], name: string, path: string): void {
  const models = modelsOf({ aliases }, catalog, name);
  if (models.some((model) => model && canBeDefault(model))) return;
  throw new ValidationError([
    { path, message: `must name a chat model, to be the default: "${name}" stands for none` },
  ]);
}
