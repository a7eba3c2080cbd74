import { z } from '@hono/zod-openapi';
import { define } from '../define.ts';
import { mutation } from '../documents.ts';
import { modelConfigs } from '../flat-errors.ts';
import type { RestApp } from '../wire.ts';
import { ModelConfig } from './config.ts';
import { ModelConfigChange, ModelConfigStatus, Nothing } from './input.ts';

const updateConfig = mutation('updateModelConfig', 'ModelConfig', ModelConfig.paths);
const switchConfig = mutation('updateModelConfig');
const deleteConfig = mutation('deleteModelConfig');

const Done = z.object({
  success: z.literal(true).describe('Always true.'),
  message: z.string().openapi({ description: 'What was done, for people.', example: 'Model configuration enabled' }),
});
const StatusSet = Done.openapi('ModelConfigStatusSet', { description: 'The configuration is switched as was asked.' });
const DefaultSet = Done.extend({ data: ModelConfig.schema }).openapi('ModelConfigDefaultSet', {
  description: 'The configuration is the default.',
});

const whose = 'A user changes configurations of its own; owners and admins also those that the organization shares.';

/** The routes that change one configuration. */
export function defineChanges(app: RestApp): void {
  define(app, modelConfigs, 'PUT /v1/model-configs/{id}', {
    operationId: 'updateModelConfig',
    summary: 'Change a configuration',
    description: `A field that is not given stays; provider and model never change. ${whose}`,
    access: 'writeOwnConfigs',
    permission: 'writesConfig',
    body: ModelConfigChange,
    examples: {
      placeholders: {
        summary: 'A template. It is refused until the placeholder is replaced by the id of a key, or taken out.',
        value: { settings: { maxTokens: 1000, temperature: 0.7 }, providerKeyId: '<the id of a provider key>' },
      },
      nothing: { summary: 'Changes nothing, and answers the configuration.', value: {} },
    },
    answer: [200, 'The configuration after the change.', ModelConfig.schema],
    handle: async ({ graph, id, body }) => ModelConfig.show(await updateConfig(graph, { id, ...body })),
  });

  define(app, modelConfigs, 'PATCH /v1/model-configs/{id}/status', {
    operationId: 'setModelConfigStatus',
    summary: 'Switch a configuration on or off',
    description: `The default cannot be switched off. ${whose}`,
    access: 'writeOwnConfigs',
    permission: 'writesConfig',
    body: ModelConfigStatus,
    examples: { off: { summary: 'Switches the configuration off that the path names.', value: { isEnabled: false } } },
    answer: [200, 'The configuration is switched as was asked.', StatusSet],
    handle: async ({ graph, id, body: { isEnabled } }) => {
      await switchConfig(graph, { id, isEnabled });
      return { success: true, message: `Model configuration ${isEnabled ? 'enabled' : 'disabled'}` };
    },
  });

  define(app, modelConfigs, 'PATCH /v1/model-configs/{id}/default', {
    operationId: 'setDefaultModelConfig',
    summary: 'Make a configuration the default',
    description: `It becomes the default of its user, or of the organization that shares it; the former default is none afterwards. ${whose}`,
    access: 'writeOwnConfigs',
    permission: 'writesConfig',
    body: Nothing,
    examples: { empty: { summary: 'Makes the configuration the default that the path names.', value: {} } },
    answer: [200, 'The configuration is the default.', DefaultSet],
    handle: async ({ graph, id }) => {
      const data = ModelConfig.show(await updateConfig(graph, { id, isDefault: true }));
      return { success: true, message: 'Default model configuration set', data };
    },
  });

  define(app, modelConfigs, 'DELETE /v1/model-configs/{id}', {
    operationId: 'deleteModelConfig',
    summary: 'Delete a configuration',
    description: `If it was the default, there is none afterwards. ${whose}`,
    access: 'writeOwnConfigs',
    answer: [204, 'The configuration was deleted.'],
    handle: ({ graph, id }) => deleteConfig(graph, { id }),
  });
}
