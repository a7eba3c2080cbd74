import { z } from '@hono/zod-openapi';
import { made, view } from '../view.ts';

export const ProviderKey = view(
  {
    id: z.string().openapi({ example: 'key_01m8254h0ff6fv3azyjfyw9wa5' }),
    name: z.string(),
    provider: z.string(),
    isActive: z.boolean(),
    isDefault: z.literal(false).openapi({ description: 'No key is: a configuration names the one that it uses.' }),
    keyPreview: made(
      z.string().nullable().openapi({ description: 'The last four characters.', example: '…cdef' }),
      ['last4'],
      ({ last4 }) => `…${last4}`,
    ),
    lastUsedAt: z.string().nullable().openapi({ description: 'When a service was last given it.' }),
    usageCount: z.number().openapi({ description: 'How often a service was given it.' }),
    createdAt: z.string(),
    updatedAt: z.string(),
  },
  'ProviderKey',
  { description: "An organization's own key at a provider. The key itself is never told." },
);
