import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  type DocumentNode,
  type ExecutionArgs,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { introspectionCost } from './introspection-cost.ts';
import { malformedRequest } from './malformed-request.ts';

/** An operation as it is counted: alone with the fragments of its document, and without introspection, which has a price of its own. */
interface Countable {
  document: DocumentNode;
  introspection: number;
}

const costs = new WeakMap<ExecutionArgs, number>();
const countables = new WeakMap<OperationDefinitionNode, Countable>();

/** What an operation without variables costs is the same every time. */
const costsWithoutVariables = new WeakMap<OperationDefinitionNode, number>();

/**
 * What an operation may cost at most, in points: one for each object that it may read, by the sizes of the pages that it
 * asks for, and at least 1. Nothing is read for it, and it is counted once for these arguments.
 *
 * @throws GraphQLError where variables or arguments do not fit
 */
export function costOf(args: ExecutionArgs): number {
  const known = costs.get(args);
  if (known !== undefined) return known;

  const operation = getOperationAST(args.document, args.operationName);
  // Where there is nothing to execute, the executor says so.
  const cost = operation ? Math.max(1, costOfOperation(operation, args)) : 1;
  costs.set(args, cost);
  return cost;
}

function costOfOperation(operation: OperationDefinitionNode, args: ExecutionArgs): number {
  if (operation.variableDefinitions?.length) return count(operation, args);

  const cost = costsWithoutVariables.get(operation) ?? count(operation, args);
  costsWithoutVariables.set(operation, cost);
  return cost;
}

function count(operation: OperationDefinitionNode, args: ExecutionArgs): number {
  const { document, introspection } = countables.get(operation) ?? toCountable(operation, args.document);
  countables.set(operation, { document, introspection });
  const { schema, contextValue, variableValues } = args;
  checkVariables(operation, args);
  const ctx = typeof contextValue === 'object' && contextValue !== null ? { ctx: contextValue } : {};
  return introspection + complexityFromQuery(document, { schema, variables: variableValues ?? {}, ...ctx }).complexity;
}

/** Whoever counts coerces variables without end: of a long list that does not fit each entry would be an error. */
function checkVariables({ variableDefinitions = [] }: OperationDefinitionNode, args: ExecutionArgs): void {
  const { errors } = getVariableValues(args.schema, variableDefinitions, args.variableValues ?? {}, { maxErrors: 1 });
  const [first] = errors ?? [];
  if (first) throw malformedRequest(first.message, first.nodes);
}

function toCountable(operation: OperationDefinitionNode, { definitions }: DocumentNode): Countable {
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const alone: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  const document = visit(alone, { Field: ({ name }) => (name.value.startsWith('__') ? null : undefined) });
  return { document, introspection: introspectionCost(alone) };
}
