import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type GraphQLSchema,
  isUnionType,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
} from 'graphql';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])\n\n';

/** Types that every subgraph has for its gateway, and that must not be composed. */
const federationTypes = ['_Any', '_Entity', '_Service'];
/** These, and `node` and `nodes`: each Relay subgraph has them for its own objects alone, so that two would conflict. */
const ownQueries = ['_entities', '_service', 'node', 'nodes'];

const keyDirective = directive('key', { fields: 'id' });
const shareableDirective = directive('shareable');

/**
 * The schema for Apollo Federation 2, as a gateway composes it. The members of `_Entity` are entities, with `id` as their key.
 */
export function subgraphSdl(schema: GraphQLSchema): string {
  const union = schema.getType('_Entity');
  const entities = isUnionType(union) ? union.getTypes().map(({ name }) => name) : [];

  const definitions = parse(printSchema(schema)).definitions.flatMap((definition): DefinitionNode[] => {
    if ('name' in definition && federationTypes.includes(definition.name?.value ?? '')) return [];
    return [definition.kind === Kind.OBJECT_TYPE_DEFINITION ? forSubgraph(definition, entities) : definition];
  });
  return `${link}${print({ kind: Kind.DOCUMENT, definitions })}\n`;
}

function forSubgraph(type: ObjectTypeDefinitionNode, entities: readonly string[]): ObjectTypeDefinitionNode {
  const { value: name } = type.name;
  if (name === 'Query')
    return { ...type, fields: (type.fields ?? []).filter((field) => !ownQueries.includes(field.name.value)) };
  if (name === 'PageInfo') return { ...type, directives: [shareableDirective] };
  return entities.includes(name) ? { ...type, directives: [keyDirective] } : type;
}

function directive(name: string, args: Record<string, string> = {}): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: Object.entries(args).map(([argument, value]) => ({
      kind: Kind.ARGUMENT,
      name: { kind: Kind.NAME, value: argument },
      value: { kind: Kind.STRING, value },
    })),
  };
}
