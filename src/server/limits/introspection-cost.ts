import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/** Entries of the lists in our schema, on average and rounded up; other lists have one. */
const listSizes: Record<string, number> = {
  types: 150,
  directives: 10,
  fields: 6,
  args: 2,
  enumValues: 2,
  inputFields: 2,
};

/** Parts of the schema for one point: they are in memory, and each takes a third of the time of an object from the database. */
const partsOfPoint = 3;

/**
 * What the introspection in an operation costs, in points, by the parts of the schema that it may read. A wrapped type
 * (`ofType`) is counted with what it wraps.
 */
export function introspectionCost(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): number {
  // Memoized: the cost of a fragment is computed once, however often it is spread.
  const costs = new Map<SelectionSetNode, number>();
  const costOf = (selectionSet: SelectionSetNode, isRoot: boolean): number => {
    const known = costs.get(selectionSet);
    if (known !== undefined) return known;

    let cost = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        cost += fragment ? costOf(fragment.selectionSet, isRoot) : 0;
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        cost += costOf(selection.selectionSet, isRoot);
      } else if (selection.selectionSet && (!isRoot || selection.name.value.startsWith('__'))) {
        const name = selection.name.value;
        cost += (listSizes[name] ?? 1) * ((name === 'ofType' ? 0 : 1) + costOf(selection.selectionSet, false));
      }
    }
    costs.set(selectionSet, cost);
    return cost;
  };

  return costOf(operation.selectionSet, true) / partsOfPoint;
}
