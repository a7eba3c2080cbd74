import { z } from 'zod';
import { Printable, printable } from '../printable.ts';
import { Key, keyFields, keyOf } from './model.ts';
import { allInWords, Reasons } from './reasons.ts';
import { modelName, type Tool } from './tool.ts';

const access = {
  query: `query MayIUse($organizationId: ID!, $modelKey: String!) {
    modelAccess(organizationId: $organizationId, modelKey: $modelKey) {
      allowed
      reasons
      validUntil
      model { ${keyFields} }
    }
  }`,
  data: z.object({
    modelAccess: z.object({
      allowed: z.boolean(),
      reasons: Reasons,
      validUntil: Printable.nullable(),
      model: Key.nullable(),
    }),
  }),
};

const input = { model: modelName };
const output = {
  model: z.string().nullable().describe('Its exact key, provider/key; null where the catalog has no such model.'),
  allowed: z.boolean(),
  reasons: z.array(z.string()).describe('Every reason against it, most important first; empty where it may be used.'),
  validUntil: z.string().nullable().describe('When this can change by time alone; null where it does not.'),
};

export const mayIUse: Tool<typeof input, typeof output> = {
  name: 'may_i_use',
  title: 'May I use this model?',
  description: 'Whether a model may be used in this organization, and every reason against it. Ask before you call it.',
  input,
  output,
  run: async ({ model: modelKey }, ask) => {
    const { modelAccess } = await ask(access, { modelKey });
    const { model, allowed, reasons, validUntil } = modelAccess;
    const key = model === null ? null : keyOf(model);
    const name = key ?? `"${printable(modelKey)}"`;
    const end = validUntil === null ? '' : ` This can change at ${validUntil}.`;
    const text = allowed
      ? `Yes, ${name} may be used.${end}`
      : `No, ${name} may not be used. ${allInWords(reasons)}${end} The tool why tells what may be used instead.`;
    return { text, structured: { model: key, allowed, reasons, validUntil } };
  },
};
