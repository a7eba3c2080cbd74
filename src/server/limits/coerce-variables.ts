import {
  coerceInputValue,
  GraphQLID,
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

/** Entries of a list in a value of a variable, at most. */
export interface MaxEntries {
  /** Ids, which take no time to coerce. */
  ids: number;
  others: number;
}

/**
 * Coerces the variables of an operation, with defaults, and throws at the first value that does not fit. Unlike that of
 * graphql-js the message quotes no value, which may be a secret: it has the variable, the path and the fault. `maxEntries`
 * limits every list.
 *
 * @throws GraphQLError, with status 400
 */
export function coerceVariables(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  values: Readonly<Record<string, unknown>>,
  maxEntries: MaxEntries,
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
    const exceeded = exceededMax(type, values[name], maxEntries);
    if (exceeded !== undefined) refuse(`has a list of more than ${exceeded} entries.`);
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

/** The limit that a value exceeds, or a list in a field of an input object. Open objects are not looked into. */
function exceededMax(type: GraphQLInputType, value: unknown, maxEntries: MaxEntries): number | undefined {
  const named = getNamedType(type);
  if (Array.isArray(value)) {
    const max = named === GraphQLID ? maxEntries.ids : maxEntries.others;
    return value.length > max ? max : undefined;
  }
  if (typeof value !== 'object' || value === null || !isInputObjectType(named)) return undefined;
  const fields = named.getFields();
  for (const [name, entry] of Object.entries(value)) {
    if (!Array.isArray(entry)) continue;
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const max = exceededMax(field?.type ?? type, entry, maxEntries);
    if (max !== undefined) return max;
  }
  return undefined;
}
