import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  visit,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';
import type { DocumentPlans, OperationPlan } from '../limits/document-plan.ts';

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** Executions after which a query is compiled: that takes as long as some of them, and most texts are never seen again. */
const executionsBefore = 3;

/** Fields of a query that is compiled at most: one of so many takes some 10 ms, and more are seldom asked for. */
const maxFields = 200;

/**
 * Compiles queries that are asked again, which then take a fourth of the time. Comes before the plugins that wrap execution.
 * Mutations and subscriptions are interpreted: their time goes elsewhere.
 */
export function useCompiledQueries<Known>(schema: GraphQLSchema, plans: DocumentPlans<Known>): Plugin {
  const executions = new WeakMap<OperationPlan<Known>, number>();
  const compiled = new WeakMap<OperationPlan<Known>, Execute>();

  const find = (operation: OperationPlan<Known>, { document, operationName }: ExecutionArgs): Execute | undefined => {
    const known = compiled.get(operation);
    if (known || operation.kind !== 'query' || operation.fields > maxFields) return known;

    const count = (executions.get(operation) ?? 0) + 1;
    executions.set(operation, count);
    if (count <= executionsBefore) return undefined;
    const made = compile(schema, document, operationName);
    compiled.set(operation, made);
    return made;
  };
  return {
    onExecute({ args, setExecuteFn }) {
      const operation = plans.of(args.document).operation(args.operationName);
      const found = operation && find(operation, args);
      if (found) setExecuteFn(found);
    },
  };
}

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: ExecutionArgs['operationName'],
): Execute {
  if (hasVariableInValue(document)) return execute as Execute;
  const query = compileQuery(schema, document, operationName ?? undefined, { disablingCapturingStackErrors: true });
  // What cannot be compiled is interpreted.
  if (!isCompiledQuery(query)) return execute as Execute;
  // In the order of graphql-js, so that answers are alike to the byte.
  const withErrors = ({ data, errors }: ExecutionResult): ExecutionResult =>
    errors
      ? { errors: errors.map((error) => toGraphQLError(error, document)), ...(data !== undefined && { data }) }
      : { data: data ?? null };
  return ({ rootValue, contextValue, variableValues }) => {
    const result = query.query(rootValue, contextValue, variableValues ?? {});
    return result instanceof Promise ? result.then(withErrors) : withErrors(result);
  };
}

/** The compiler does not hand variables to the scalar of an object that is written in the document, as in `{ id: $id }`. */
function hasVariableInValue(document: DocumentNode): boolean {
  let found = false;
  const look = (_node: unknown, _key: unknown, parent: unknown) => {
    if (typeof parent === 'object' && parent && 'kind' in parent) found ||= parent.kind === Kind.OBJECT_FIELD;
    else if (Array.isArray(parent)) found = true;
  };
  visit(document, { VariableDefinition: () => false, Variable: look });
  return found;
}

/** An error of a compiled query has lines and columns in place of the positions that others have, and no extensions. */
function toGraphQLError(
  { message, path, locations, originalError }: GraphQLError,
  { loc }: DocumentNode,
): GraphQLError {
  const source = loc?.source ?? null;
  const positions = locations?.map(({ line, column }) => lineStart(source?.body ?? '', line) + column - 1);
  return new GraphQLError(message, {
    path: path ?? null,
    originalError: originalError ?? null,
    ...(source && positions?.length ? { source, positions } : {}),
  });
}

/** Where a line begins; the first one is 1. */
function lineStart(text: string, line: number): number {
  const ends = text.matchAll(/\r\n|[\n\r]/g);
  let start = 0;
  for (let at = 1; at < line; at++) {
    const { value: end } = ends.next();
    if (end) start = end.index + end[0].length;
  }
  return start;
}
