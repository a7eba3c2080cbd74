import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';

/** What a field costs itself, in points, and the factor for the cost of its selection. */
export interface FieldPrice {
  field: number;
  multiplier: number;
}

/** Prices fields; `Known` is what a price may depend on besides arguments, such as the viewer. */
export interface PriceList<Known> {
  price: (args: Record<string, unknown>, known: Known, field: GraphQLField<unknown, never>) => FieldPrice;
  /** Whether the price of a field depends on more of a request than its arguments. */
  isPerRequest: (field: GraphQLField<unknown, never>) => boolean;
  /** What `price` is called with for fields whose price does not. */
  fixed: Known;
}

interface PricedRequest<Known> {
  /** Coerced. */
  variables: Record<string, unknown>;
  known: Known;
  /** The cost of fragments, memoized: computed once, however often a fragment is spread. */
  fragments: Map<SelectionSetNode, number>;
}

/** A function where it depends on the request; else a number, added up when the document is compiled. */
type Points<Known> = number | ((request: PricedRequest<Known>) => number);

/** Compiles the cost of an operation, in points, to a function of its coerced variables. Introspection costs nothing here. */
export function compileCost<Known>(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  prices: PriceList<Known>,
): (variables: Record<string, unknown>, known: Known) => number {
  const compiled = new Map<SelectionSetNode, Points<Known>>();

  const ofSet = (set: SelectionSetNode, type: GraphQLNamedType | undefined): Points<Known> => {
    // The set alone is the key: its type is always that of the field or the fragment.
    const known = compiled.get(set);
    if (known !== undefined) return known;
    const points = sum(set.selections.map((selection) => ofSelection(selection, type)));
    compiled.set(set, points);
    return points;
  };
  const ofSelection = (selection: SelectionNode, type: GraphQLNamedType | undefined): Points<Known> => {
    if (selection.kind === Kind.FIELD) return ofField(selection, type);
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    if (!fragment) return 0;
    const on = fragment.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type;
    return memoized(fragment.selectionSet, ofSet(fragment.selectionSet, on));
  };
  const ofField = (node: FieldNode, type: GraphQLNamedType | undefined): Points<Known> => {
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
    // No type has the fields of introspection among its own.
    if (!field) return 0;

    const selected = node.selectionSet ? ofSet(node.selectionSet, getNamedType(field.type)) : 0;
    if (!prices.isPerRequest(field) && !node.arguments?.some(({ value }) => hasVariable(value))) {
      const { field: own, multiplier } = prices.price(getArgumentValues(field, node), prices.fixed, field);
      return typeof selected === 'number'
        ? own + multiplier * selected
        : (request) => own + multiplier * selected(request);
    }
    return (request) => {
      const args = getArgumentValues(field, node, request.variables);
      const { field: own, multiplier } = prices.price(args, request.known, field);
      return own + multiplier * (typeof selected === 'number' ? selected : selected(request));
    };
  };

  const points = ofSet(operation.selectionSet, schema.getRootType(operation.operation) ?? undefined);
  if (typeof points === 'number') return () => points;
  return (variables, known) => points({ variables, known, fragments: new Map() });
}

function sum<Known>(all: readonly Points<Known>[]): Points<Known> {
  const fixed = all.reduce<number>((total, points) => total + (typeof points === 'number' ? points : 0), 0);
  const others = all.filter((points) => typeof points === 'function');
  if (others.length === 0) return fixed;
  return (request) => others.reduce((total, points) => total + points(request), fixed);
}

function memoized<Known>(set: SelectionSetNode, points: Points<Known>): Points<Known> {
  if (typeof points === 'number') return points;
  return (request) => {
    const known = request.fragments.get(set) ?? points(request);
    request.fragments.set(set, known);
    return known;
  };
}

function hasVariable(value: ValueNode): boolean {
  if (value.kind === Kind.VARIABLE) return true;
  if (value.kind === Kind.LIST) return value.values.some(hasVariable);
  return value.kind === Kind.OBJECT && value.fields.some((field) => hasVariable(field.value));
}
