import { z } from '@hono/zod-openapi';

const apiKey = z.string().min(1, 'must not be empty').openapi({
  description: 'The key as the provider issued it. It is encrypted before it is stored, and never answered.',
  minLength: 8,
  maxLength: 4096,
  format: 'password',
  writeOnly: true,
});
const name = z.string().openapi({ description: 'Its name, for people.', minLength: 1, maxLength: 100 });
const isDefault = z
  .literal(false, { error: 'is not kept: a configuration names the key that it uses' })
  .optional()
  .openapi({ description: 'Has no effect: there is no default key. A configuration names the one that it uses.' });

export const ProviderKeyCreation = z
  .strictObject({
    apiKey,
    name,
    provider: z.string().openapi({ description: "The provider's slug, such as `openai`." }),
    isDefault,
  })
  .openapi('ProviderKeyCreation', { description: 'A key of the organization at a provider.' });

export const ProviderKeyChange = z
  .strictObject({
    apiKey: apiKey.optional(),
    name: name.optional(),
    isActive: z.boolean().optional().describe('Whether it is used.'),
    isDefault,
  })
  .openapi('ProviderKeyChange', {
    description: 'What shall change; a field that is not given stays. `apiKey` gives the key a new value.',
  });
