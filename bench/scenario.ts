import { type Contender, contenders, type Scenario, type Way } from './processes/question.ts';

interface Described {
  title: string;
  contenders: readonly Contender[];
  /** In which the service is measured beside `warm`. */
  ways?: readonly Way[];
  /** There are few enough of its questions to ask all of them before it is measured. */
  isWalked?: boolean;
}

/** What is measured in rounds, in this order; changes last, for those before to find the world as it was. */
export const scenarios: Record<Scenario, Described> = {
  settings: {
    title: 'organizationModelSettings of a random organization',
    contenders,
    ways: ['cold', 'first'],
    isWalked: true,
  },
  access: {
    title: 'modelAccess of a random model (PostGraphile cannot decide)',
    contenders: ['modelgate', 'mercurius', 'plain'],
    ways: ['cold'],
    isWalked: true,
  },
  configs: {
    title: 'modelConfigs(first: 50), 4 fields and pageInfo',
    contenders,
    ways: ['cold', 'first'],
    isWalked: true,
  },
  'configs-deep': {
    title: 'the same with model, access and keyStatus (PostGraphile: joins of settings and keys)',
    contenders,
    ways: ['cold'],
    isWalked: true,
  },
  rest: { title: 'REST GET …/model-settings', contenders: ['modelgate'], isWalked: true },
  node: { title: 'node(id) of a random configuration', contenders: ['modelgate'] },
  entities: {
    title: '100 _entities references in one request',
    contenders: ['modelgate', 'mercurius', 'plain'],
    ways: ['cold'],
  },
  update: {
    title: "updateModelSettings with ledger entry (PostGraphile: a plain update of the settings' row)",
    contenders,
  },
};

export const scenarioNames = Object.keys(scenarios) as Scenario[];
