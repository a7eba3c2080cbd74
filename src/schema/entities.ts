import { maxIssues, ValidationError } from '../errors/base.ts';
import { builder } from './builder.ts';
import { ModelConfig } from './configs/model-config.ts';
import { ReferenceFault, readReference } from './entity-keys.ts';
import { ModelException } from './exceptions/exception.ts';
import { findNodes, type NodeKey } from './find-nodes.ts';
import { ApiKey } from './keys/api-key.ts';
import { ProviderKey } from './keys/provider-key.ts';
import { Revision } from './ledger/revision.ts';
import { Model } from './models/model.ts';
import { Membership } from './organizations/membership.ts';
import { Organization } from './organizations/organization.ts';
import { User } from './organizations/user.ts';
import { subgraphSdl } from './subgraph.ts';
import { Team } from './teams/team.ts';

builder.scalarType('_Any', {
  description: 'A reference to an object from another subgraph: its `__typename`, and the fields of one of its keys.',
  serialize: (value) => value,
  parseValue: (value) => value,
});

const Entity = builder.unionType('_Entity', {
  description: 'The objects that other subgraphs may refer to and extend.',
  types: [Organization, User, Model, ModelConfig, ProviderKey, ApiKey, Membership, Team, Revision, ModelException],
});

const Subgraph = builder.objectRef<{ sdl: string }>('_Service').implement({
  description: 'This service as a subgraph.',
  fields: (t) => ({
    sdl: t.exposeString('sdl', { description: 'The schema to compose, with the directives of Apollo Federation 2.' }),
  }),
});

/** Built at its first use; the schema does not change. */
let sdl: string | undefined;

builder.queryFields((t) => ({
  _entities: t.field({
    type: [Entity],
    nullable: { list: false, items: true },
    hiddenAsNull: true,
    description:
      'For gateways: the objects that are referred to (at most 1,000, unless the service is set up otherwise), in their order; null for each that does not exist or is not visible, and, with an error, for each invalid reference.',
    args: { representations: t.arg({ type: ['_Any'], required: true, description: 'References of any types.' }) },
    authScopes: { signedIn: true },
    resolve: async (_root, { representations }, context, info) => {
      const { entities: max } = context.limits;
      if (representations.length > max) {
        throw new ValidationError([{ path: 'representations', message: `must not have more than ${max} entries` }]);
      }
      const { keys, faults } = readReferences(representations);
      const found = await findNodes(keys, context, info);
      // Each entity has the type of its key. An error in the list is reported at its index, and does not affect other entries.
      return found.map((entity, index) => faults.get(index) ?? entity) as (typeof Entity.$inferType | null)[];
    },
  }),
  _service: t.field({
    type: Subgraph,
    description: 'For gateways: the schema to compose. For those who may introspect.',
    resolve: (_root, _args, _context, { schema }) => {
      sdl ??= subgraphSdl(schema);
      return { sdl };
    },
  }),
}));

const noObject: NodeKey = { typename: '', id: '' };

/**
 * The keys of the references. Invalid ones have an error at their index; beyond the first ones, a single error counts the rest.
 */
function readReferences(representations: readonly unknown[]) {
  const faults = new Map<number, ValidationError>();
  let unreported = 0;
  let place = 0;
  const keys = representations.map((representation, index) => {
    const key = readReference(representation);
    if (!(key instanceof ReferenceFault)) return key;

    if (faults.size < maxIssues) faults.set(index, errorOf(index, key));
    else if (unreported++ === 0) place = index;
    return noObject;
  });
  if (unreported > 0) {
    faults.set(
      place,
      new ValidationError([{ path: 'representations', message: `${unreported} more are no references` }]),
    );
  }
  return { keys, faults };
}

function errorOf(index: number, { path, message }: ReferenceFault): ValidationError {
  return new ValidationError([{ path: ['representations', index, ...(path ? [path] : [])].join('.'), message }]);
}
