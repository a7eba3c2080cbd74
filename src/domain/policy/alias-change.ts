import { z } from 'zod';
import type { Database } from '../../database/pool/client.ts';
import { NotFoundError, ValidationError } from '../../errors/base.ts';
import { targetsOf } from '../../policy/alias.ts';
import { aliasName, targetsField } from '../../policy/policy-fields.ts';
import { aliasesOf, entryOf } from '../../policy/policy-value.ts';
import { parseInput } from '../input/validation.ts';
import { changePolicy, type PolicyChangeContext, type PolicyOutcome } from './policy-change.ts';
import { policyChangeFields, refuseUnusableAlias } from './policy-input.ts';
import { refuseKeyAsAlias, spellTargets } from './policy-spelling.ts';

const Setting = z.object({ name: aliasName, targets: targetsField(), ...policyChangeFields });
const Deletion = z.object({ name: aliasName, ...policyChangeFields });

/**
 * Makes an alias of an organization, or replaces its targets. What is so already makes no revision. A target that it had before is
 * kept, though the catalog may have lost it.
 *
 * @throws ValidationError for a name that the catalog has, an alias of an alias, and one alias too many; UnknownModelError,
 *   DefaultModelDisabledError, RevisionConflictError
 */
export function setModelAlias(db: Database, context: PolicyChangeContext, input: unknown): Promise<PolicyOutcome> {
  const { catalog } = context;
  const { name, targets, ...options } = parseInput(Setting, input);
  return changePolicy(db, context, options, (present) => {
    const former = entryOf(present.aliases, name);
    if (!former) refuseKeyAsAlias(catalog, name, 'name');
    const known = { ...present.aliases, [name]: targets };
    const aliases = aliasesOf({
      ...present.aliases,
      [name]: spellTargets(catalog, targets, { aliases: known, former, path: 'targets' }),
    });
    if (present.defaultModelKey === name) refuseUnusableAlias(catalog, aliases, name, 'targets');
    return { action: 'MODEL_ALIAS_SET', policy: { ...present, aliases } };
  });
}

/**
 * Deletes an alias.
 * @throws NotFoundError where there is none of this name; ValidationError where it is the default; RevisionConflictError
 */
export function deleteModelAlias(db: Database, context: PolicyChangeContext, input: unknown): Promise<PolicyOutcome> {
  const { name, ...options } = parseInput(Deletion, input);
  return changePolicy(db, context, options, (present) => {
    if (!targetsOf(present, name)) throw new NotFoundError(`The policy has no alias "${name}"`);
    if (present.defaultModelKey === name) {
      const message = `must not be the default: set another default, or null, before "${name}" is deleted`;
      throw new ValidationError([{ path: 'name', message }]);
    }
    const { [name]: _deleted, ...aliases } = present.aliases;
    return { action: 'MODEL_ALIAS_DELETED', policy: { ...present, aliases } };
  });
}
