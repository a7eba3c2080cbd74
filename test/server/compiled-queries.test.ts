import { describe, expect, it } from 'vitest';
import { CreateConfig } from '../kit/config-operations.ts';
import { anApiKey, aProviderKey } from '../kit/keys.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { ask, aWorld, db } = service;

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
      'query ($id: ID!) {\r\n  caller { kind }\n\n  organization(id: $id) { id }\n  organizationModelSettings(organizationId: "org_absent") { revision } }',
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
    [
      'a fragment that is spread under conditions of two places',
      `query ($id: ID!) {
         a: organization(id: $id) { ...F @include(if: false) } b: organization(id: $id) { ...F ...F @skip(if: true) }
         c: organization(id: $id) { id } c: organization(id: $id) @include(if: false) { ... on Organization { name } } }
       fragment F on Organization { id name }`,
    ],
    [
      'an object in the place of a list',
      'query ($id: ID!) { _entities(representations: { __typename: "Organization", id: $id }) { ... on Organization { id } } }',
    ],
    [
      'a list with null where it may have none',
      'query ($id: ID!, $none: ID = "x") { organization(id: $id) { id } nodes(ids: [$none]) { id } }',
    ],
    [
      'a default value',
      'query ($id: ID!, $first: Int = 2) { models(organizationId: $id, first: $first) { edges { cursor } } }',
    ],
    ['a value in place of a default value', 'query ($ids: [ID!] = []) { nodes(ids: $ids) { id } }'],
    [
      'an alias that is no property',
      'query ($id: ID!) { __proto__: organization(id: $id) { __proto__: name constructor: id toJSON: id } then: __typename }',
    ],
    [
      'aliases that are joined to the same path',
      `query ($id: ID!) { b_a: modelConfigs(organizationId: $id) { edges { node { settings } } }
         a: organization(id: $id) { b: modelConfigs { edges { node { id } } } } }`,
    ],
    [
      'a default value that is no JSON',
      `query ($id: ID!, $from: DateTime = "2026-11-01T00:00:00Z", $to: DateTime = "2026-11-03T00:00:00Z") {
         modelUsageSeries(organizationId: $id, from: $from, to: $to, granularity: DAY) { at } }`,
    ],
    [
      'errors of which each bubbles up to another place',
      `query ($id: ID!) {
         x: modelAccess(organizationId: "org_absent", modelKey: "y") { allowed }
         organization(id: $id) { a: models(first: -1) { totalCount } name b: modelConfigs(first: -2) { totalCount } }
         nodes(ids: ["cfg_absent", "org_absent"]) { id } }`,
    ],
  ])('is answered as it was before: %s', async (_what, query) => {
    const { organization, owner } = await aWorld();
    const { id } = organization;
    const config = { organizationId: id, provider: 'openai', modelId: 'gpt-4o', settings: { temperature: 1 } };
    await ask(CreateConfig, { input: { ...config, scope: 'ORGANIZATION' } }, { as: owner });

    const [first, ...others] = await answersTo(
      query,
      { id, ids: [id], none: null, entity: { __typename: 'Organization', id } },
      owner,
    );

    for (const other of others) expect(JSON.stringify(other)).toBe(JSON.stringify(first));
  });

  it('runs no text of a client', async () => {
    const { organization, owner } = await aWorld();
    const magic = '__MAGIC_DATE__33a9e76d_02e0_4128_8e92_3530ad3da74d';
    const query = `query ($id: ID!) { modelAccess(organizationId: $id, modelKey: "${magic}0,globalThis.wasRun=true") { allowed } }`;

    await answersTo(query, { id: organization.id }, owner);

    expect(globalThis).not.toHaveProperty('wasRun');
  });

  it('reads a secret once each time, whatever else of it fails', async () => {
    const world = await aWorld();
    const { id } = await aProviderKey(service, world);
    const { token } = await anApiKey(service, world, ['KEYS_USE']);
    const times = 6;

    for (let time = 0; time < times; time++) {
      const { errors } = await ask(
        'query ($id: ID!) { providerKeySecret(id: $id) { secret providerKey { id } } }',
        { id },
        { token },
      );
      expect(errors).toHaveLength(1);
    }

    expect(await db.providerKeyUse.count({ where: { providerKeyId: id } })).toBe(times);
  });
});
