import { ScimError } from '../errors/scim.ts';
import { type Attribute, attributeOf, enterpriseSchema, groupSchema, userSchema } from './attributes.ts';
import { type Comparison, parseComparisons, Scanner } from './filter.ts';

/** A part of a path: an attribute, and the values of it that are meant; all where there is no filter. */
export interface Step {
  attribute: Attribute;
  filter: readonly Comparison[] | undefined;
}

/** Where in a resource an operation is carried out: `emails[type eq "work"].value`. */
export type Path = readonly [Step, ...Step[]];

const schemas = [userSchema, groupSchema, enterpriseSchema];

/**
 * Parses the path of an operation.
 * @throws ScimError for one that is malformed, or names no attribute
 */
export function parsePath(attributes: readonly Attribute[], text: string): Path {
  const scanner = new Scanner(text.trim(), 'invalidPath');
  const steps: Step[] = [];
  let among = attributes;
  const schema = schemas.find((urn) => text.trim().toLowerCase().startsWith(urn.toLowerCase()));
  if (schema !== undefined) {
    scanner.read(/urn:[a-z:]+:2\.0:(?:User|Group)/iy);
    const extension = attributeOf(attributes, schema);
    if (extension) {
      steps.push({ attribute: extension, filter: undefined });
      among = extension.sub ?? [];
    }
    if (scanner.rest() !== '') scanner.expect(/:/y);
  }
  if (steps.length === 0 || scanner.rest() !== '') steps.push(...parseSteps(scanner, among));
  return steps as [Step, ...Step[]];
}

function parseSteps(scanner: Scanner, attributes: readonly Attribute[]): Step[] {
  const steps: Step[] = [];
  let among = attributes;
  do {
    const name = scanner.name();
    const attribute = attributeOf(among, name);
    if (!attribute) throw new ScimError('invalidPath', `There is no attribute ${JSON.stringify(name)}`);
    const filter = scanner.read(/\[/y) === undefined ? undefined : parseComparisons(scanner);
    if (filter) scanner.expect(/\s*\]/y);
    if (filter && !attribute.multiValued) throw scanner.fault(`${attribute.name} has one value`);
    steps.push({ attribute, filter });
    among = attribute.sub ?? [];
  } while (scanner.read(/\./y) !== undefined);
  scanner.end();
  return steps;
}
