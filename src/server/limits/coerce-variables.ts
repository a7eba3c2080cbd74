import {
  coerceInputValue,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInputType,
  isNonNullType,
  type OperationDefinitionNode,
  typeFromAST,
  valueFromAST,
} from 'graphql';
import { malformedRequest } from '../request/malformed-request.ts';
import { withoutValues } from '../request/without-values.ts';

/**
 * The variables of an operation as resolvers get them, with defaults. Refuses the first value that does not fit its variable. graphql-js coerces all of them, and quotes each wrong value in its
 * message; here the message is made of the variable, the path and the fault, so that nothing of a value is told. `maxEntries` is
 * what the longest list of any input may have.
 *
 * @throws GraphQLError, with status 400
 */
export function coerceVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  values: Readonly<Record<string, unknown>>,
  maxEntries: number,
): Record<string, unknown> {
  const coerced: Record<string, unknown> = {};
  for (const definition of variableDefinitions) {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    // The rules of documents have seen to it.
    if (!isInputType(type)) continue;

    const refuse = (fault: string): never => {
      throw malformedRequest(`Variable "$${name}" ${fault}`, [definition]);
    };
    if (!Object.hasOwn(values, name)) {
      if (definition.defaultValue) coerced[name] = valueFromAST(definition.defaultValue, type);
      else if (isNonNullType(type)) refuse(`of required type "${type}" was not provided.`);
      continue;
    }
    if (values[name] === null && isNonNullType(type)) refuse(`of non-null type "${type}" must not be null.`);
    // Measured before any entry is looked at.
    if (hasLongList(type, values[name], maxEntries)) refuse(`has a list of more than ${maxEntries} entries.`);
    coerced[name] = coerceInputValue(values[name], type, (path, _value, { message }) => {
      const place = path.length === 0 ? '' : ` at "${name}${path.map(printKey).join('')}"`;
      refuse(`got invalid value${place}; ${withoutValues(message)}`);
    });
  }
  return coerced;
}

function printKey(key: string | number): string {
  return typeof key === 'number' ? `[${key}]` : `.${key}`;
}

/** Whether a value is, or as an input object has, a list that is longer than any may be. What an open object has is its own. */
function hasLongList(type: GraphQLInputType, value: unknown, maxEntries: number): boolean {
  if (Array.isArray(value)) return value.length > maxEntries;
  if (typeof value !== 'object' || value === null || !isInputObjectType(getNamedType(type))) return false;
  return Object.values(value).some((entry) => Array.isArray(entry) && entry.length > maxEntries);
}
