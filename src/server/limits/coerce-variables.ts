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
 * Coerces the variables of an operation, with defaults, and throws at the first value that does not fit. Unlike that of
 * graphql-js the message quotes no value, which may be a secret: it has the variable, the path and the fault. `maxEntries`
 * limits every list of an input.
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
    // Validation has refused the document already.
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
    // Checked before any entry is coerced.
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

/** Whether a value, or a field of an input object, is a list of more than `maxEntries`. Open objects are not looked into. */
function hasLongList(type: GraphQLInputType, value: unknown, maxEntries: number): boolean {
  if (Array.isArray(value)) return value.length > maxEntries;
  if (typeof value !== 'object' || value === null || !isInputObjectType(getNamedType(type))) return false;
  return Object.values(value).some((entry) => Array.isArray(entry) && entry.length > maxEntries);
}
