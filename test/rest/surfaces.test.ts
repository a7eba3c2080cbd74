import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CreateConfig,
  DeleteConfig,
  EnableConfig,
  ListConfigs,
  MakeDefault,
  UpdateConfig,
} from '../kit/config-operations.ts';
import { ReadSettings, UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld } = service;
const call = restOf(service);

type Change =
  | {
      kind: 'settings';
      input: { disabledProviders?: string[]; disabledModels?: string[]; defaultModelKey?: string | null };
    }
  | { kind: 'create'; input: { provider: string; modelId: string; settings: Record<string, unknown> } }
  | {
      kind: 'update';
      input: { isEnabled?: boolean; isDefault?: boolean; settings?: Record<string, unknown> };
      at: number;
    }
  | { kind: 'enable'; isEnabled: boolean; at: number }
  | { kind: 'default' | 'delete'; at: number };

const at = fc.nat(3);
const settings = fc.record({ temperature: fc.constantFrom(0, 0.5, 2, 3) }, { requiredKeys: [] });
const models = ['gpt-4.1', 'gpt-4o', 'claude-sonnet-4-6'];
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constant('settings' as const),
    input: fc.record(
      {
        disabledProviders: fc.subarray(['openai', 'google', 'OpenAI']),
        disabledModels: fc.subarray(models),
        defaultModelKey: fc.constantFrom(null, 'gpt-99', ...models),
      },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    kind: fc.constant('create' as const),
    input: fc.record({
      provider: fc.constantFrom('openai', 'openai', 'anthropic', 'nobody'),
      modelId: fc.constantFrom(...models),
      settings,
    }),
  }),
  fc.record({
    kind: fc.constant('update' as const),
    input: fc.record({ isEnabled: fc.boolean(), isDefault: fc.boolean(), settings }, { requiredKeys: [] }),
    at,
  }),
  fc.record({ kind: fc.constant('enable' as const), isEnabled: fc.boolean(), at }),
  fc.record({ kind: fc.constantFrom('default' as const, 'delete' as const), at }),
);

interface Config extends Record<string, unknown> {
  id: string;
}

/** One way to change and to read the same organization, as its admin. */
interface Surface {
  /** Answers the code of the refusal, or OK. */
  make: (change: Change, configId: string) => Promise<string>;
  readSettings: () => Promise<object>;
  readConfigs: () => Promise<Config[]>;
}

function graphOf({ organization, admin }: World): Surface {
  const organizationId = organization.id;
  const codeOf = ({ data }: { data?: Record<string, unknown> | null }) =>
    (Object.values(data ?? {})[0] as { code?: string }).code ?? 'OK';
  const as = { as: admin };
  return {
    make: async (change, id) => {
      switch (change.kind) {
        case 'settings':
          return codeOf(await ask(UpdateSettings, { input: { organizationId, ...change.input } }, as));
        case 'create':
          return codeOf(await ask(CreateConfig, { input: { organizationId, ...change.input } }, as));
        case 'update':
          return codeOf(await ask(UpdateConfig, { input: { id, ...change.input } }, as));
        case 'enable':
          return codeOf(await ask(EnableConfig, { input: { id, isEnabled: change.isEnabled } }, as));
        case 'default':
          return codeOf(await ask(MakeDefault, { input: { id } }, as));
        case 'delete':
          return codeOf(await ask(DeleteConfig, { input: { id } }, as));
      }
    },
    readSettings: async () => {
      const { data } = await ask(ReadSettings, { organizationId }, as);
      const { disabledProviders, disabledModels, defaultModelKey } = data?.organizationModelSettings ?? {};
      return { disabledProviders, disabledModels, defaultModelKey };
    },
    readConfigs: async () => {
      const { data } = await ask(ListConfigs, { organizationId, first: 100 }, as);
      return (data?.modelConfigs.edges ?? []).map(({ node }) => {
        const { id, provider, modelId, isEnabled, isDefault, settings, updatedAt } = node;
        return { id, provider, modelId, isEnabled, isDefault, settings, updatedAt };
      });
    },
  };
}

function restOn({ organization, admin }: World): Surface {
  const settingsPath = `/v1/organizations/${organization.id}/model-settings`;
  const send = async (method: string, path: string, body?: unknown) => {
    const answer = await call(method, path, { as: admin, body });
    if (answer.status < 300) return 'OK';
    return String(answer.body.error.code ?? answer.body.details[0].code);
  };
  return {
    make: (change, id) => {
      const path = `/v1/model-configs/${id}`;
      switch (change.kind) {
        case 'settings':
          return send('PATCH', settingsPath, change.input);
        case 'create':
          return send('POST', '/v1/model-configs', change.input);
        case 'update':
          return send('PUT', path, change.input);
        case 'enable':
          return send('PATCH', `${path}/status`, { isEnabled: change.isEnabled });
        case 'default':
          return send('PATCH', `${path}/default`);
        case 'delete':
          return send('DELETE', path);
      }
    },
    readSettings: async () => {
      const { body } = await call('GET', settingsPath, { as: admin });
      return {
        disabledProviders: body.disabled_providers,
        disabledModels: body.disabled_models,
        defaultModelKey: body.default_model_key,
      };
    },
    readConfigs: async () => {
      const { body } = await call('GET', '/v1/model-configs', { as: admin });
      return body.data.map((config: Record<string, unknown>) => {
        const { id, provider, modelId, isEnabled, isDefault, settings, updatedAt } = config;
        return { id, provider, modelId, isEnabled, isDefault, settings, updatedAt };
      });
    },
  };
}

/** An organization, by both surfaces. */
const twoWaysTo = (world: World) => ({ graph: graphOf(world), rest: restOn(world) });
type TwoWays = ReturnType<typeof twoWaysTo>;

async function makeBy(name: keyof TwoWays, ways: TwoWays, change: Change): Promise<string> {
  const configs = await ways.graph.readConfigs();
  return ways[name].make(change, ('at' in change && configs[change.at]?.id) || 'cfg_absent');
}

async function stateBy({ readConfigs, readSettings }: Surface) {
  return { settings: await readSettings(), configs: await readConfigs() };
}

describe('the graph and REST', () => {
  it('are two ways to the same: each refuses as the other does, and both read what either wrote', async () => {
    const changes = fc.array(fc.tuple(change, fc.boolean()), { minLength: 4, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(changes, async (changes) => {
        const [here, there] = [twoWaysTo(await aWorld()), twoWaysTo(await aWorld())];

        for (const [change, isMirrored] of changes) {
          const outcome = await makeBy(isMirrored ? 'rest' : 'graph', here, change);
          expect(await makeBy(isMirrored ? 'graph' : 'rest', there, change)).toBe(outcome);
        }

        // REST comes first: where there is no configuration, it makes the default one.
        const states = [await stateBy(here.rest), await stateBy(there.rest)];
        expect([await stateBy(here.graph), await stateBy(there.graph)]).toEqual(states);
        const [one, other] = states.map(({ settings, configs }) => ({
          settings,
          configs: configs.map(({ id: _id, updatedAt: _updatedAt, ...config }) => config),
        }));
        expect(one).toEqual(other);
      }),
      { numRuns: 8 },
    );
  });
});
