import { z } from '@hono/zod-openapi';
import { atMost } from '../schemas.ts';
import type { Row } from '../view.ts';
import { snakeCase } from './envelope.ts';

const key = z.string().openapi({ minLength: 1, maxLength: 200 });
const listOf = (description: string) =>
  z.array(key).openapi({
    description: `${description} Replaces the list; \`[]\` clears it.`,
    ...atMost('inputList'),
  });

/** By the graph's names. Each may be written in snake case too. */
const fields = {
  disabledProviders: listOf(
    'Slugs of providers none of whose models may be used. One that is not known refuses the change.',
  ),
  disabledModels: listOf(
    'Names of models that may not be used: the key (`gpt-4o-mini`), the key with its provider (`openai/gpt-4o-mini`), or the display name. One that names no model is kept, and blocks nothing.',
  ),
  defaultModelKey: key.nullable().openapi({
    description:
      'The key of the default model, which must be allowed after the change, or an alias of one; null for none.',
  }),
};
const names = Object.keys(fields);

const { disabledProviders, disabledModels, defaultModelKey } = fields;

/** As clients shall write it: each field in one spelling. */
export const DescribedModelSettingsUpdate = z
  .strictObject({
    disabledProviders: disabledProviders.optional(),
    disabledModels: disabledModels.optional(),
    defaultModelKey: defaultModelKey.optional(),
  })
  .openapi('ModelSettingsUpdate', {
    description:
      'What shall change; a field that is not given stays. Clients of the earlier system may also write `disabled_providers`, `disabled_models` and `default_model_key`; new ones should not.',
  });

export const ModelSettingsUpdate = z
  .strictObject(
    Object.fromEntries(
      Object.entries(fields).flatMap(([name, schema]) => [
        [name, schema.optional()],
        [snakeCase(name), schema.optional()],
      ]),
    ),
  )
  .superRefine((body: Row, { addIssue }) => {
    for (const name of names) {
      const [one, other] = [body[name], body[snakeCase(name)]];
      if (one !== undefined && other !== undefined && JSON.stringify(one) !== JSON.stringify(other)) {
        addIssue({ code: 'custom', path: [snakeCase(name)], message: `differs from ${name}; give one of the two` });
      }
    }
  });

/** How a body spells one of the graph's names. */
export const spellingIn = (body: Row) => (name: string) =>
  names.includes(name) && body[name] === undefined ? snakeCase(name) : name;

/** The change that a body asks for, in the graph's spelling. */
export function settingsChangeOf(body: Row): Row {
  return Object.fromEntries(names.map((name) => [name, body[spellingIn(body)(name)]]));
}
