import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import {
  astFromValue,
  type DocumentNode,
  type GraphQLInputType,
  getOperationAST,
  Kind,
  type NamedTypeNode,
  parse,
  typeFromAST,
  type ValueNode,
  validate,
  visit,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { anonymous } from '../../src/auth/viewer.ts';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { limitsOf } from '../../src/limits.ts';
import { documents as ofRest } from '../../src/rest/documents.ts';
import '../../src/rest/rest.ts';
import { createPriceList, type PriceContext } from '../../src/schema/complexity.ts';
import { schema } from '../../src/schema/schema.ts';
import { createDocumentPlans } from '../../src/server/limits/document-plan.ts';

const context = { limits: limitsOf(), catalog: readCatalog(), viewer: anonymous };

const texts = [
  'query ($id: ID!) { organizationModelSettings(organizationId: $id) { revision } }',
  'query ($id: ID!, $n: Int) { modelConfigs(organizationId: $id, first: $n) { totalCount edges { node { id model { id } } } } }',
  'query ($id: ID = "org_x", $n: Int! = 7) { models(organizationId: $id, last: $n) { edges { node { id } } pageInfo { endCursor } } }',
  'query ($id: ID!, $n: Int) { node(id: $id) { ... on Organization { models(first: $n) { edges { node { id } } } } } }',
  'query ($id: ID!) { nodes(ids: ["cfg_x", $id]) { id } caller { kind } }',
  'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on ModelConfig { model { id } } } }',
  'query ($id: ID!, $is: Boolean) { modelGroups(organizationId: "org_x", configuredOnly: $is) { options { model { access(organizationId: $id) { allowed } } } } }',
  'query ($id: ID!, $is: Boolean!) { caller @skip(if: $is) { user { id } } organization(id: $id) { modelConfigs { edges { cursor } } } }',
  'query ($id: ID!, $key: String, $n: Int) { models(organizationId: $id, first: $n, filter: { provider: $key }) { totalCount } }',
  'query ($filter: ModelFilter, $n: Int) { models(organizationId: "org_x", filter: $filter, first: $n) { edges { cursor } } }',
  'mutation ($input: UpdateModelSettingsInput!) { updateModelSettings(input: $input) { __typename } }',
  'mutation ($id: ID!, $key: String) { updateModelSettings(input: { organizationId: $id, disabledModels: ["a", "b"], defaultModelKey: $key }) { __typename } }',
];
const documents = texts.map((text) => parse(text));

const value = fc.oneof(
  fc.string(),
  fc.integer({ min: -2, max: 120 }),
  fc.constantFrom(2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 0.5, -0, Number.NaN),
  fc.boolean(),
  fc.constantFrom(null, undefined),
  fc.array(fc.string(), { maxLength: 4 }),
  fc.record(
    {
      organizationId: fc.oneof(fc.string(), fc.constantFrom(null, 7)),
      disabledModels: fc.oneof(
        fc.array(fc.string(), { maxLength: 4 }),
        fc.constantFrom(null, 'a', [['a']], ['a', null], {}),
      ),
      expectedRevision: fc.constantFrom(3, 4, null, '3', 0.5),
      surplus: fc.constant('x'),
    },
    { requiredKeys: ['organizationId'] },
  ),
  fc.record({ allowed: fc.boolean() }),
);
const variables = fc.record(
  { id: fc.oneof(fc.string(), value), n: value, ids: value, is: value, filter: value, input: value, key: value },
  { requiredKeys: [] },
);

const planOf = (limits = limitsOf()) => createDocumentPlans(schema, limits, createPriceList({ ...context, limits }));
const plans = planOf();

/** The cost, or why there is none. */
function outcome(
  document: DocumentNode,
  variables: Record<string, unknown>,
  of = plans,
  known: PriceContext = context,
) {
  try {
    return of.of(document).operation(undefined)?.cost(variables, known);
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

/** The same document with its variables written out. */
function inlined(document: DocumentNode, variables: Record<string, unknown>): DocumentNode {
  const types = new Map<string, GraphQLInputType>();
  const defaults = new Map<string, ValueNode>();
  visit(document, {
    VariableDefinition: ({ variable, type, defaultValue }) => {
      types.set(variable.name.value, typeFromAST(schema, type as NamedTypeNode) as GraphQLInputType);
      if (defaultValue) defaults.set(variable.name.value, defaultValue);
    },
  });
  const literalOf = (name: string) =>
    name in variables && variables[name] !== undefined
      ? astFromValue(variables[name], types.get(name) as GraphQLInputType)
      : defaults.get(name);
  const isAbsent = (value: ValueNode) => value.kind === Kind.VARIABLE && !literalOf(value.name.value);
  return visit(document, {
    VariableDefinition: () => null,
    Argument: ({ value }) => (isAbsent(value) ? null : undefined),
    ObjectField: ({ value }) => (isAbsent(value) ? null : undefined),
    Variable: ({ name }) => literalOf(name.value),
  });
}

describe('the cost of an operation', () => {
  it('is the same by variables as it is where their values are written in the document', () => {
    expect(documents.flatMap((document) => validate(schema, document))).toEqual([]);

    let compared = 0;
    fc.assert(
      fc.property(fc.constantFrom(...documents), variables, (document, values) => {
        const cost = outcome(document, values);
        if (typeof cost !== 'number') return;
        compared++;
        expect(outcome(inlined(document, values), {})).toBe(cost);
      }),
      { numRuns: 3_000 },
    );
    expect(compared).toBeGreaterThan(300);
  });

  it('depends on variables wherever they are written', () => {
    const ids = 'query ($id: ID!) { nodes(ids: ["cfg_x", $id]) { id } }';
    const input =
      'mutation ($models: [String!]) { updateModelSettings(input: { organizationId: "org_x", disabledModels: $models }) { __typename } }';

    expect(outcome(parse(ids), { id: 'cfg_y' })).toBe(6);
    expect([[], ['a', 'b']].map((models) => outcome(parse(input), { models }))).toEqual([10, 12]);
  });

  it('follows the limits of the server that asks', () => {
    const document = parse('{ models(organizationId: "org_x") { edges { cursor } } }');
    const small = planOf(limitsOf({ pageSize: 5 }));

    expect([outcome(document, {}), outcome(document, {}, small), outcome(document, {})]).toEqual([61, 7, 61]);
  });

  it('has fifths that add up', () => {
    const values = Array.from({ length: 50 }, (_, n) => `k${n}: kind`).join(' ');

    expect(outcome(parse(`{ caller { ${values} } }`), {})).toBe(1 + 10);
  });

  it('is not worked out for a list that is longer than any may be', () => {
    const document = parse('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename } }');
    const small = planOf(limitsOf({ entities: 1, inputList: 3, pageSize: 2, teamMembers: 1, usageBatch: 1 }));
    const costs = [6, 7].map((length) => outcome(document, { ids: Array(length).fill('cfg_x') }, small));

    expect(costs).toEqual([18, 'Variable "$ids" has a list of more than 6 entries.']);
  });

  it('counts a fragment of fragments in time that grows with the document alone', () => {
    const levels = Array.from({ length: 40 }, (_, n) => `fragment F${n} on Organization { ...F${n + 1} ...F${n + 1} }`);
    const text = `query ($n: Int) { organization(id: "org_x") { ...F0 } }
      ${levels.join('\n')} fragment F40 on Organization { members(first: $n) { edges { cursor } } }`;

    expect(outcome(parse(text), { n: 1 })).toBe(1 + Math.floor(2 ** 40 * 2.2));
  });
});

describe('what is known of a document', () => {
  const document = parse(`query A($n: Int!) { caller { ...V } ...Q } query B { caller { kind } }
    fragment V on Caller { kind user { id } } fragment Q on Query { a: caller { ...V } models(organizationId: "x", first: $n) { totalCount } }`);
  const plan = plans.of(document);

  it('is found out once', () => {
    expect(plans.of(document)).toBe(plan);
    expect(plan.operation('A')).toBe(plan.operation('A'));
  });

  it('has the operation of a name alone, and its fields, with those of a fragment wherever it is spread', () => {
    const operations = ['A', 'B', 'C', undefined].map((name) => plan.operation(name));

    expect(operations.map((operation) => operation?.name)).toEqual(['A', 'B', undefined, undefined]);
    expect(operations.map((operation) => operation?.fields)).toEqual([10, 2, undefined, undefined]);
  });

  it('has the fields that are selected anywhere, by their own names', () => {
    expect(plan.selects('models')).toBe(true);
    expect(plan.selects('organization', 'totalCount')).toBe(true);
    expect(plan.selects('a', 'V', 'x')).toBe(false);
  });
});

describe('a query that a REST route asks', () => {
  const queries = ofRest.flatMap((document) => {
    const operation = getOperationAST(document);
    return operation?.operation === 'query' ? [[operation.name?.value, document] as const] : [];
  });
  const memberships = new Map(Array.from({ length: 1_000 }, (_, n) => [`org_${n}`, 'MEMBER'] as const));
  const ofManyOrganizations = { ...context, viewer: { ...anonymous, memberships } };

  it('is one of the schema, as are the changes', () => {
    for (const document of ofRest) expect(validate(schema, document)).toEqual([]);
  });

  it.each(queries)('costs no more than one operation may, by default: %s', (_, document) => {
    const variables = { organizationId: 'org_x', id: 'org_x', modelKey: 'gpt-4o', first: 100 };
    const cost = outcome(document, variables, plans, ofManyOrganizations);

    expect(cost).toBeTypeOf('number');
    expect(cost).toBeLessThanOrEqual(context.limits.complexity);
  });
});

describe('variables', () => {
  it('are coerced once for a request, and forgotten with it', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc');
    const [text = ''] = texts;
    const operation = plans.of(parse(text)).operation(undefined);
    const ask = () => {
      const values = { id: 'org_x', secret: 'of 1 MB' };
      operation?.cost(values, context);
      expect(operation?.coerce(values)).toBe(operation?.coerce(values));
      expect(operation?.coerce({ ...values })).not.toBe(operation?.coerce(values));
      return new WeakRef(values);
    };

    const asked = ask();
    // What a weak reference was made of, or read from, stays until the end of the turn.
    await setImmediate();
    collect();

    expect(asked.deref()).toBe(undefined);
  });
});
