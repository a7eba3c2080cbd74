import { excerpt } from '../errors/base.ts';
import { ScimError } from '../errors/scim.ts';
import { type Attribute, attributeOf } from './attributes.ts';

/** A resource, or a part of it, with the names of the schema. */
export type Resource = Record<string, unknown>;

const maxTextLength = 2_000;
const maxValues = 50;

/**
 * Reads an object by its attributes: names in any case, `null` and empty values as absent, unknown and read-only ones ignored, as
 * RFC 7644 has it.
 *
 * @throws ScimError for a value that does not fit
 */
export function readResource(attributes: readonly Attribute[], given: unknown, path = 'The resource'): Resource {
  if (!isObject(given)) throw unfit(path, 'must be an object');
  const resource: Resource = {};
  for (const [name, value] of Object.entries(given)) {
    const attribute = attributeOf(attributes, name);
    if (!attribute || attribute.mutability) continue;
    const read = readValue(attribute, value);
    if (read !== undefined) resource[attribute.name] = read;
  }
  return resource;
}

/** The value of an attribute; undefined where it is empty. */
export function readValue(attribute: Attribute, given: unknown): unknown {
  if (given === null || given === undefined) return undefined;
  if (!attribute.multiValued) return readOne(attribute, given);
  const values = Array.isArray(given) ? given : [given];
  refuseMany(attribute.name, values.length);
  const read = values.map((value) => readOne(attribute, value)).filter((value) => value !== undefined);
  return read.length > 0 ? read : undefined;
}

/** @throws ScimError for more values than an attribute may have */
export function refuseMany(name: string, count: number): void {
  if (count > maxValues) throw unfit(name, `must not have more than ${maxValues} values`);
}

function readOne(attribute: Attribute, given: unknown): unknown {
  const { name, type, sub = [] } = attribute;
  if (given === null) return undefined;
  if (type === 'boolean') return readBoolean(name, given);
  if (type === 'string') return readText(name, given);
  // Some directories send the value alone: of a manager, or of an e-mail address.
  const whole = typeof given === 'string' && attributeOf(sub, 'value') ? { value: given } : given;
  const read = readResource(sub, whole, name);
  return Object.keys(read).length > 0 ? read : undefined;
}

/** Entra sends `"False"`. */
function readBoolean(name: string, given: unknown): boolean {
  if (typeof given === 'boolean') return given;
  const said = typeof given === 'string' ? given.toLowerCase() : '';
  if (said !== 'true' && said !== 'false') throw unfit(name, 'must be true or false');
  return said === 'true';
}

function readText(name: string, given: unknown): string | undefined {
  if (typeof given !== 'string') throw unfit(name, 'must be a string');
  if (given.length > maxTextLength) throw unfit(name, `must not be longer than ${maxTextLength} characters`);
  // The database can store neither.
  if (/[\0\p{Cs}]/u.test(given)) throw unfit(name, 'must not contain NUL, or half of a character');
  return given === '' ? undefined : given;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The refusal of a value. */
export function unfit(path: string, message: string): ScimError {
  return new ScimError('invalidValue', `${excerpt(path)} ${message}`);
}
