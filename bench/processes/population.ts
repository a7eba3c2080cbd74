import { type Model, modelsByKey, reasonsAgainst, type Settings, todayOf } from './decision.ts';
import { randomNumbers } from './random.ts';

/** Configurations of an organization. */
export const configsPerOrganization = 50;

/** Organizations of one user, who is the owner of each. */
export const organizationsPerUser = 1_000;

export const organizationId = (organization: number) => `org_${digits(organization, 6)}`;
export const configId = (organization: number, config: number) => `cfg_${digits(organization, 6)}_${digits(config, 5)}`;
export const userOf = (organization: number) => `usr_owner_${Math.floor(organization / organizationsPerUser)}`;

/** A member of this organization alone. */
export const callerOf = (organization: number) => `usr_caller_${organization}`;

/** An entry of its settings' `disabledModels` that no other organization has; there is no such model. */
export const markerOf = (organization: number) => `mark-${digits(organization, 6)}`;

/** Where an organization's revisions begin: no two organizations are ever at the same one. */
export const firstRevision = (organization: number) => (organization + 1) * 1_000;
export const organizationAt = (revision: number) => Math.floor(revision / 1_000) - 1;

/** As many models as the configurations use, spread over the catalog, retired ones among them. */
export function modelsInUse(models: readonly Model[]): Model[] {
  const count = 100;
  return Array.from({ length: count }, (_, index) => models[Math.floor((index * models.length) / count)]).filter(
    (model) => model !== undefined,
  );
}

/** What an organization says about models: always the same for the same organization. */
export function settingsOf(organization: number, models: readonly Model[]): Settings {
  const random = randomNumbers(organization + 1);
  const some = <Value>(values: readonly Value[], share: number) => values.filter(() => random() < share);
  const disabledProviders = some([...new Set(models.map(({ provider }) => provider))], 0.1);
  const disabledModels = some(models, 0.03).map((model) =>
    random() < 0.5 ? model.modelId : `${model.provider}/${model.modelId}`,
  );
  const said = { disabledProviders, disabledModels: [...disabledModels, markerOf(organization)] };
  const wanted = models[Math.floor(random() * models.length)];
  const key = wanted && `${wanted.provider}/${wanted.modelId}`;
  const isAllowed = reasonsAgainst({ ...said, defaultModelKey: null }, wanted, todayOf(new Date())).length === 0;
  return { ...said, defaultModelKey: key !== undefined && isAllowed ? key : null };
}

/** The providers that an organization has a key at, and whether it is active. */
export function providerKeysOf(
  organization: number,
  models: readonly Model[],
): { provider: string; isActive: boolean }[] {
  const random = randomNumbers(organization + 1_000_003);
  return [...new Set(models.map(({ provider }) => provider))]
    .filter(() => random() < 0.4)
    .map((provider) => ({ provider, isActive: random() < 0.8 }));
}

/** Decides for any organization what the service should, from what was filled in. */
export function createJudge(models: readonly Model[]): (organization: number, modelKey: string) => string[] {
  const byKey = modelsByKey(models);
  const inUse = modelsInUse(models);
  const known = new Map<number, Settings>();
  const today = todayOf(new Date());
  return (organization, modelKey) => {
    const settings = known.get(organization) ?? settingsOf(organization, inUse);
    known.set(organization, settings);
    return reasonsAgainst(settings, byKey.get(modelKey), today);
  };
}

function digits(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
