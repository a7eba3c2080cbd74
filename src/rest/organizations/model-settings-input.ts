import { z } from '@hono/zod-openapi';
import type { Row } from '../view.ts';
import { snakeCase } from './envelope.ts';

const listOf = (example: string) =>
  z.array(z.string()).openapi({ description: 'Replaces the list; `[]` clears it.', example: [example] });

/** By the graph's names. Each may be written in snake case too. */
const fields = {
  disabledProviders: listOf('google'),
  disabledModels: listOf('gpt-4o-mini'),
  defaultModelKey: z.string().nullable().openapi({ description: 'null clears it.', example: 'claude-sonnet-4-6' }),
};
const names = Object.keys(fields);

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
  })
  .openapi('ModelSettingsUpdate', {
    description: 'What shall change; a field that is not given stays. Each may be written in either spelling.',
    example: { disabledProviders: ['google'], disabledModels: ['gpt-4o-mini'], defaultModelKey: 'claude-sonnet-4-6' },
  });

/** How a body spells one of the graph's names. */
export const spellingIn = (body: Row) => (name: string) =>
  names.includes(name) && body[name] === undefined ? snakeCase(name) : name;

/** The change that a body asks for, in the graph's spelling. */
export function settingsChangeOf(body: Row): Row {
  return Object.fromEntries(names.map((name) => [name, body[spellingIn(body)(name)]]));
}
