import { GraphQLError, Kind, type SelectionSetNode, type ValidationRule } from 'graphql';

/** Refuses documents with more directives than this; those of a spread fragment count where they are written. */
export function maxDirectivesRule(max: number): ValidationRule {
  return (context) => {
    let found = 0;
    return {
      Directive: () => {
        found += 1;
      },
      Document: {
        leave: () => {
          if (found > max)
            context.reportError(new GraphQLError(`Directives limit of ${max} exceeded, found ${found}.`));
        },
      },
    };
  };
}

/**
 * Refuses documents that repeat an object more often than this in one place, itself or by fragments. The answer has it once;
 * but graphql-js compares each with all others.
 */
export function maxRepetitionsRule(max: number): ValidationRule {
  return (context) => ({
    SelectionSet: (selectionSet) => {
      const counts = countObjects(selectionSet, (name) => context.getFragment(name)?.selectionSet);
      const found = Math.max(1, ...counts.values()) - 1;
      if (found > max) context.reportError(new GraphQLError(`Repetitions limit of ${max} exceeded, found ${found}.`));
    },
  });
}

/** Refuses `__proto__` in a literal, as in JSON: an open object would lose it without a word. */
export const noPrototypeRule: ValidationRule = (context) => ({
  ObjectField: (field) => {
    if (field.name.value === '__proto__')
      context.reportError(new GraphQLError('The name "__proto__" is not allowed.', { nodes: field }));
  },
});

/** How often objects are selected here, by their names in the answer. */
function countObjects(
  selectionSet: SelectionSetNode,
  fragmentOf: (name: string) => SelectionSetNode | undefined,
): Map<string, number> {
  const counts = new Map<string, number>();
  const spread = new Set<string>();
  const open = [selectionSet];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const selection of next.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const { value } = selection.name;
        const fragment = spread.has(value) ? undefined : fragmentOf(value);
        if (fragment) open.push(fragment);
        spread.add(value);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        open.push(selection.selectionSet);
      } else if (selection.selectionSet) {
        const { value } = selection.alias ?? selection.name;
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
    }
  }
  return counts;
}
