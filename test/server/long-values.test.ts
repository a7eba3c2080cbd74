import { describe, expect, it } from 'vitest';
import { UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { ask, aWorld, db } = service;
const call = restOf(service);

const long = 'x'.repeat(980_000);
const thirty = (field: string) => Array.from({ length: 30 }, (_, n) => `a${n}: ${field}`).join(' ');

/** What a client is told, as it is sent. */
async function toldOf(query: string, variables: Record<string, unknown>, as?: { id: string }) {
  const { status, data, errors } = await ask(query, variables, { as });
  const text = JSON.stringify({ data, errors });
  expect(errors?.length ?? 0).toBeGreaterThan(0);
  expect(errors?.map(({ extensions }) => extensions.code)).not.toContain('INTERNAL_SERVER_ERROR');
  return { status, text, errors: errors ?? [] };
}

describe('a value that is far too long', () => {
  it.each([
    ['an id', 'query ($v: ID!)', 'organization(id: $v) { id }'],
    ['an id in a filter of a list', 'query ($v: ID!)', 'modelConfigs(organizationId: $v) { totalCount }'],
    ['a cursor', 'query ($v: String!)', 'models(organizationId: "$ORG", after: $v) { totalCount }'],
    ['a provider', 'query ($v: String!)', 'models(organizationId: "$ORG", filter: { provider: $v }) { totalCount }'],
    [
      'a text to search',
      'query ($v: String!)',
      'models(organizationId: "$ORG", filter: { search: $v }) { totalCount }',
    ],
    ['a model', 'query ($v: String!)', 'modelConfigs(organizationId: "$ORG", filter: { modelId: $v }) { totalCount }'],
    ['a moment', 'query ($v: DateTime!)', 'modelConfigUsage(organizationId: "$ORG", from: $v) { cost }'],
  ])('is refused and not repeated, however often it is named: %s', async (_, operation, field) => {
    const { organization, member } = await aWorld();
    const query = `${operation} { ${thirty(field.replace('$ORG', organization.id))} }`;

    for (const as of [member, undefined]) {
      const { text, status } = await toldOf(query, { v: long }, as);
      expect(status).toBeLessThan(500);
      expect(text.length).toBeLessThan(30_000);
      expect(text).not.toContain('x'.repeat(201));
    }
  });

  it('names no model', async () => {
    const { organization, member } = await aWorld();
    const query = `query ($v: String!) { modelAccess(organizationId: "${organization.id}", modelKey: $v) { reasons } }`;

    expect((await ask(query, { v: long }, { as: member })).data).toEqual({
      modelAccess: { reasons: ['UNKNOWN_MODEL'] },
    });
  });

  it.each(['/v1/organizations/$/models', '/v1/model-configs/$', '/v1/provider-keys/$', '/v1/provider-keys/provider/$'])(
    'is refused in a path: %s',
    async (path) => {
      const { owner } = await aWorld();
      const method = path.endsWith('models') || path.includes('/provider/') ? 'GET' : 'DELETE';

      const { status, body } = await call(method, path.replace('$', 'x'.repeat(5_000)), { as: owner });

      expect(status).toBe(400);
      expect(JSON.stringify(body).length).toBeLessThan(1_000);
    },
  );

  it('is refused in the header that names the organization', async () => {
    const { owner } = await aWorld();
    const headers = { 'x-organization-id': 'x'.repeat(5_000) };

    expect((await call('GET', '/v1/model-configs', { as: owner, headers })).status).toBe(400);
  });
});

describe('an input with many faults', () => {
  it('is told ten of them', async () => {
    const { organization, admin } = await aWorld();
    const disabledModels = Array.from({ length: 250 }, () => '');

    const { data } = await ask(
      UpdateSettings,
      { input: { organizationId: organization.id, disabledModels } },
      { as: admin },
    );

    expect(data?.updateModelSettings).toMatchObject({ __typename: 'ModelgateValidationError', issues: { length: 10 } });
  });

  it('is measured before it is looked into: settings of a configuration', async () => {
    const { organization, member } = await aWorld();
    const settings = { customModel: { supportedResponseFormats: Array(300_000).fill(1) } };
    const body = { provider: 'openai', modelId: 'gpt-4.1', settings };

    const { status, body: told } = await call('POST', '/v1/model-configs', { as: member, body });

    expect(status).toBe(400);
    expect(told.details).toMatchObject([
      { path: 'settings', message: 'must not be longer than 16384 characters as JSON' },
    ]);
    expect(await db.modelConfig.count({ where: { organizationId: organization.id } })).toBe(0);
  });

  it('is none where an open object has a list of its own, as long as it may be', async () => {
    const { organization, member } = await aWorld();
    const query = `mutation ($settings: JSONObject) { createModelConfig(input: { organizationId: "${organization.id}",
      provider: "openai", modelId: "gpt-4.1", settings: $settings }) { __typename } }`;

    const { data } = await ask(query, { settings: { stops: Array(8_000).fill(1) } }, { as: member });

    expect(data).toEqual({ createModelConfig: { __typename: 'ModelConfig' } });
  });

  it('is not told a scalar that does not fit', async () => {
    const { organization, member } = await aWorld();
    const query = (moment: string) =>
      `query ($at: DateTime) { modelConfigUsage(organizationId: "${organization.id}", from: ${moment}) { cost } }`;

    for (const [moment, at] of [
      ['$at', 'sk-hunter2'],
      ['"sk-hunter2"', null],
    ] as const) {
      const { text, errors } = await toldOf(query(moment), { at }, member);
      expect(text).not.toContain('hunter2');
      expect(errors[0]?.message).toContain('A DateTime is written as ISO 8601');
    }
  });
});
