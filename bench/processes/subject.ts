import type { Model } from './decision.ts';
import { configId, configsPerOrganization, settingsOf } from './population.ts';
import type { Scenario, Subject } from './question.ts';

const entitiesOfABatch = 100;

/** Draws what a request is about, from the first so many organizations. */
export function createDraw(
  scenario: Scenario,
  {
    organizations,
    models,
    random,
    name,
  }: { organizations: number; models: readonly Model[]; random: () => number; name: string },
): (organization?: number) => Subject {
  let serial = 0;
  const below = (count: number) => Math.floor(random() * count);
  const aConfig = () => configId(below(organizations), below(configsPerOrganization));

  return (organization = below(organizations)) => {
    const word = `word-${name}-${serial}`;
    serial += 1;
    const model = models[below(models.length)];
    return {
      organization,
      word,
      modelKey: model ? `${model.provider}/${model.modelId}` : '',
      disabledModels: scenario === 'update' ? [...settingsOf(organization, models).disabledModels, word] : [],
      configIds: Array.from({ length: configsOf(scenario) }, aConfig),
    };
  };
}

function configsOf(scenario: Scenario): number {
  if (scenario === 'entities') return entitiesOfABatch;
  return scenario === 'node' ? 1 : 0;
}
