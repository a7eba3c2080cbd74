import { z } from '@hono/zod-openapi';

const apiKey = z
  .string()
  .min(1, 'must not be empty')
  .openapi({ description: 'The key as the provider issued it. It is sealed at once, and never told again.' });
const name = z.string().openapi({ description: '1 to 100 characters.', example: 'Production' });
const isDefault = z
  .literal(false, { error: 'is not kept: a configuration names the key that it uses' })
  .optional()
  .openapi({ description: 'Is not kept.' });

export const ProviderKeyCreation = z
  .strictObject({
    apiKey,
    name,
    provider: z.string().openapi({ description: 'A slug.', example: 'openai' }),
    isDefault,
  })
  .openapi('ProviderKeyCreation');

export const ProviderKeyChange = z
  .strictObject({ apiKey: apiKey.optional(), name: name.optional(), isActive: z.boolean().optional(), isDefault })
  .openapi('ProviderKeyChange', {
    description: 'What shall change; a field that is not given stays. `apiKey` gives the key a new value.',
  });
