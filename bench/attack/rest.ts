import { configId, organizationId } from '../processes/population.ts';
import { type Attack, ask, filled, get, post, send } from './request.ts';
import { heavy } from './world.ts';

interface OpenApi {
  paths: Record<string, Record<string, object>>;
}

/** Every route that reads, of the organization that has most. */
export async function readingRoutes(port: number): Promise<Attack[]> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/openapi.json`);
  const { paths } = (await response.json()) as OpenApi;
  const readable = Object.keys(paths).filter((path) => paths[path] && 'get' in paths[path]);
  return ['/v1/openapi.json', ...readable].map((path) => ({
    name: `GET ${path}`,
    as: 'the owner of one',
    request: get(
      path
        .replace('{organization_id}', heavy.organization)
        .replace('{provider}', 'openai')
        .replace('{id}', path.includes('provider-keys') ? 'key_heavy_1' : 'cfg_heavy_00001'),
    ),
  }));
}

const long = (index: number) => `name-${index}-`.padEnd(200, 'x');
const hours = Date.now() - 90 * 86_400_000;
const wide = Object.fromEntries(Array.from({ length: 1_500 }, (_, index) => [`k${index}`, index]));
const as = 'the owner of many';
const organization = organizationId(0);

/** Changes as large as they may be. */
export const changes: Attack[] = [
  {
    name: 'GET /v1/organizations of 1,000',
    as,
    request: get('/v1/organizations?limit=100'),
  },
  {
    name: '250 disabled models',
    as,
    request: ask(
      'mutation Q{attempt}($i: UpdateModelSettingsInput!) { updateModelSettings(input: $i) { ... on OrganizationModelSettings { disabledModels } } }',
      {
        i: {
          organizationId: organization,
          disabledModels: Array.from({ length: 250 }, (_, n) => long(n).replace('name', 'n{attempt}')).map((text) =>
            text.slice(0, 190),
          ),
        },
      },
    ),
  },
  {
    name: 'REST: 250 disabled models',
    as,
    request: send('PATCH', `/v1/organizations/${organization}/model-settings`, {
      disabledModels: Array.from({ length: 250 }, (_, n) => long(n)),
    }),
  },
  {
    name: '250 disabled models of other spellings',
    as,
    request: ask(
      'mutation Q{attempt}($i: UpdateModelSettingsInput!) { updateModelSettings(input: $i) { __typename } }',
      {
        i: {
          organizationId: organization,
          disabledModels: Array.from({ length: 250 }, (_, n) => filled(`\u00C0gpt-4o ${n}`, 190)),
        },
      },
    ),
  },
  {
    name: '1,000 uses of as many models',
    as,
    request: ask('mutation Q{attempt}($i: RecordModelUsageInput!) { recordModelUsage(input: $i) { __typename } }', {
      i: {
        organizationId: organization,
        records: Array.from({ length: 1_000 }, (_, n) => ({
          id: `use-{attempt}-${n}`.padEnd(190, 'x'),
          modelKey: `openai/${long(n)}`.slice(0, 190),
          promptTokens: 2_147_483_647,
          completionTokens: 0,
          usedAt: new Date(hours + n * 3_600_000).toISOString(),
        })),
      },
    }),
  },
  {
    name: '1,000 uses of a configuration',
    as,
    request: ask('mutation Q{attempt}($i: RecordModelUsageInput!) { recordModelUsage(input: $i) { __typename } }', {
      i: {
        organizationId: organization,
        records: Array.from({ length: 1_000 }, (_, n) => ({
          id: `one-{attempt}-${n}`,
          modelConfigId: configId(0, n % 50),
          promptTokens: 1,
          completionTokens: 1,
        })),
      },
    }),
  },
  {
    name: '5,000 uses',
    as,
    request: ask(
      'mutation Q{attempt}($i: RecordModelUsageInput!) { recordModelUsage(input: $i) { ... on ModelgateValidationError { message issues { path message } } } }',
      {
        i: {
          organizationId: organization,
          records: Array.from({ length: 9_000 }, (_, n) => ({
            id: `${n}`,
            modelKey: '',
            promptTokens: -1,
            completionTokens: -1,
          })),
        },
      },
    ),
  },
  {
    name: '1,000 uses of which each is wrong',
    as,
    request: ask(
      'mutation Q{attempt}($i: RecordModelUsageInput!) { recordModelUsage(input: $i) { ... on ModelgateValidationError { message issues { path message } } } }',
      {
        i: {
          organizationId: organization,
          records: Array.from({ length: 1_000 }, (_, n) => ({
            id: filled(`${n}`, 900),
            modelKey: '',
            promptTokens: -1,
            completionTokens: -1,
          })),
        },
      },
    ),
  },
  {
    name: 'a configuration with settings of 16 kB',
    as,
    request: ask(
      'mutation Q{attempt}($i: UpdateModelConfigInput!) { updateModelConfig(input: $i) { ... on ModelConfig { settings } } }',
      {
        i: { id: configId(0, 1), settings: { ...wide, attempt: '{attempt}' } },
      },
    ),
  },
  {
    name: 'settings of 980 kB, wide',
    as,
    request: ask(
      'mutation Q{attempt}($i: UpdateModelConfigInput!) { updateModelConfig(input: $i) { ... on ModelgateValidationError { message } } }',
      {
        i: { id: configId(0, 1), settings: Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`k${n}`, n])) },
      },
    ),
  },
  {
    name: 'settings of 980 kB, deep',
    as,
    request: post(
      `{"query":"mutation ($s: JSONObject) { updateModelConfig(input: { id: \\"${configId(0, 1)}\\", settings: $s }) { __typename } }","variables":{"s":${'{"a":'.repeat(160_000)}1${'}'.repeat(160_000)}}}`,
    ),
  },
  {
    name: 'a provider key of 980 kB',
    as,
    request: ask(
      'mutation Q{attempt}($i: CreateProviderKeyInput!) { createProviderKey(input: $i) { ... on ModelgateValidationError { message } } }',
      {
        i: {
          organizationId: organization,
          provider: 'openai',
          name: filled('name ', 400_000),
          secret: filled('sk-', 500_000),
        },
      },
    ),
  },
  {
    name: 'REST: a configuration with settings of 980 kB',
    as,
    request: send(
      'POST',
      '/v1/model-configs',
      { provider: 'openai', modelId: 'gpt-4.1', settings: { a: filled('x', 980_000) } },
      [`x-organization-id: ${organization}`],
    ),
  },
  {
    name: '30 changes in one request',
    as,
    request: ask(
      `mutation Q{attempt} { ${Array.from({ length: 30 }, (_, n) => `a${n}: updateModelConfig(input: { id: "${configId(0, n)}", settings: { n: "{attempt}" } }) { __typename }`).join(' ')} }`,
    ),
  },
];
