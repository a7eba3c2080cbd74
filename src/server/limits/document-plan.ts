import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
  type OperationTypeNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { RoughLRU } from '../../cache/rough-lru.ts';
import type { Limits } from '../../limits.ts';
import { coerceVariables } from './coerce-variables.ts';
import { compileCost, type PriceList } from './compiled-cost.ts';
import { introspectionCost } from './introspection-cost.ts';

/** Values of variables, by name. */
type Values = Readonly<Record<string, unknown>>;

/** An operation of a document, with what is computed once for all its executions. */
export interface OperationPlan<Known> {
  name: string | undefined;
  kind: OperationTypeNode;
  /** The name of its root field in the schema; `several` where it has more than one. */
  rootField: string;
  /** The number of its fields, with those of a fragment wherever it is spread. */
  fields: number;
  /** Its coerced variables. An operation is priced before it is executed: the second call with the same values does nothing. */
  coerce: (values: Values) => Values;
  /**
   * What it may cost at most, in whole points, and at least 1. Reads nothing from the database.
   * @throws GraphQLError where variables or arguments do not fit
   */
  cost: (values: Values, known: Known) => number;
}

/** What is derived from a document, on first use, and cached. */
export interface DocumentPlan<Known> {
  /** Whether it has passed validation, which includes the limits of documents. */
  isValid: boolean;
  /** The operation of this name, or the only one. */
  operation: (name: string | null | undefined) => OperationPlan<Known> | undefined;
  /** Whether it selects one of these fields, under any alias, also where it would not be executed. */
  selects: (...names: string[]) => boolean;
}

/** The cache of parsed documents, and of a plan for each. */
export interface DocumentPlans<Known> {
  /** Parsed documents, by their texts. */
  documents: RoughLRU<string, DocumentNode>;
  of: (document: DocumentNode) => DocumentPlan<Known>;
}

/** Characters of all cached documents; a parsed one takes up to some 200 bytes for each. */
const maxCharacters = 500_000;

/** Prices are fractions, whose floating-point sum may be just below a whole number. */
const rounding = 1e-6;

export function createDocumentPlans<Known>(
  schema: GraphQLSchema,
  limits: Limits,
  prices: PriceList<Known>,
): DocumentPlans<Known> {
  const plans = new WeakMap<DocumentNode, DocumentPlan<Known>>();
  // Above the limit of any field, so that a list slightly too long reaches its field, whose error names the limit.
  const others = 2 * Math.max(limits.entities, limits.inputList, limits.pageSize, limits.usageBatch);
  const maxEntries = { ids: Math.max(others, 2 * limits.teamMembers), others };

  const planOperation = (document: DocumentNode, operation: OperationDefinitionNode): OperationPlan<Known> => {
    const fragments = fragmentsOf(document);
    const introspection = introspectionCost(operation, fragments);
    const points = compileCost(schema, operation, fragments, prices);
    // By the values of one request, and gone with them: they may be long, and secret.
    const coerced = new WeakMap<Values, Values>();
    const coerce = (values: Values) => {
      const known = coerced.get(values);
      if (known) return known;
      const made = coerceVariables(schema, operation, values, maxEntries);
      coerced.set(values, made);
      return made;
    };
    return {
      name: operation.name?.value,
      kind: operation.operation,
      rootField: rootFieldOf(operation.selectionSet, fragments),
      fields: countFields(operation.selectionSet, fragments),
      coerce,
      cost: (values, known) => Math.max(1, Math.floor(introspection + points(coerce(values), known) + rounding)),
    };
  };
  const plan = (document: DocumentNode): DocumentPlan<Known> => {
    const operations = new Map<OperationDefinitionNode, OperationPlan<Known>>();
    let names: ReadonlySet<string> | undefined;
    return {
      isValid: false,
      operation: (name) => {
        const operation = getOperationAST(document, name);
        if (!operation) return undefined;
        const known = operations.get(operation);
        if (known) return known;
        const made = planOperation(document, operation);
        operations.set(operation, made);
        return made;
      },
      selects: (...wanted) => {
        names ??= fieldNamesOf(document);
        return wanted.some((name) => names?.has(name));
      },
    };
  };
  return {
    documents: new RoughLRU({ maxSize: maxCharacters, sizeCalculation: (_document, text) => Math.max(1, text.length) }),
    of: (document) => {
      const known = plans.get(document);
      if (known) return known;
      const made = plan(document);
      plans.set(document, made);
      return made;
    },
  };
}

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
}

/** Each fragment is visited once, and its count memoized. */
function countFields(
  selectionSet: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  known = new Map<SelectionSetNode, number>(),
): number {
  const counted = known.get(selectionSet);
  if (counted !== undefined) return counted;

  let count = 0;
  for (const selection of selectionSet.selections) {
    const { selectionSet: inner } =
      selection.kind === Kind.FRAGMENT_SPREAD ? (fragments.get(selection.name.value) ?? {}) : selection;
    if (selection.kind === Kind.FIELD) count += 1;
    if (inner) count += countFields(inner, fragments, known);
  }
  known.set(selectionSet, count);
  return count;
}

function rootFieldOf(selectionSet: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): string {
  const names = new Set<string>();
  const visited = new Set<SelectionSetNode>();
  const collect = (set: SelectionSetNode | undefined) => {
    if (!set || visited.has(set)) return;
    visited.add(set);
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) names.add(selection.name.value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else collect(fragments.get(selection.name.value)?.selectionSet);
    }
  };
  collect(selectionSet);
  names.delete('__typename');
  const [name = '__typename', another] = names;
  return another === undefined ? name : 'several';
}

function fieldNamesOf(document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(document, { [Kind.FIELD]: ({ name }) => void names.add(name.value) });
  return names;
}
