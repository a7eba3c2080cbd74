import { complexityFromQuery } from '@pothos/plugin-complexity';
import {
  type DocumentNode,
  type ExecutionArgs,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { Context } from '../context.ts';
import { checkVariables } from './check-variables.ts';
import { createFieldFinder } from './field-finder.ts';
import { introspectionCost } from './introspection-cost.ts';
import { createShapeReader } from './variable-shape.ts';

/** An operation as it is counted: alone with the fragments of its document, and without introspection, which has a price of its own. */
interface Countable {
  document: DocumentNode;
  introspection: number;
}

/** What is known of an operation's costs: by the shapes of its variables, where the limits are these. */
interface Known {
  limits: unknown;
  shapeOf: (variables: Record<string, unknown>) => string | undefined;
  costs: Map<string, number>;
  /** Whether the cost depends on how many organizations the viewer is in. */
  countsMemberships: boolean;
}

const selectsMemberships = createFieldFinder('memberships');

/** Shapes of one operation that are remembered; clients ask for pages of a few sizes, and give lists of a few lengths. */
const maxShapes = 64;

/** Fifths do not add up to the last digit. */
const rounding = 1e-6;

const costs = new WeakMap<ExecutionArgs, number>();
const countables = new WeakMap<OperationDefinitionNode, Countable>();
const knowns = new WeakMap<OperationDefinitionNode, Known>();

/**
 * What an operation may cost at most, in whole points: one for each object that it may read, by the sizes of the pages that it
 * asks for, a fifth for each value, and at least 1. Nothing is read for it, and it is counted once for these arguments.
 *
 * @throws GraphQLError where variables or arguments do not fit
 */
export function costOf(args: ExecutionArgs): number {
  const operation = getOperationAST(args.document, args.operationName);
  // Where there is nothing to execute, the executor says so.
  if (!operation) return 1;

  const known = knownOf(operation, args);
  const shapeOfVariables = known.shapeOf(args.variableValues ?? {});
  if (shapeOfVariables === undefined) return countOnce(operation, args);
  const shape = known.countsMemberships ? `${membershipsOf(args)} ${shapeOfVariables}` : shapeOfVariables;

  let cost = known.costs.get(shape);
  if (cost === undefined) {
    cost = countOnce(operation, args);
    if (known.costs.size === maxShapes) known.costs.clear();
    known.costs.set(shape, cost);
  }
  return cost;
}

function knownOf(operation: OperationDefinitionNode, { schema, document, contextValue }: ExecutionArgs): Known {
  const { limits } = (contextValue ?? {}) as Partial<Context>;
  let known = knowns.get(operation);
  if (!known || known.limits !== limits) {
    const shapeOf = createShapeReader(schema, operation);
    known = { limits, shapeOf, costs: new Map(), countsMemberships: selectsMemberships(document) };
    knowns.set(operation, known);
  }
  return known;
}

function membershipsOf({ contextValue }: ExecutionArgs): number {
  const { viewer } = (contextValue ?? {}) as Partial<Context>;
  return viewer?.memberships.size ?? 0;
}

function countOnce(operation: OperationDefinitionNode, args: ExecutionArgs): number {
  const cost = costs.get(args) ?? Math.max(1, Math.floor(count(operation, args) + rounding));
  costs.set(args, cost);
  return cost;
}

function count(operation: OperationDefinitionNode, args: ExecutionArgs): number {
  const { document, introspection } = countables.get(operation) ?? toCountable(operation, args.document);
  countables.set(operation, { document, introspection });
  const { schema, contextValue, variableValues } = args;
  // Whoever counts coerces variables without end: of a long list that does not fit each entry would be an error.
  checkVariables(schema, operation, variableValues ?? {}, longestList(contextValue));
  const ctx = typeof contextValue === 'object' && contextValue !== null ? { ctx: contextValue } : {};
  return introspection + complexityFromQuery(document, { schema, variables: variableValues ?? {}, ...ctx }).complexity;
}

/** Of those that any field takes. */
function longestList(contextValue: unknown): number {
  const { limits } = (contextValue ?? {}) as Partial<Context>;
  if (!limits) return Number.POSITIVE_INFINITY;
  const { entities, inputList, pageSize, usageBatch } = limits;
  // So much more than that, that the field itself can say what its limit is.
  return 2 * Math.max(entities, inputList, pageSize, usageBatch);
}

function toCountable(operation: OperationDefinitionNode, { definitions }: DocumentNode): Countable {
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  const alone: DocumentNode = { kind: Kind.DOCUMENT, definitions: [operation, ...fragments] };
  const document = visit(alone, { Field: ({ name }) => (name.value.startsWith('__') ? null : undefined) });
  return { document, introspection: introspectionCost(alone) };
}
