import { z } from '@hono/zod-openapi';
import { moment } from '../schemas.ts';
import { made, view } from '../view.ts';

export const ProviderKey = view(
  {
    id: z.string().openapi({ description: 'Its id.', example: 'key_01m8254h0ff6fv3azyjfyw9wa5' }),
    name: z.string().openapi({ description: 'Its name, for people.', example: 'Production' }),
    provider: z.string().openapi({ description: "The provider's slug.", example: 'openai' }),
    isActive: z.boolean().openapi({ description: 'Whether it is used.', example: true }),
    isDefault: z
      .literal(false)
      .openapi({ description: 'Always false: there is no default key. A configuration names the one that it uses.' }),
    keyPreview: made(
      z.string().nullable().openapi({ description: 'Its last four characters.', example: '…cdef' }),
      ['last4'],
      ({ last4 }) => `…${last4}`,
    ),
    lastUsedAt: moment.nullable().openapi({ description: 'When a service was last given the key; null if never.' }),
    usageCount: z.number().openapi({ description: 'How often a service was given the key.', example: 0 }),
    createdAt: moment.describe('When it was created.'),
    updatedAt: moment.describe('When it was last changed.'),
  },
  'ProviderKey',
  { description: "An organization's own key at a provider. The key itself is never answered." },
);
