/** A node of a document's tree, as graphql has it. */
interface Node {
  kind: string;
  [key: string]: unknown;
}

/**
 * The tree of a document of this package, the same as graphql's `parse` makes of it, so that graphql need not be loaded.
 * It knows what these documents hold and no more: their arguments are variables, and they have no directives and defaults.
 */
export function parse(text: string): Node {
  const tokens = text.match(/\.\.\.|\w+|[^\s\w]/g) ?? [];
  let position = 0;
  const next = () => tokens[position++];
  const skips = (token: string) => {
    const isNext = tokens[position] === token;
    if (isNext) position++;
    return isNext;
  };
  const listTo = (end: string, item: () => Node) => {
    const items: Node[] = [];
    while (!skips(end)) items.push(item());
    return items;
  };
  const inParentheses = (item: () => Node) => (skips('(') ? listTo(')', item) : []);
  const name = (): Node => ({ kind: 'Name', value: next() });
  const namedType = (): Node => ({ kind: 'NamedType', name: name() });
  const nullableType = (): Node => (skips('[') ? { kind: 'ListType', type: typeTo(']') } : namedType());
  const type = (): Node => {
    const nullable = nullableType();
    return skips('!') ? { kind: 'NonNullType', type: nullable } : nullable;
  };
  const typeTo = (end: string) => {
    const inner = type();
    skips(end);
    return inner;
  };
  const variable = (): Node => {
    skips('$');
    return { kind: 'Variable', name: name() };
  };
  const variableDefinition = (): Node => {
    const declared = variable();
    skips(':');
    return { kind: 'VariableDefinition', variable: declared, type: type(), directives: [] };
  };
  const argument = (): Node => {
    const argumentName = name();
    skips(':');
    return { kind: 'Argument', name: argumentName, value: variable() };
  };
  const selectionSet = (): Node | undefined =>
    skips('{') ? { kind: 'SelectionSet', selections: listTo('}', selection) } : undefined;
  const selection = (): Node => {
    if (skips('...')) {
      return skips('on')
        ? { kind: 'InlineFragment', typeCondition: namedType(), directives: [], selectionSet: selectionSet() }
        : { kind: 'FragmentSpread', name: name(), directives: [] };
    }
    const first = name();
    const named = skips(':') ? { alias: first, name: name() } : { name: first };
    return {
      kind: 'Field',
      ...named,
      arguments: inParentheses(argument),
      directives: [],
      selectionSet: selectionSet(),
    };
  };
  const fragment = (): Node => {
    const fragmentName = name();
    skips('on');
    return {
      kind: 'FragmentDefinition',
      name: fragmentName,
      typeCondition: namedType(),
      directives: [],
      selectionSet: selectionSet(),
    };
  };
  const operation = (): Node => ({
    kind: 'OperationDefinition',
    operation: next(),
    name: name(),
    variableDefinitions: inParentheses(variableDefinition),
    directives: [],
    selectionSet: selectionSet(),
  });

  const definitions: Node[] = [];
  while (position < tokens.length) definitions.push(skips('fragment') ? fragment() : operation());
  return { kind: 'Document', definitions };
}
