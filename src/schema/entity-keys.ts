import { maxIdLength } from '../limits.ts';
import type { NodeKey } from './find-nodes.ts';
import { decodeId } from './id.ts';

/** A key of an entity: its fields, and which object their values, in this order, refer to. */
interface EntityKey {
  fields: readonly string[];
  find: (...values: string[]) => NodeKey;
}

const noObject: NodeKey = { typename: '', id: '' };

/** By `id`. An id of another type than the reference names matches nothing. */
function byId(typename: string): EntityKey {
  return {
    fields: ['id'],
    find: (id = '') => {
      const key = decodeId(id);
      return key.typename === typename ? key : noObject;
    },
  };
}

/** The keys of every entity, by which other subgraphs refer to its objects. */
export const entityKeys = {
  Organization: [byId('Organization')],
  User: [byId('User')],
  Model: [
    byId('Model'),
    {
      fields: ['provider', 'modelId'],
      // A modelId may have slashes, a provider has none: else the id could be read as that of another provider's model.
      find: (provider = '', modelId = '') =>
        provider.includes('/') ? noObject : decodeId(`mdl_${provider}/${modelId}`),
    },
  ],
  ModelConfig: [byId('ModelConfig')],
  ProviderKey: [byId('ProviderKey')],
  ApiKey: [byId('ApiKey')],
  Membership: [
    {
      fields: ['organizationId', 'userId'],
      find: (organizationId = '', userId = '') =>
        decodeId(organizationId).typename === 'Organization' && decodeId(userId).typename === 'User'
          ? { typename: 'Membership', id: `${organizationId} ${userId}` }
          : noObject,
    },
  ],
  Team: [byId('Team')],
  Revision: [byId('Revision')],
  ModelException: [byId('ModelException')],
} satisfies Record<string, readonly EntityKey[]>;

const keysByName = new Map<unknown, readonly EntityKey[]>(Object.entries(entityKeys));

/** What is wrong with a reference: the path of the fault within it, and what it must be. */
export class ReferenceFault {
  readonly path: string;
  readonly message: string;

  constructor(path: string, message: string) {
    this.path = path;
    this.message = message;
  }
}

/** The object that a reference names by any of its type's keys, whether or not it exists. */
export function readReference(reference: unknown): NodeKey | ReferenceFault {
  if (typeof reference !== 'object' || reference === null || Array.isArray(reference)) {
    return new ReferenceFault('', 'must be an object');
  }
  const given = reference as Record<string, unknown>;
  const keys = keysByName.get(given.__typename);
  if (keys === undefined) {
    return new ReferenceFault('__typename', `must be one of ${[...keysByName.keys()].join(', ')}`);
  }
  for (const { fields, find } of keys) {
    const values = fields.map((field) => given[field]);
    if (values.every(isKeyValue)) return find(...values);
  }
  return faultOf(given, keys);
}

function isKeyValue(value: unknown): value is string {
  return typeof value === 'string' && value.length <= maxIdLength;
}

/** The first fault of the key that the reference has a field of, else of the first one. */
function faultOf(given: Record<string, unknown>, keys: readonly EntityKey[]): ReferenceFault {
  const { fields = [] } = keys.find((key) => key.fields.some((field) => given[field] !== undefined)) ?? keys[0] ?? {};
  const field = fields.find((name) => !isKeyValue(given[name])) ?? '';
  const isString = typeof given[field] === 'string';
  return new ReferenceFault(field, isString ? `must not be longer than ${maxIdLength} characters` : 'must be a string');
}
