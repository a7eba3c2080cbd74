import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema, type NameNode, parse, print, visit } from 'graphql';

/**
 * A breaking change that is meant: its type and path as graphql-inspector names them, and why it has to be. Or a type that has
 * another name now, `TYPE_RENAMED`, by its former name and the new one: what refers to it is not listed besides.
 */
export interface AcceptedChange {
  type: string;
  path: string;
  to?: string;
  reason: string;
}

/**
 * What stands between a schema and its release, one sentence each: changes that break clients of the schema that was
 * released last and are not accepted, and accepted ones that are not made.
 */
export async function obstaclesTo(
  schema: string,
  released: string,
  accepted: readonly AcceptedChange[],
): Promise<string[]> {
  const renamed = accepted.filter(({ type, to }) => type === renaming && to !== undefined);
  const made = renamed.filter(({ path, to = '' }) => isDefined(path, released) && isDefined(to, schema));
  const changes = await diff(buildSchema(withNames(released, made)), buildSchema(schema));
  const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);
  const isOf = (change: Change) => (one: AcceptedChange) => one.type === change.type && one.path === change.path;
  return [
    ...breaking
      .filter((change) => !accepted.some(isOf(change)))
      .map(({ type, path, message }) => `${message} (${type} ${path})`),
    ...accepted
      .filter((one) => !made.includes(one) && !breaking.some((change) => isOf(change)(one)))
      .map(({ type, path }) => `An accepted change is not made: ${type} ${path}`),
    ...accepted.filter(({ reason }) => reason === '').map(({ type, path }) => `No reason is given: ${type} ${path}`),
  ];
}

const renaming = 'TYPE_RENAMED';

function isDefined(type: string, schema: string): boolean {
  return new RegExp(`^(type|enum|interface|union|input|scalar) ${type}\\b`, 'm').test(schema);
}

function withNames(schema: string, renamed: readonly AcceptedChange[]): string {
  const names = new Map(renamed.map(({ path, to = '' }) => [path, to]));
  const newName = ({ value }: NameNode) => names.get(value) ?? value;
  const rename = <Node extends { name: NameNode }>(node: Node) => ({
    ...node,
    name: { ...node.name, value: newName(node.name) },
  });
  return print(
    visit(parse(schema), {
      NamedType: rename,
      ObjectTypeDefinition: rename,
      EnumTypeDefinition: rename,
      InterfaceTypeDefinition: rename,
      UnionTypeDefinition: rename,
      InputObjectTypeDefinition: rename,
      ScalarTypeDefinition: rename,
    }),
  );
}
