import {
  type GraphQLSchema,
  isEnumType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';

/** A value as far as it can change a cost; undefined where it must be looked at more closely, be it that it does not fit. */
type ReadValue = (value: unknown) => string | undefined;

const maxInt = 2 ** 31;

/** Of these, none but whole numbers say how long a page is; of others it matters only that they are there. */
const scalars: Record<string, ReadValue> = {
  ID: (value) => (typeof value === 'string' ? 's' : undefined),
  String: (value) => (typeof value === 'string' ? 's' : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? 'b' : undefined),
  Int: (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= -maxInt && value < maxInt
      ? String(value)
      : undefined,
};

/**
 * Tells of an operation's variables what can change its cost: two sets of the same shape cost the same. Answers undefined
 * for those that must be counted: lists and objects, and whatever might not fit.
 */
export function createShapeReader(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): (values: Record<string, unknown>) => string | undefined {
  const variables = variableDefinitions.map((definition) => readersOf(schema, definition));
  return (values) => {
    let shape = '';
    for (const { name, read, absent } of variables) {
      const value = Object.hasOwn(values, name) ? read(values[name]) : absent;
      if (value === undefined) return undefined;
      shape += `${value},`;
    }
    return shape;
  };
}

function readersOf(schema: GraphQLSchema, { variable, type: node, defaultValue }: VariableDefinitionNode) {
  const type = typeFromAST(schema, node);
  const isRequired = isNonNullType(type);
  const inner = isRequired ? type.ofType : type;
  const readGiven: ReadValue = isEnumType(inner)
    ? (value) => (typeof value === 'string' && inner.getValue(value) ? 's' : undefined)
    : (inner && 'name' in inner && scalars[inner.name]) || (() => undefined);
  const read: ReadValue = (value) => (value === null && !isRequired ? 'null' : readGiven(value));
  return { name: variable.name.value, read, absent: isRequired && !defaultValue ? undefined : 'absent' };
}
