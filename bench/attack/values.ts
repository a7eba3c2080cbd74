import { type Attack, ask, filled, post, series } from './request.ts';

const echo = "' got invalid value x' ";
const aliases = 30;
const aliased = (field: string) => series(aliases, (n) => `a${n}: ${field}`);
const huge = (text: string) => filled(text, 980_000);

type Case = [name: string, request: Attack['request']];

/** Values that do not fit, each as long as a body may be. */
export const values: Attack[] = (
  [
    [
      'Int! of its own error',
      ask('query Q{attempt}($n: Int!) { models(organizationId: "org_x", first: $n) { totalCount } }', {
        n: filled(echo, 300_000),
      }),
    ],
    [
      'Int! of 980 kB',
      ask('query Q{attempt}($n: Int!) { models(organizationId: "org_x", first: $n) { totalCount } }', {
        n: huge(echo),
      }),
    ],
    [
      'Boolean of 980 kB',
      ask('query Q{attempt}($b: Boolean!) { modelGroups(organizationId: "org_x", configuredOnly: $b) { baseModel } }', {
        b: huge(echo),
      }),
    ],
    [
      'enum of 980 kB',
      ask('query Q{attempt}($f: ModelFilter) { models(organizationId: "org_x", filter: $f) { totalCount } }', {
        f: { lifecycle: filled('ACTIVE" ; Enum "', 800_000) },
      }),
    ],
    [
      'unknown input field of 980 kB',
      ask('query Q{attempt}($f: ModelFilter) { models(organizationId: "org_x", filter: $f) { totalCount } }', {
        f: { [filled('provider" ; Field "', 800_000)]: 1 },
      }),
    ],
    [
      '60,000 unknown input fields',
      ask('query Q{attempt}($f: ModelFilter) { models(organizationId: "org_x", filter: $f) { totalCount } }', {
        f: Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`field${n}`, 1])),
      }),
    ],
    [
      'object of 980 kB for a text',
      ask('query Q{attempt}($k: String!) { modelAccess(organizationId: "org_x", modelKey: $k) { allowed } }', {
        k: { a: huge('x; ') },
      }),
    ],
    [
      '480,000 wrong entries of ids',
      ask('query Q{attempt}($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
        ids: Array.from({ length: 330_000 }, () => []),
      }),
    ],
    [
      '480,000 wrong entries of texts',
      ask('mutation Q{attempt}($i: UpdateModelSettingsInput!) { updateModelSettings(input: $i) { __typename } }', {
        i: { organizationId: 'org_x', disabledModels: Array.from({ length: 480_000 }, () => 1) },
      }),
    ],
    [
      '330,000 records that are none',
      ask('mutation Q{attempt}($i: RecordModelUsageInput!) { recordModelUsage(input: $i) { __typename } }', {
        i: { organizationId: 'org_x', records: Array.from({ length: 330_000 }, () => ({})) },
      }),
    ],
    [
      '240,000 representations that are none',
      ask('query Q{attempt}($r: [_Any!]!) { _entities(representations: $r) { __typename } }', {
        r: Array.from({ length: 330_000 }, () => ({})),
      }),
    ],
    [
      '240,000 ids',
      ask('query Q{attempt}($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
        ids: Array.from({ length: 240_000 }, () => 'x'),
      }),
    ],
    [
      '30 × node of an id of 980 kB',
      ask(`query Q{attempt}($id: ID!) { ${aliased('node(id: $id) { id }')} }`, { id: huge('x') }),
    ],
    [
      '30 × organization of an id of 980 kB',
      ask(`query Q{attempt}($id: ID!) { ${aliased('organization(id: $id) { id }')} }`, { id: huge('org_') }),
    ],
    [
      '30 × models of an id of 980 kB',
      ask(`query Q{attempt}($id: ID!) { ${aliased('models(organizationId: $id) { totalCount }')} }`, {
        id: huge('org_'),
      }),
    ],
    [
      '30 × cursor of 800 kB',
      ask(
        `query Q{attempt}($c: String!) { ${aliased('modelConfigs(organizationId: "org_x", after: $c) { totalCount }')} }`,
        { c: filled('WyJ4', 800_000) },
      ),
    ],
    [
      '30 × model key of 980 kB',
      ask(
        `query Q{attempt}($k: String!) { ${aliased('modelAccess(organizationId: "org_x", modelKey: $k) { allowed }')} }`,
        { k: huge('openai/') },
      ),
    ],
    [
      '30 × DateTime of 980 kB',
      ask(
        `query Q{attempt}($d: DateTime!) { ${aliased('modelConfigUsage(organizationId: "org_x", from: $d) { cost }')} }`,
        { d: huge('2026-01-01T00:00:00') },
      ),
    ],
    [
      '_Any of 980 kB, with an id as long',
      ask('query Q{attempt}($r: [_Any!]!) { _entities(representations: $r) { __typename } }', {
        r: [{ __typename: 'Organization', id: huge('org_') }],
      }),
    ],
    [
      '_Any of a type name of 980 kB',
      ask('query Q{attempt}($r: [_Any!]!) { _entities(representations: $r) { __typename } }', {
        r: [{ __typename: huge('Org'), id: 'org_x' }],
      }),
    ],
    ['operation name of 980 kB', post(JSON.stringify({ query: '{ __typename }', operationName: huge('x') }))],
    [
      '100,000 unknown variables',
      post(`{"query":"{ __typename }","variables":{${series(80_000, (n) => `"v${n}":1`, ',')}}}`),
    ],
    [
      'extensions of 980 kB',
      post(JSON.stringify({ query: '{ __typename }', extensions: { a: Array.from({ length: 480_000 }, () => 1) } })),
    ],
    [
      'persisted hash of 980 kB',
      post(JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: huge('a') } } })),
    ],
  ] satisfies Case[]
).flatMap(([name, request]) => (['nobody', 'the owner of one'] as const).map((as) => ({ name, as, request })));
