import { z } from '@hono/zod-openapi';
import { faultsOfRefusal, invalidBody } from '../faults.ts';
import { graphql } from '../generated/gql.ts';
import type {
  RestCreateProviderKeyMutation,
  RestProviderKeyFragment,
  RestRotateProviderKeyMutation,
  RestUpdateProviderKeyMutation,
} from '../generated/graphql.ts';
import { accepted, HttpError } from '../http-error.ts';

/** What every view asks of a provider key. */
graphql(`
  fragment RestProviderKey on ProviderKey {
    id
    name
    provider
    isActive
    last4
    lastUsedAt
    usageCount
    createdAt
    updatedAt
  }
`);

export const ProviderKey = z
  .object({
    id: z.string().openapi({ example: 'key_01m8254h0ff6fv3azyjfyw9wa5' }),
    name: z.string(),
    provider: z.string(),
    isActive: z.boolean(),
    isDefault: z.literal(false).openapi({ description: 'No key is: a configuration names the one that it uses.' }),
    keyPreview: z.string().nullable().openapi({ description: 'The last four characters.', example: '…cdef' }),
    lastUsedAt: z.string().nullable().openapi({ description: 'When a service was last given it.' }),
    usageCount: z.number().openapi({ description: 'How often a service was given it.' }),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('ProviderKey', { description: "An organization's own key at a provider. The key itself is never told." });

export const ProviderKeyAnswer = z.object({ providerKey: ProviderKey }).openapi('ProviderKeyAnswer');

type ChangeResult =
  | RestCreateProviderKeyMutation['createProviderKey']
  | RestUpdateProviderKeyMutation['updateProviderKey']
  | RestRotateProviderKeyMutation['rotateProviderKey'];

/** The key after a change. What is said against `secret` is said against `apiKey`, as this system calls it. @throws Refusal */
export function acceptedKey(result: ChangeResult): RestProviderKeyFragment {
  try {
    return accepted(result, 'ProviderKey');
  } catch (error) {
    const faults = error instanceof HttpError ? faultsOfRefusal(error) : [];
    if (faults.length === 0) throw error;
    throw invalidBody(faults.map((fault) => (fault.path === 'secret' ? { ...fault, path: 'apiKey' } : fault)));
  }
}

/** A provider key as this system shows it. */
export function toProviderKey(key: RestProviderKeyFragment): z.output<typeof ProviderKey> {
  const { id, name, provider, isActive, last4, lastUsedAt, usageCount, createdAt, updatedAt } = key;
  return {
    id,
    name,
    provider,
    isActive,
    isDefault: false,
    keyPreview: `…${last4}`,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    usageCount: Number(usageCount),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
