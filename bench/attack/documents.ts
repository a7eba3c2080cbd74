import { type Attack, ask, filled, series } from './request.ts';

const nameOf = (length: number) => filled('abcdefghij', length);
/** A document that is anew each time. */
const anew = (document: string) => ask(`query Q{attempt} ${document}`);

const deep = series(
  24,
  (n) => `fragment F${n} on Organization { modelSettings { organization { ...F${n + 1} } } ...F${n + 1} }`,
);
const conflicting = series(18, (n) => `...F${n}`);
const manyFields = series(36, (n) => `f${n % 6}: name`);

/** Documents up to 100,000 characters and 1,500 tokens. */
export const documents: Attack[] = (
  [
    ['an ordinary one', anew('{ caller { kind } }')],
    ['text of its own error', anew(`{ a ${filled('"""; Value " ; Value " """ ', 99_000)} }`)],
    ['one text of its own error', anew(`{a """${filled('; Value " ', 98_000)}"""}`)],
    [
      'enum value of 98 kB',
      anew(`{ models(organizationId: "x", filter: { lifecycle: ${nameOf(98_000)} }) { totalCount } }`),
    ],
    ['input field of 98 kB', anew(`{ models(organizationId: "x", filter: { ${nameOf(98_000)}: 1 }) { totalCount } }`)],
    ['field of 98 kB', anew(`{ ${nameOf(98_000)} }`)],
    ['argument of 98 kB', anew(`{ node(${nameOf(98_000)}: 1) { id } }`)],
    ['type of 98 kB', anew(`{ ... on ${nameOf(98_000)} { id } }`)],
    ['directive of 98 kB', anew(`{ __typename @${nameOf(98_000)} }`)],
    ['variable of 98 kB', anew(`($${nameOf(49_000)}: ID) { node(id: $${nameOf(48_000)}) { id } }`)],
    ['1,400 unknown fields of 60 characters', anew(`{ ${series(1_400, (n) => `${nameOf(60)}${n}`)} }`)],
    ['700 unknown arguments', anew(`{ node(${series(490, (n) => `organizationI${n}: 1`)}) { id } }`)],
    [
      '480 input fields that are none',
      anew(`{ models(organizationId: "x", filter: { ${series(470, (n) => `supportsSearc${n}: 1`)} }) { totalCount } }`),
    ],
    ['450 wrong values in a list', anew(`{ nodes(ids: [${series(1_400, () => '{}', ' ').slice(0, 2_000)}]) { id } }`)],
    ['300 fragments, none used', anew(`{ __typename } ${series(240, (n) => `fragment F${n} on Node { id }`)}`)],
    [
      '240 fragments in a chain',
      anew(
        `{ node(id: "x") { ...F0 } } ${series(180, (n) => `fragment F${n} on Node { ...F${n + 1} }`)} fragment F180 on Node { id }`,
      ),
    ],
    [
      'fragments in a chain, twice each',
      anew(
        `{ node(id: "x") { ...F0 } } ${series(110, (n) => `fragment F${n} on Node { ...F${n + 1} ...F${n + 1} }`)} fragment F110 on Node { id }`,
      ),
    ],
    [
      'doubling fragments below each other',
      anew(`{ organization(id: "x") { ...F0 } } ${deep} fragment F24 on Organization { id }`),
    ],
    [
      'fragments that each use all others',
      anew(
        `{ node(id: "x") { ...F0 } } ${series(24, (n) => `fragment F${n} on Node { ${series(23 - n, (other) => `...F${n + other + 1}`)} id }`)}`,
      ),
    ],
    [
      '18 fragments of the same fields',
      anew(
        `{ organization(id: "x") { ${conflicting} } } ${series(18, (n) => `fragment F${n} on Organization { ${manyFields.slice(0, 36 * 5)} }`)}`,
      ),
    ],
    ['fields of one name, with other arguments', anew(`{ ${series(100, (n) => `node(id: "x${n}") { id }`)} }`)],
    [
      'fields of one name below each other',
      anew(`{ ${series(60, () => 'caller { memberships { organization { id } } }')} }`),
    ],
    ['inline fragments', anew(`{ node(id: "x") { ${series(280, () => '... on Node { id }')} } }`)],
    ['120 variables of each kind', anew(`(${series(240, (n) => `$v${n}: [ID!]! = ["x"]`)}) { __typename }`)],
    ['directives', anew(`{ __typename ${series(240, () => '@skip(if: true)')} }`)],
    ['list 700 deep', anew(`{ nodes(ids: ${'['.repeat(700)}${']'.repeat(700)}) { id } }`)],
    [
      'objects 450 deep',
      anew(`{ models(organizationId: "x", filter: ${'{a:'.repeat(450)}1${'}'.repeat(450)}) { totalCount } }`),
    ],
    ['700 deep', anew('{ caller '.repeat(490) + '}'.repeat(490))],
    ['comment of 98 kB', anew(`{ __typename } #${filled('x', 98_000)}`)],
    ['49,000 comments', anew(`{ __typename } ${filled('#\n', 98_000)}`)],
    ['98,000 commas', anew(`{ __typename ${filled(',\n', 98_000)} }`)],
    ['block string of 48,000 lines', anew(`{ node(id: """${filled(' x\n', 98_000)}""") { id } }`)],
    ['string of 16,000 escapes', anew(`{ node(id: "${filled('\\u0041', 97_998)}") { id } }`)],
    ['number of 98,000 digits', anew(`{ models(organizationId: "x", first: ${filled('1', 98_000)}) { totalCount } }`)],
    ['98 kB that cannot be read', anew(`{ a(b: "${filled('x', 98_000)}`)],
    [
      'introspection',
      anew(
        '{ __schema { types { name fields(includeDeprecated: true) { name args { name type { name ofType { name } } } type { name ofType { name ofType { name } } } } inputFields { name } enumValues { name } possibleTypes { name } } directives { name args { name } } } }',
      ),
    ],
    [
      'introspection 30 times',
      anew(
        `{ ${series(30, (n) => `a${n}: __type(name: "Organization") { fields { name args { name } type { name fields { name } } } }`)} }`,
      ),
    ],
    [
      'introspection of types of types',
      anew('{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }'),
    ],
    ['subgraph, 30 times', anew(`{ ${series(30, (n) => `a${n}: _service { sdl }`)} }`)],
  ] satisfies [string, Attack['request']][]
).flatMap(([name, request]) => (['nobody', 'the owner of one'] as const).map((as) => ({ name, as, request })));
