import { type GraphQLAbstractType, type GraphQLSchema, isAbstractType, isUnionType } from 'graphql';

/** Writes which objects each interface and union has, as Apollo Client's InMemoryCache takes it. */
export function writePossibleTypes(schema: GraphQLSchema): string {
  const namesOf = (type: GraphQLAbstractType) => schema.getPossibleTypes(type).map(({ name }) => name);
  // The rest of the graph is for gateways.
  const types = Object.values(schema.getTypeMap()).filter((type) => isAbstractType(type) && !type.name.startsWith('_'));
  const results = types.filter(isUnionType).map(namesOf);
  const shared = (results[0] ?? []).filter((name) => results.every((names) => names.includes(name)));
  const listOf = (names: string[]) =>
    shared.every((name) => names.includes(name))
      ? `[...shared, ${quoted(names.filter((name) => !shared.includes(name)))}]`
      : `[${quoted(names)}]`;
  return `// Errors of every result.
const shared = [${quoted(shared)}];

/** The objects of each interface and union: \`new InMemoryCache({ possibleTypes })\`. */
export const possibleTypes: Record<string, string[]> = {
${types
  .filter(isAbstractType)
  .map((type) => `  ${type.name}: ${listOf(namesOf(type))},`)
  .join('\n')}
};
`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ');
}
