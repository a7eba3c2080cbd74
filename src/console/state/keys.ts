import { effect, signal } from '@preact/signals';
import { ProviderKeys } from '../generated/operations.ts';
import type { ProviderKeysQuery } from '../generated/types.ts';
import { ask } from '../graph/ask.ts';
import { readPages } from '../graph/pages.ts';
import { can, membership } from './caller.ts';
import { failed } from './notice.ts';
import { changes } from './revision.ts';

export type ProviderKey = NonNullable<
  NonNullable<ProviderKeysQuery['organization']>['providerKeys']
>['edges'][number]['node'];

/** The organization's own keys at providers; undefined until they are read, and for those who may not. */
export const providerKeys = signal<ProviderKey[] | undefined>();

export function watchKeys(): void {
  effect(() => {
    const organizationId = membership.value?.organizationId;
    void changes.value;
    if (organizationId === undefined || !can('MANAGE_PROVIDER_KEYS')) {
      providerKeys.value = undefined;
      return;
    }
    const read = async (after: string | null) =>
      (await ask(ProviderKeys, { organizationId, after })).organization?.providerKeys;
    void readPages(read, (nodes) => (providerKeys.value = nodes)).catch(failed);
  });
}
