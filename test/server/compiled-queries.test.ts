import { describe, expect, it } from 'vitest';
import { startService } from '../kit/service.ts';

const { ask, aWorld } = await startService();

/** What the same question is answered, time and again: interpreted at first, and compiled later. */
async function answersTo(query: string, variables: Record<string, unknown>, as: { id: string }) {
  const answers = [];
  for (let time = 0; time < 8; time++) {
    // Another header that answers depend on: none of them is one that was kept.
    const answer = await ask(query, variables, { as, headers: { 'if-none-match': `"${time}"` } });
    const { data, errors } = answer;
    const told = errors?.map(({ extensions: { traceId: _, timestamp: __, ...extensions }, ...error }) => ({
      ...error,
      extensions,
    }));
    answers.push({ data, errors: told, order: Object.keys(answer) });
  }
  return answers;
}

describe('a query that is compiled', () => {
  it.each([
    [
      'data',
      'query ($id: ID!) { organization(id: $id) { id models(first: 3) { edges { cursor node { id access(organizationId: $id) { allowed } } } } } }',
    ],
    [
      'a refusal',
      'query ($id: ID!) {\r\n  viewer { kind }\n\n  organization(id: $id) { id }\n  organizationModelSettings(organizationId: "org_absent") { revision } }',
    ],
    [
      'an error in place',
      'query ($id: ID!) {\n  organization(id: $id) { id }\n  nodes(ids: ["org_absent", "x"]) { id } a: modelAccess(organizationId: $id, modelKey: "gpt-4o") { allowed }\n  b: modelConfigs(organizationId: $id, first: -1) { totalCount } }',
    ],
    [
      'what is left out',
      'query ($id: ID!, $is: Boolean = true) { organization(id: $id) { id @skip(if: $is) name ... @include(if: $is) { id } ... on Node { __typename } } }',
    ],
    [
      'a variable that does not fit',
      'query ($id: ID!, $first: Int = 2) { models(organizationId: $id, first: $first, after: "x") { totalCount } }',
    ],
    [
      'a variable within a value',
      'query ($id: ID!) { _entities(representations: [{ __typename: "Organization", id: $id }]) { ... on Organization { id } } }',
    ],
    [
      'a variable within a list',
      'query ($id: ID!, $entity: _Any!) { nodes(ids: ["org_absent", $id]) { id } _entities(representations: [$entity]) { ... on Organization { id } } }',
    ],
  ])('is answered as it was before: %s', async (_what, query) => {
    const { organization, owner } = await aWorld();
    const { id } = organization;

    const [first, ...others] = await answersTo(query, { id, entity: { __typename: 'Organization', id } }, owner);

    for (const other of others) expect(other).toEqual(first);
  });
});
