import { ScimError } from '../errors/scim.ts';
import { enterpriseSchema } from './attributes.ts';
import { type Comparison, parseFilter } from './filter.ts';
import type { Resource } from './read-resource.ts';

/** What a request asks of a list. */
export interface ListQuery {
  comparisons: readonly Comparison[];
  startIndex: number;
  offset: number;
  limit: number;
}

/** @throws ScimError */
export function readListQuery(query: Record<string, string>, maxCount: number): ListQuery {
  const startIndex = Math.max(1, numberOf(query, 'startIndex', 1));
  const limit = Math.min(Math.max(0, numberOf(query, 'count', maxCount)), maxCount);
  const comparisons = query.filter === undefined || query.filter === '' ? [] : parseFilter(query.filter);
  return { comparisons, startIndex, offset: startIndex - 1, limit };
}

function numberOf(query: Record<string, string>, name: string, otherwise: number): number {
  const given = query[name];
  if (given === undefined || given === '') return otherwise;
  if (!/^-?\d{1,9}$/.test(given)) throw new ScimError('invalidValue', `${name} must be a whole number`);
  return Number(given);
}

/** The refusal of a comparison that cannot be made. */
export function unsupported({ attribute, value }: Comparison): ScimError {
  const compared = typeof value === 'string' ? 'a string' : 'true or false';
  return new ScimError(
    'invalidFilter',
    `${JSON.stringify(attribute.slice(0, 100))} cannot be compared with ${compared}`,
  );
}

/** Whether an attribute is to be in the answer: `attributes` and `excludedAttributes` name those that are, or are not. */
export function isAsked({ attributes, excludedAttributes }: Record<string, string>, name: string): boolean {
  if (attributes) return namesIn(attributes).includes(name.toLowerCase());
  return !excludedAttributes || !namesIn(excludedAttributes).includes(name.toLowerCase());
}

/** The resource with the attributes that are asked for. `id` and `schemas` are always there. */
export function project(resource: Resource, query: Record<string, string>): Resource {
  const always = ['id', 'schemas'];
  return Object.fromEntries(Object.entries(resource).filter(([name]) => always.includes(name) || isAsked(query, name)));
}

/** The names of top-level attributes in a list: of `name.givenName` that is `name`, of an extension its schema. */
function namesIn(list: string): string[] {
  return list.split(',').map((entry) => {
    const name = entry.trim().toLowerCase();
    if (name.startsWith(enterpriseSchema.toLowerCase())) return enterpriseSchema.toLowerCase();
    const [own = ''] = name.replace(/^urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):/, '').split('.');
    return own;
  });
}
