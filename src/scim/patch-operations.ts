import { ScimError } from '../errors/scim.ts';
import { type Attribute, attributeOf } from './attributes.ts';
import { type Path, parsePath } from './path.ts';
import { isObject } from './read-resource.ts';

/** An operation of a PATCH on one path. */
export interface Operation {
  op: 'add' | 'replace' | 'remove';
  path: Path;
  value: unknown;
}

const maxOperations = 1_000;

/**
 * Reads the operations of a PATCH (RFC 7644, 3.5.2), in both dialects: Okta sends a replace without a path, whose value names the
 * attributes; Entra sends `Add` and `Replace`, and names such as `name.givenName` in a value.
 *
 * @throws ScimError
 */
export function readOperations(attributes: readonly Attribute[], body: unknown): Operation[] {
  const given = isObject(body) ? (body.Operations ?? body.operations) : undefined;
  if (!Array.isArray(given) || given.length === 0) {
    throw new ScimError('invalidSyntax', 'Operations must be a list of operations');
  }
  refuseMore(given.length);
  const operations = given.flatMap((operation) => readOperation(attributes, operation));
  // Of one without a path there are as many as its value has names.
  refuseMore(operations.length);
  return operations;
}

function refuseMore(count: number): void {
  if (count > maxOperations) throw new ScimError('tooMany', `There are more than ${maxOperations} operations`);
}

function readOperation(attributes: readonly Attribute[], given: unknown): Operation[] {
  if (!isObject(given)) throw new ScimError('invalidSyntax', 'An operation must be an object');
  // An object may have no form as a string, and to ask for it throws.
  const op = typeof given.op === 'string' ? given.op.toLowerCase() : undefined;
  if (op !== 'add' && op !== 'replace' && op !== 'remove') {
    throw new ScimError('invalidSyntax', 'op must be add, replace or remove');
  }
  const { path, value } = given;
  if (typeof path === 'string' && path.trim() !== '') {
    const parsed = parsePath(attributes, path);
    if (parsed[0].attribute.mutability === 'readOnly') {
      throw new ScimError('mutability', `${parsed[0].attribute.name} cannot be changed`);
    }
    return [{ op, path: parsed, value }];
  }
  if (op === 'remove') throw new ScimError('noTarget', 'remove needs a path');
  if (!isObject(value)) throw new ScimError('invalidValue', 'Without a path the value must be an object');
  // As in a whole resource, what cannot be changed is ignored: Okta sends the id along.
  return Object.entries(value)
    .filter(([name]) => attributeOf(attributes, name)?.mutability !== 'readOnly')
    .map(([name, one]) => ({ op, path: parsePath(attributes, name), value: one }));
}
