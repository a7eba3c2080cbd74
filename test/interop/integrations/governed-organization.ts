import { expect } from 'vitest';
import { anApiKey } from '../../kit/keys.ts';
import { UpdateSettings } from '../../kit/operations.ts';
import type { startService } from '../../kit/service.ts';
import { countedAt } from './broken-modelgate.ts';

/** An organization that does not allow GPT-4o mini, a service at a port for one test, and the key of a gateway. */
export async function aGovernedOrganization(service: Awaited<ReturnType<typeof startService>>) {
  const world = await service.aWorld();
  const key = await anApiKey(service, world, ['READ', 'USAGE_WRITE']);
  const { organization, admin } = world;
  const disable = async (...disabledModels: string[]) => {
    const input = { organizationId: organization.id, disabledModels };
    const { data } = await service.ask(UpdateSettings, { input }, { as: admin });
    expect(data?.updateModelSettings).toMatchObject({ disabledModels });
  };
  await disable('gpt-4o-mini');
  return { ...world, key, disable, ...(await countedAt(service.listener)) };
}
