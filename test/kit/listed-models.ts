import { expect } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { restOf } from './rest.ts';
import type { Service } from './service.ts';

interface Asking {
  as?: { id: string };
  token?: string;
}

const keys = readCatalog().models.map(({ provider, modelId }) => `${provider}/${modelId}`);

const Lists = `query ($o: ID!, $models: [_Any!]!) {
  models(organizationId: $o, filter: { allowed: true }, first: 100) { edges { node { id } } }
  organization(id: $o) { models(filter: { allowed: true }, first: 100) { edges { node { id } } } }
  modelGroups(organizationId: $o) { options { model { id } access { allowed } } }
  _entities(representations: $models) { ... on Model { id access(organizationId: $o) { allowed } } }
}`;

interface Page {
  edges: { node: { id: string } }[];
}

interface Listed {
  models: Page;
  organization: { models: Page };
  modelGroups: { options: { model: { id: string }; access: { allowed: boolean } }[] }[];
  _entities: { id: string; access: { allowed: boolean } }[];
}

/** What every list says that a caller may use, as `provider/modelId`: by the graph, to a gateway, and by REST. */
export async function everyListOf(service: Service, { id }: { id: string }, asking: Asking) {
  const { data, errors } = await service.ask<Listed, Record<string, unknown>>(
    Lists,
    { o: id, models: keys.map((key) => ({ __typename: 'Model', id: `mdl_${key}` })) },
    asking,
  );
  expect(errors).toBe(undefined);
  if (!data) return expect.fail();
  const call = restOf(service);
  const headers = { ...(asking.token && { authorization: `Bearer ${asking.token}` }) };
  const rest = async (path: string) => (await call('GET', path, { as: asking.as, headers })).body;
  const [available, grouped, listed] = [
    await rest('/v1/model-configs/available'),
    await rest('/v1/model-configs/grouped'),
    await rest(`/v1/organizations/${id}/models`),
  ];
  const options = data.modelGroups.flatMap((group) => group.options);
  const offered = grouped.data.flatMap(({ providers }: { providers: Model[] }) => providers);
  return {
    models: sorted(data.models.edges.map(({ node }) => node.id)),
    ofOrganization: sorted(data.organization.models.edges.map(({ node }) => node.id)),
    groups: sorted(options.filter(({ access }) => access.allowed).map(({ model }) => model.id)),
    entities: sorted(data._entities.filter(({ access }) => access.allowed).map((model) => model.id)),
    available: sorted(available.data.map(keyOf)),
    grouped: sorted(offered.map(keyOf)),
    listed: sorted(listed.models.map(({ external }: { external: string }) => external)),
  };
}

/** What all of these lists are where the caller may use these models. */
export function everyList(models: readonly string[]) {
  const list = sorted(models);
  return {
    models: list,
    ofOrganization: list,
    groups: list,
    entities: list,
    available: list,
    grouped: list,
    listed: list,
  };
}

interface Model {
  provider: string;
  modelId: string;
}

const keyOf = ({ provider, modelId }: Model) => `${provider}/${modelId}`;
const sorted = (ids: readonly string[]) => ids.map((id) => id.replace(/^mdl_/, '')).toSorted();
