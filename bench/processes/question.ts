import { documents, type GraphQlContender } from './documents.ts';
import { markerOf, organizationId } from './population.ts';

export const contenders = ['modelgate', 'postgraphile', 'mercurius', 'plain'] as const;
export type Contender = (typeof contenders)[number];

/** What is asked; every contender answers those that it can. */
export type Scenario = 'settings' | 'access' | 'configs' | 'configs-deep' | 'update' | 'rest' | 'node' | 'entities';

/**
 * What the service remembers of a question: its answer; no more than who asks; or nothing, neither who asks nor the token,
 * which nobody has sent before.
 */
export const ways = ['warm', 'cold', 'first'] as const;
export type Way = (typeof ways)[number];

/** What one request is about. */
export interface Subject {
  organization: number;
  /** `provider/modelId` */
  modelKey: string;
  /** A word that no other request has. */
  word: string;
  /** The list that a change sets. */
  disabledModels: readonly string[];
  configIds: readonly string[];
  /** The page that is asked for, where that is not the first: after this cursor, beginning with this configuration. */
  page?: { after: string; first: number };
}

export interface Question {
  method: 'GET' | 'POST';
  path: string;
  body?: unknown;
}

/** How a contender is asked. */
export function questionOf(contender: Contender, scenario: Scenario, subject: Subject): Question {
  const id = organizationId(subject.organization);
  if (scenario === 'rest') return { method: 'GET', path: `/v1/organizations/${id}/model-settings` };
  if (contender === 'plain') return plainQuestion(scenario, id, subject);

  const query = documents[contender as GraphQlContender][scenario];
  if (query === undefined) throw new Error(`${contender} does not answer ${scenario}`);
  return {
    method: 'POST',
    path: '/graphql',
    body: { query, variables: variablesOf(contender, scenario, id, subject) },
  };
}

function plainQuestion(scenario: Scenario, id: string, { modelKey, disabledModels, configIds }: Subject): Question {
  switch (scenario) {
    case 'entities':
      return { method: 'POST', path: '/entities', body: { ids: configIds } };
    case 'access':
      return { method: 'GET', path: `/access/${id}/${encodeURIComponent(modelKey)}` };
    case 'update':
      return { method: 'POST', path: `/update/${id}`, body: { disabledModels } };
    default:
      return { method: 'GET', path: `/${scenario}/${id}` };
  }
}

function variablesOf(contender: Contender, scenario: Scenario, organizationId: string, subject: Subject) {
  const { modelKey, disabledModels, configIds, page } = subject;
  switch (scenario) {
    case 'access':
      return { organizationId, modelKey };
    case 'configs':
      return page ? { organizationId, after: page.after } : { organizationId };
    case 'update':
      return contender === 'postgraphile'
        ? { organizationId, disabledModels, updatedAt: new Date() }
        : { input: { organizationId, disabledModels } };
    case 'node':
      return { id: configIds[0] };
    case 'entities':
      return { representations: configIds.map((id) => ({ __typename: 'ModelConfig', id })) };
    default:
      return { organizationId };
  }
}

/** Words that the answer must carry to be the right one. */
export function wordsOf(scenario: Scenario, { organization, word, configIds }: Subject): readonly string[] {
  switch (scenario) {
    case 'update':
      return [word, markerOf(organization)];
    case 'settings':
    case 'rest':
      return [markerOf(organization)];
    case 'node':
    case 'entities':
      return configIds;
    default:
      return [];
  }
}
