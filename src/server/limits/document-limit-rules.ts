import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationRule,
} from 'graphql';

/** Refuses documents with more directives than this; those in a fragment count once, however often it is spread. */
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
 * Refuses documents that repeat an object more often than this in one place, itself or by fragments. The answer has it once,
 * but the validation of graphql-js compares each with all others.
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

/** Refuses mutations with more changes than this: they run one after another, each with statements of its own. */
export function maxChangesRule(max: number): ValidationRule {
  return (context) => ({
    OperationDefinition: ({ operation, selectionSet }) => {
      if (operation !== OperationTypeNode.MUTATION) return;
      const counts = countObjects(selectionSet, (name) => context.getFragment(name)?.selectionSet);
      if (counts.size > max) {
        context.reportError(new GraphQLError(`Changes limit of ${max} exceeded, found ${counts.size}.`));
      }
    },
  });
}

/** Refuses `__proto__` in a literal, as in JSON: an open object would lose it silently. */
export const noPrototypeRule: ValidationRule = (context) => ({
  ObjectField: (field) => {
    if (field.name.value === '__proto__')
      context.reportError(new GraphQLError('The name "__proto__" is not allowed.', { nodes: field }));
  },
});

/** Refuses `@skip` and `@include` at a subscription's root, as the specification does: graphql-js throws where no field is left. */
export const noConditionalSubscriptionRule: ValidationRule = (context) => ({
  OperationDefinition: ({ operation, selectionSet }) => {
    if (operation !== OperationTypeNode.SUBSCRIPTION) return false;
    for (const { directives = [] } of selectionsOf(selectionSet, (name) => context.getFragment(name)?.selectionSet)) {
      const found = directives.find(({ name: { value } }) => value === 'skip' || value === 'include');
      if (!found) continue;
      const message = `The field of a subscription cannot have @${found.name.value}.`;
      context.reportError(new GraphQLError(message, { nodes: found }));
      break;
    }
    return false;
  },
});

type FragmentOf = (name: string) => SelectionSetNode | undefined;

/** Counts the objects selected here, by their names in the answer. */
function countObjects(selectionSet: SelectionSetNode, fragmentOf: FragmentOf): Map<string, number> {
  const counts = new Map<string, number>();
  for (const selection of selectionsOf(selectionSet, fragmentOf)) {
    if (selection.kind !== Kind.FIELD || !selection.selectionSet) continue;
    const { value } = selection.alias ?? selection.name;
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

/** All selections in one place, with those in fragments; each fragment once. */
function* selectionsOf(selectionSet: SelectionSetNode, fragmentOf: FragmentOf): Generator<SelectionNode> {
  const spread = new Set<string>();
  const open = [selectionSet];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const selection of next.selections) {
      yield selection;
      if (selection.kind === Kind.INLINE_FRAGMENT) open.push(selection.selectionSet);
      if (selection.kind !== Kind.FRAGMENT_SPREAD) continue;
      const { value } = selection.name;
      const fragment = spread.has(value) ? undefined : fragmentOf(value);
      if (fragment) open.push(fragment);
      spread.add(value);
    }
  }
}
