import { z } from '@hono/zod-openapi';
import { parseBody } from '../faults.ts';

const slugs = z.array(z.string()).openapi({ description: 'Replaces the list; `[]` clears it.', example: ['google'] });
const keys = z
  .array(z.string())
  .openapi({ description: 'Replaces the list; `[]` clears it.', example: ['gpt-4o-mini'] });
const key = z.string().nullable().openapi({ description: 'null clears it.', example: 'claude-sonnet-4-6' });

/** Each field has two spellings; the first is the graph's. */
const spellings = [
  ['disabledProviders', 'disabled_providers'],
  ['disabledModels', 'disabled_models'],
  ['defaultModelKey', 'default_model_key'],
] as const;

export const ModelSettingsUpdate = z
  .strictObject({
    disabledProviders: slugs.optional(),
    disabled_providers: slugs.optional(),
    disabledModels: keys.optional(),
    disabled_models: keys.optional(),
    defaultModelKey: key.optional(),
    default_model_key: key.optional(),
  })
  .superRefine((body, { addIssue }) => {
    for (const [camel, snake] of spellings) {
      const [one, other] = [body[camel], body[snake]];
      if (one !== undefined && other !== undefined && JSON.stringify(one) !== JSON.stringify(other)) {
        addIssue({ code: 'custom', path: [snake], message: `differs from ${camel}; give one of the two` });
      }
    }
  })
  .openapi('ModelSettingsUpdate', {
    description: 'What shall change; a field that is not given stays. Each may be written in either spelling.',
    example: { disabledProviders: ['google'], disabledModels: ['gpt-4o-mini'], defaultModelKey: 'claude-sonnet-4-6' },
  });

/** A change in the graph's spelling, and how the body spelled it. */
export interface SettingsChange {
  values: { disabledProviders?: string[]; disabledModels?: string[]; defaultModelKey?: string | null };
  spelledAs: (field: string) => string;
}

/**
 * The change that a body asks for.
 * @throws Refusal with every fault and its path
 */
export function readSettingsChange(body: unknown): SettingsChange {
  const given = parseBody(ModelSettingsUpdate, body);
  const values: Record<string, string[] | string | null> = {};
  const snakeCased = new Map<string, string>();
  for (const [camel, snake] of spellings) {
    const value = given[camel] === undefined ? given[snake] : given[camel];
    if (value !== undefined) values[camel] = value;
    if (given[camel] === undefined) snakeCased.set(camel, snake);
  }
  return { values, spelledAs: (field) => snakeCased.get(field) ?? field };
}
