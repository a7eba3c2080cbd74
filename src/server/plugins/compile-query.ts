import { type DocumentNode, type ExecutionArgs, type ExecutionResult, type GraphQLSchema, Kind, visit } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';

/** Undefined where a query is to be interpreted instead: it has failed, or has an error, of which the compiler tells less. */
export type CompiledQuery = (args: ExecutionArgs) => ExecutionResult | undefined | Promise<ExecutionResult | undefined>;

/**
 * Texts that may stand in generated code. The compiler writes arguments as JSON, and then takes the quotes off those texts
 * that begin with `__MAGIC_DATE__` and a number of its own: the rest of such a text would run.
 */
const harmlessText = /^[A-Za-z0-9][\w.:/-]*$/;

/**
 * A query as a function, whose data are those of the executor; undefined for one that is to be interpreted. `coerce` throws
 * where variables do not fit.
 */
export function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: ExecutionArgs['operationName'],
  coerce: (values: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>,
): CompiledQuery | undefined {
  if (!isCompilable(document)) return undefined;
  const compiled = compileQuery(schema, withCoercedVariables(document), operationName ?? undefined, {
    disablingCapturingStackErrors: true,
  });
  if (!isCompiledQuery(compiled)) return undefined;

  return ({ rootValue, contextValue, variableValues }) => {
    try {
      const result = compiled.query(rootValue, contextValue, coerce(variableValues ?? {}));
      return result instanceof Promise ? result.then(withoutErrors, () => undefined) : withoutErrors(result);
    } catch {
      return undefined;
    }
  };
}

/** Errors of the compiler are in another order, and after one of them it may leave out others that the executor tells. */
function withoutErrors(result: ExecutionResult): ExecutionResult | undefined {
  return result.errors ? undefined : result;
}

/**
 * What is written in a document becomes code, so that a document has nothing but what is known to become the right code:
 * - no `@skip` and `@include`: conditions are kept on the nodes of the document, and all places that spread a fragment share them;
 * - no `_` in an alias: a resolver's `info` is found by its path, joined by `_`, and `__proto__` would be no field;
 * - no lists, objects and odd texts as values: see `harmlessText`; a variable in an object gets lost, `__proto__` is
 *   inherited from, and null gets into a list that may have none.
 */
function isCompilable(document: DocumentNode): boolean {
  let isKnown = true;
  const refuse = () => {
    isKnown = false;
  };
  const check = ({ value }: { value: string }) => {
    isKnown &&= harmlessText.test(value);
  };
  visit(document, {
    // Not looked into: its default value is coerced by the executor.
    VariableDefinition: () => false,
    Directive: refuse,
    Field: ({ alias }) => {
      isKnown &&= !alias?.value.includes('_');
    },
    ListValue: refuse,
    ObjectValue: refuse,
    StringValue: check,
    EnumValue: check,
  });
  return isKnown;
}

/**
 * A document whose variables are of the scalar that takes every value as it is. The executor has coerced them: the compiler
 * would do it otherwise, and writes default values as JSON, of a date its text.
 */
function withCoercedVariables(document: DocumentNode): DocumentNode {
  return visit(document, {
    VariableDefinition: ({ kind, variable }) => ({
      kind,
      variable,
      type: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: '_Any' } },
    }),
  });
}
