import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  printSchema,
} from 'graphql';
import { entityKeys } from './entity-keys.ts';

const link = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])\n\n';

/** Types that every subgraph has for its gateway, and that must not be composed. */
const federationTypes = ['_Any', '_Entity', '_Service'];
/** These, and `node` and `nodes`: each Relay subgraph has them for its own objects alone, so that two would conflict. */
const ownQueries = ['_entities', '_service', 'node', 'nodes'];

/** What a subgraph that refers to an entity may answer besides, with `@provides`: it knows the name, as a rule. */
const providable = ['name', 'displayName'];

const shareableDirective = directive('shareable');
const keyDirectives = new Map(
  Object.entries(entityKeys).map(([name, keys]) => [
    name,
    keys.map(({ fields }) => directive('key', { fields: fields.join(' ') })),
  ]),
);

/** The schema for Apollo Federation 2, as a gateway composes it. */
export function subgraphSdl(schema: GraphQLSchema): string {
  const definitions = parse(printSchema(schema)).definitions.flatMap((definition): DefinitionNode[] => {
    if ('name' in definition && federationTypes.includes(definition.name?.value ?? '')) return [];
    return [definition.kind === Kind.OBJECT_TYPE_DEFINITION ? forSubgraph(definition) : definition];
  });
  return `${link}${print({ kind: Kind.DOCUMENT, definitions })}\n`;
}

function forSubgraph(type: ObjectTypeDefinitionNode): ObjectTypeDefinitionNode {
  const { fields = [] } = type;
  const { value: name } = type.name;
  if (name === 'Query') return { ...type, fields: fields.filter((field) => !ownQueries.includes(field.name.value)) };
  if (name === 'PageInfo') return { ...type, directives: [shareableDirective] };
  const directives = keyDirectives.get(name);
  return directives ? { ...type, directives, fields: fields.map(asProvidable) } : type;
}

function asProvidable(field: FieldDefinitionNode): FieldDefinitionNode {
  return providable.includes(field.name.value) ? { ...field, directives: [shareableDirective] } : field;
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
