import { z } from '@hono/zod-openapi';
import { mutation } from '../documents.ts';
import { modelConfigs } from '../flat-errors.ts';
import { define } from '../route.ts';
import type { RestApp } from '../wire.ts';
import { ModelConfig } from './config.ts';
import { ModelConfigChange, ModelConfigStatus, Nothing } from './input.ts';

const updateConfig = mutation('updateModelConfig', 'ModelConfig', ModelConfig.paths);
const switchConfig = mutation('updateModelConfig');
const deleteConfig = mutation('deleteModelConfig');

const Done = z.object({ success: z.literal(true), message: z.string() });

/** The routes that change one configuration. */
export function defineChanges(app: RestApp): void {
  define(app, modelConfigs, 'PUT /v1/model-configs/{id}', {
    summary: 'Changes a configuration; provider and model never change',
    permission: 'writesConfig',
    body: ModelConfigChange,
    answer: [200, 'The configuration now.', ModelConfig.schema],
    handle: async ({ graph, id, body }) => ModelConfig.show(await updateConfig(graph, { id, ...body })),
  });

  define(app, modelConfigs, 'PATCH /v1/model-configs/{id}/status', {
    summary: 'Switches a configuration on or off',
    permission: 'writesConfig',
    body: ModelConfigStatus,
    answer: [200, 'It is so.', Done],
    handle: async ({ graph, id, body: { isEnabled } }) => {
      await switchConfig(graph, { id, isEnabled });
      return { success: true, message: `Model configuration ${isEnabled ? 'enabled' : 'disabled'}` };
    },
  });

  define(app, modelConfigs, 'PATCH /v1/model-configs/{id}/default', {
    summary: 'Makes a configuration the default of its owner; the other is one no more',
    permission: 'writesConfig',
    body: Nothing,
    answer: [200, 'It is the default.', Done.extend({ data: ModelConfig.schema })],
    handle: async ({ graph, id }) => {
      const data = ModelConfig.show(await updateConfig(graph, { id, isDefault: true }));
      return { success: true, message: 'Default model configuration set', data };
    },
  });

  define(app, modelConfigs, 'DELETE /v1/model-configs/{id}', {
    summary: 'Deletes a configuration. If it was the default, none is after it',
    answer: [204, 'It is gone.'],
    handle: ({ graph, id }) => deleteConfig(graph, { id }),
  });
}
