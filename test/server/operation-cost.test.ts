import fc from 'fast-check';
import { type DocumentNode, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { anonymous } from '../../src/auth/viewer.ts';
import { readCatalog } from '../../src/catalog/catalog.ts';
import { limitsOf } from '../../src/limits.ts';
import { schema } from '../../src/schema/schema.ts';
import { costOf } from '../../src/server/operation-cost.ts';

const context = { limits: limitsOf(), catalog: readCatalog(), viewer: anonymous };

const texts = [
  'query ($id: ID!) { organizationModelSettings(organizationId: $id) { revision } }',
  'query ($id: ID!, $n: Int) { modelConfigs(organizationId: $id, first: $n) { totalCount edges { node { id model { id } } } } }',
  'query ($id: ID = "org_x", $n: Int! = 7) { models(organizationId: $id, last: $n) { edges { node { id } } pageInfo { endCursor } } }',
  'query ($id: ID!, $n: Int) { node(id: $id) { ... on Organization { models(first: $n) { edges { node { id } } } } } }',
  'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on ModelConfig { model { id } } } }',
  'query ($id: ID!, $is: Boolean) { modelGroups(organizationId: "org_x", configuredOnly: $is) { options { model { access(organizationId: $id) { allowed } } } } }',
  'query ($id: ID!, $is: Boolean!) { viewer @skip(if: $is) { user { id } } organization(id: $id) { modelConfigs { edges { cursor } } } }',
  'query ($id: ID!, $key: String, $n: Int) { models(organizationId: $id, first: $n, filter: { provider: $key }) { totalCount } }',
  'query ($filter: ModelFilter, $n: Int) { models(organizationId: "org_x", filter: $filter, first: $n) { edges { cursor } } }',
  'mutation ($input: UpdateModelSettingsInput!) { updateModelSettings(input: $input) { __typename } }',
  'mutation ($id: ID!, $key: String) { updateModelSettings(input: { organizationId: $id, disabledModels: ["a", "b"], defaultModelKey: $key }) { __typename } }',
];
const documents = texts.map((text) => ({ text, known: parse(text) }));

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

/** The cost, or why there is none. */
function outcome(document: DocumentNode, variableValues: Record<string, unknown>, contextValue: object = context) {
  try {
    return costOf({ schema, document, variableValues, contextValue });
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

describe('the cost of an operation that was counted before', () => {
  it('is what it is when it is counted for the first time, whatever its variables are', () => {
    expect(documents.flatMap(({ known }) => validate(schema, known))).toEqual([]);

    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.array(variables, { maxLength: 6 }), ({ text, known }, requests) => {
        for (const request of requests) {
          expect(outcome(known, request)).toEqual(outcome(parse(text), request));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('follows the limits of the server that asks', () => {
    const document = parse('{ models(organizationId: "org_x") { edges { cursor } } }');
    const small = { ...context, limits: limitsOf({ pageSize: 5 }) };

    expect([outcome(document, {}), outcome(document, {}, small), outcome(document, {})]).toEqual([61, 7, 61]);
  });

  it('is right for more page sizes than are remembered', () => {
    const [, text = ''] = texts;
    const document = parse(text);

    for (let n = 0; n < 100; n++) {
      expect(outcome(document, { id: 'org_x', n })).toBe(outcome(parse(text), { id: 'org_x', n }));
    }
  });
});
