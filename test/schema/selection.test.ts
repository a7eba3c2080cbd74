import { buildSchema, execute, type GraphQLResolveInfo, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { selects } from '../../src/schema/selection.ts';

const schema = buildSchema(`
  type Query { list: List }
  type List { edges: [Edge] }
  type Edge { node: Node }
  interface Node { id: ID }
  type Config implements Node { id: ID settings: String other: Config }
`);

/** What is found on the way that is looked along, in a list that is selected so. */
function isFound(selection: string, { variables = {}, fragments = '' } = {}): boolean {
  let found: boolean | undefined;
  const list = (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
    found = selects(info, 'edges', 'node', 'settings');
    return null;
  };
  const document = parse(`query ($yes: Boolean = true, $no: Boolean = false) { ${selection} } ${fragments}`);
  execute({ schema, document, rootValue: { list }, variableValues: variables });
  if (found === undefined) throw new Error('The field was not resolved');
  return found;
}

const on = (selection: string) => `list { edges { node { ... on Config { ${selection} } } } }`;

describe('selects', () => {
  it.each([
    ['as it stands', on('settings')],
    ['under another name', on('id text: settings')],
    ['beside a field of the same name in another place', `list { edges { node { id } } } ${on('settings')}`],
    ['in a part of the field that stands twice', `list { edges { node { id } edges: node { id } } } ${on('settings')}`],
    ['included by a variable that is left as it is', on('settings @include(if: $yes)')],
    ['not skipped by one', on('settings @skip(if: $no)')],
    ['skipped once, and once not', `${on('settings @skip(if: true)')} ${on('settings')}`],
    ['in a fragment without a type', 'list { edges { ... { node { ... on Config { settings } } } } }'],
  ])('finds a field %s', (_name, selection) => {
    expect(isFound(selection)).toBe(true);
  });

  it.each([
    ['that is not there', on('id')],
    ['that stands deeper', on('other { settings }')],
    ['that stands on another way', 'list { edges { settings: node { id } } }'],
    ['that is skipped', on('settings @skip(if: true)')],
    ['that is not included', on('settings @include(if: $no)')],
    ['in a fragment that is skipped', 'list { edges { node { ... on Config @skip(if: $yes) { settings } } } }'],
    ['below a field that is skipped', 'list { edges @skip(if: true) { node { ... on Config { settings } } } }'],
  ])('finds none %s', (_name, selection) => {
    expect(isFound(selection)).toBe(false);
  });

  it('follows fragments, and asks the variables of the request', () => {
    const fragments = `
      fragment Edges on List { edges { ...OfEdge } }
      fragment OfEdge on Edge { node { ...OfNode @include(if: $yes) } }
      fragment OfNode on Config { id settings }`;
    const selection = 'list { ...Edges }';

    expect(isFound(selection, { fragments })).toBe(true);
    expect(isFound(selection, { fragments, variables: { yes: false } })).toBe(false);
  });

  it('follows a fragment again where it was skipped before', () => {
    const fragments = 'fragment Of on Config { settings }';

    expect(isFound('list { edges { node { ...Of @skip(if: true) ...Of } } }', { fragments })).toBe(true);
  });

  it('follows each of many fragments once, whoever spreads it', () => {
    const levels = 40;
    const fragments = Array.from(
      { length: levels },
      (_, n) => `fragment F${n} on List { ${n + 1 < levels ? `...F${n + 1} ...F${n + 1}` : 'edges { node { id } }'} }`,
    ).join('\n');
    let followed = 0;
    const counted = (info: GraphQLResolveInfo): GraphQLResolveInfo['fragments'] =>
      new Proxy(info.fragments, {
        get: (target, name) => {
          followed += 1;
          return target[name as string];
        },
      });
    const document = parse(`{ list { ...F0 } } ${fragments}`);
    const list = (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
      selects({ ...info, fragments: counted(info) }, 'edges', 'node', 'settings');
      return null;
    };

    execute({ schema, document, rootValue: { list } });

    expect(followed).toBe(levels);
  });
});
