import { can } from '../state/caller.ts';
import { ApiKeys } from './api-keys.tsx';
import { Cost } from './cost.tsx';
import { ProviderKeys } from './provider-keys.tsx';

/** What the models were used for, and the keys. */
export function Use() {
  return (
    <>
      <Cost />
      {can('MANAGE_PROVIDER_KEYS') && <ProviderKeys />}
      {can('MANAGE_API_KEYS') && <ApiKeys />}
    </>
  );
}
