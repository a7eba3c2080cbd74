import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';

/** A value as far as it can change a cost; undefined where it must be looked at more closely, be it that it does not fit. */
type ReadValue = (value: unknown) => string | undefined;

const maxInt = 2 ** 31;

const unread: ReadValue = () => undefined;

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

/** A place for a value: a variable, or a field of an input object. */
interface Place {
  name: string;
  read: ReadValue;
  isRequired: boolean;
}

/**
 * Tells of an operation's variables what can change its cost: two sets of the same shape cost the same. Answers undefined
 * for those that must be counted: scalars of our own, lists of anything but plain values, and whatever might not fit.
 */
export function createShapeReader(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
): (values: Record<string, unknown>) => string | undefined {
  const readers = createReaders();
  const places = variableDefinitions.map((definition) => placeOf(schema, definition, readers));
  // Variables that nobody has declared are not looked at by anyone.
  return (values) => shapeOf(places, values);
}

function placeOf(
  schema: GraphQLSchema,
  { variable, type: node, defaultValue }: VariableDefinitionNode,
  readerOf: (type: GraphQLInputType) => ReadValue,
): Place {
  const type = typeFromAST(schema, node);
  const isRequired = isNonNullType(type) && !defaultValue;
  return { name: variable.name.value, read: type && isInputType(type) ? readerOf(type) : unread, isRequired };
}

function shapeOf(places: readonly Place[], values: Record<string, unknown>): string | undefined {
  let shape = '';
  for (const { name, read, isRequired } of places) {
    if (!Object.hasOwn(values, name)) {
      if (isRequired) return undefined;
      shape += '-,';
      continue;
    }
    const value = read(values[name]);
    if (value === undefined) return undefined;
    shape += `${value},`;
  }
  return shape;
}

/** Readers of types, each made once: input objects may hold each other. */
function createReaders(): (type: GraphQLInputType) => ReadValue {
  const objects = new Map<GraphQLInputType, ReadValue>();

  const readerOf = (type: GraphQLInputType): ReadValue => {
    if (isNonNullType(type)) {
      const read = readerOf(type.ofType);
      return (value) => (value === null ? undefined : read(value));
    }
    const read = isListType(type)
      ? listReader(type.ofType)
      : isInputObjectType(type)
        ? objectReader(type)
        : leafReader(type);
    return (value) => (value === null ? 'null' : read(value));
  };
  const leafReader = (type: GraphQLInputType): ReadValue =>
    isEnumType(type)
      ? (value) => (typeof value === 'string' && type.getValue(value) ? 's' : undefined)
      : ('name' in type && scalars[type.name]) || unread;
  const listReader = (type: GraphQLInputType): ReadValue => {
    const inner = isNonNullType(type) ? type.ofType : type;
    if (isListType(inner) || isInputObjectType(inner)) return unread;
    const read = readerOf(type);
    return (value) =>
      Array.isArray(value) && value.every((entry) => read(entry) !== undefined) ? `[${value.length}]` : undefined;
  };
  const objectReader = (type: GraphQLInputType): ReadValue => {
    const known = objects.get(type);
    if (known || !isInputObjectType(type) || type.isOneOf) return known ?? unread;

    const places: Place[] = [];
    const read: ReadValue = (value) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
      const given = Object.keys(value);
      if (!given.every((name) => places.some((place) => place.name === name))) return undefined;
      const shape = shapeOf(places, value as Record<string, unknown>);
      return shape === undefined ? undefined : `{${shape}}`;
    };
    objects.set(type, read);
    for (const field of Object.values(type.getFields())) {
      const read = readerOf(field.type);
      // Only a variable itself says how long a page is.
      const isPlain = isLeafType(getNullableType(field.type));
      const readField: ReadValue = isPlain ? (value) => (read(value) === undefined ? undefined : 'v') : read;
      places.push({ name: field.name, read: readField, isRequired: isRequiredInputField(field) });
    }
    return read;
  };
  return readerOf;
}
