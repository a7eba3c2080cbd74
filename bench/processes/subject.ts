import type { Model } from './decision.ts';
import { configId, configsPerOrganization, settingsOf } from './population.ts';
import type { Scenario, Subject } from './question.ts';

const entitiesOfABatch = 100;

/** How many questions of a scenario there are about so many organizations, where each may have an answer that is kept. */
export function questionsOf(scenario: Scenario, organizations: number, models: readonly Model[]): number {
  return scenario === 'access' ? organizations * models.length : organizations;
}

/** Draws what a request is about, from the first so many organizations; what is given is not drawn. */
export function createDraw(
  scenario: Scenario,
  {
    organizations,
    models,
    random,
    name,
  }: { organizations: number; models: readonly Model[]; random: () => number; name: string },
): (organization?: number, model?: Model) => Subject {
  let serial = 0;
  const below = (count: number) => Math.floor(random() * count);
  const aConfig = () => configId(below(organizations), below(configsPerOrganization));

  return (organization = below(organizations), model = models[below(models.length)]) => {
    const word = `word-${name}-${serial}`;
    serial += 1;
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
