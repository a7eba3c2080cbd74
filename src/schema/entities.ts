import { z } from 'zod';
import { parseInput } from '../domain/validation.ts';
import { ValidationError } from '../errors.ts';
import { builder } from './builder.ts';
import { decodeId } from './id.ts';
import { Model } from './model.ts';
import { ModelConfig } from './model-config.ts';
import { Organization } from './organization.ts';
import { subgraphSdl } from './subgraph.ts';
import { User } from './user.ts';
import { findVisible, type NodeKey } from './visible.ts';

const entities = [Organization, User, Model, ModelConfig];
const names = entities.map(({ name }) => name);

const Representations = z.object({
  representations: z.array(
    z.object({
      __typename: z.enum(names, `must be one of ${names.join(', ')}`),
      id: z.string('must be a string'),
    }),
  ),
});

builder.scalarType('_Any', {
  description: 'A reference to an object of another subgraph: its `__typename`, and its `id`.',
  serialize: (value) => value,
  parseValue: (value) => value,
});

const Entity = builder.unionType('_Entity', {
  description: 'What other subgraphs may refer to, and extend.',
  types: entities,
});

const Subgraph = builder.objectRef<{ sdl: string }>('_Service').implement({
  description: 'What this service is to a supergraph.',
  fields: (t) => ({
    sdl: t.exposeString('sdl', { description: 'The schema to compose, with the directives of Apollo Federation 2.' }),
  }),
});

/** Built when it is first asked for; the schema does not change. */
let sdl: string | undefined;

builder.queryFields((t) => ({
  _entities: t.field({
    type: [Entity],
    nullable: { list: false, items: true },
    description:
      'For gateways: the objects that are referred to (at most 1,000, unless the service is set up otherwise), in their order; null in the place of each that is not there or not visible.',
    args: { representations: t.arg({ type: ['_Any'], required: true, description: 'References of any types.' }) },
    authScopes: { signedIn: true },
    resolve: async (_root, { representations }, context, info) => {
      const { entities: max } = context.limits;
      if (representations.length > max) {
        throw new ValidationError([{ path: 'representations', message: `must not have more than ${max} entries` }]);
      }
      const references = parseInput(Representations, { representations }).representations;
      // Each is of the type that its key says.
      return (await findVisible(references.map(keyOf), context, info)) as (typeof Entity.$inferType | null)[];
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

/** An id of another type than is said is nobody's. */
function keyOf({ __typename, id }: { __typename: string; id: string }): NodeKey {
  const key = decodeId(id);
  return key.typename === __typename ? key : { typename: '', id };
}
