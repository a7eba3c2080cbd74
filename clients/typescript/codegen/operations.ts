import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
  visit,
} from 'graphql';

export interface Operations {
  operations: readonly OperationDefinitionNode[];
  /** By name, those that are spread before those that spread them. */
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** The operations of a folder, and the fragments that they share. */
export function readOperations(folder: string): Operations {
  const texts = readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const { definitions } = parse(texts.join('\n'), { noLocation: true });
  const fragments = new Map(
    definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const inOrder = new Map<string, FragmentDefinitionNode>();
  const add = (fragment: FragmentDefinitionNode) => {
    for (const spread of spreadsOf(fragment, fragments)) add(spread);
    inOrder.set(fragment.name.value, fragment);
  };
  for (const fragment of fragments.values()) add(fragment);
  return {
    operations: definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION),
    fragments: inOrder,
  };
}

/** The fragments that are spread in a definition itself. */
export function spreadsOf(
  definition: OperationDefinitionNode | FragmentDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FragmentDefinitionNode[] {
  const spreads = new Set<FragmentDefinitionNode>();
  visit(definition, {
    FragmentSpread: ({ name: { value } }) => {
      const fragment = fragments.get(value);
      if (!fragment) throw new Error(`There is no fragment ${value}, which ${definition.name?.value} spreads.`);
      spreads.add(fragment);
    },
  });
  return [...spreads];
}

/** An operation, and each fragment where it is first needed: as text, written by `textOf`. */
export function documentText(
  operation: OperationDefinitionNode,
  fragments: Operations['fragments'],
  textOf: (definition: OperationDefinitionNode | FragmentDefinitionNode) => string,
): string {
  const parts = new Set<OperationDefinitionNode | FragmentDefinitionNode>([operation]);
  for (const part of parts) for (const spread of spreadsOf(part, fragments)) parts.add(spread);
  return [...parts].map(textOf).join('');
}

/** A selection set with `__typename` in it. */
export function withTypename({ selections }: SelectionSetNode): SelectionSetNode {
  const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
  return { kind: Kind.SELECTION_SET, selections: [typename, ...selections] };
}
