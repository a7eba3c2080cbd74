import {
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

type Info = Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments' | 'variableValues'>;

/**
 * Whether a field selects another one, at the end of this path of names below it: in any fragment, on any type, but not where
 * it is skipped. Each fragment is followed once for each name, however often it is spread.
 */
export function selects(info: Info, ...path: string[]): boolean {
  return path.reduce((nodes, name) => fieldsBelow(nodes, name, info), info.fieldNodes).length > 0;
}

function fieldsBelow(parents: readonly FieldNode[], name: string, { fragments, variableValues }: Info): FieldNode[] {
  const found: FieldNode[] = [];
  const followed = new Set<string>();
  const collect = (set: SelectionSetNode | undefined) => {
    for (const selection of set?.selections ?? []) {
      if (isSkipped(selection, variableValues)) continue;
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value === name) found.push(selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        collect(selection.selectionSet);
      } else if (!followed.has(selection.name.value)) {
        followed.add(selection.name.value);
        collect(fragments[selection.name.value]?.selectionSet);
      }
    }
  };
  for (const { selectionSet } of parents) collect(selectionSet);
  return found;
}

function isSkipped(selection: SelectionNode, variables: Info['variableValues']): boolean {
  if (!selection.directives?.length) return false;
  return (
    getDirectiveValues(GraphQLSkipDirective, selection, variables)?.if === true ||
    getDirectiveValues(GraphQLIncludeDirective, selection, variables)?.if === false
  );
}
