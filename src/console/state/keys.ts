import { ProviderKeys } from '../generated/operations.ts';
import type { ProviderKeysQuery } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { can } from './caller.ts';
import { createList } from './list.ts';

export type ProviderKey = NonNullable<
  NonNullable<ProviderKeysQuery['organization']>['providerKeys']
>['edges'][number]['node'];

/** The organization's own keys at providers. */
export const { nodes: providerKeys, watch: watchKeys } = createList<ProviderKey>(
  async (page, stop) => (await ask(ProviderKeys, page, stop)).organization?.providerKeys,
  () => can('MANAGE_PROVIDER_KEYS'),
);
