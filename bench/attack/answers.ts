import { organizationId } from '../processes/population.ts';
import { type Attack, ask, series } from './request.ts';
import { heavy } from './world.ts';

const one = JSON.stringify(heavy.organization);
// Close to each other, so that the largest that is let in is near what its price allows.
const counts = [30, 25, 20, 17, 15, 13, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
const lengths = [
  1_000, 850, 700, 600, 500, 420, 350, 300, 250, 200, 170, 140, 120, 100, 85, 70, 60, 50, 40, 30, 25, 20, 15, 10, 5, 2,
  1,
];
const pages = lengths.filter((length) => length <= 100);
const several = (field: string) => (size: number) => `query Q{attempt} { ${series(size, (n) => `a${n}: ${field}`)} }`;
const year = 'from: "2025-12-01T00:00:00Z", to: "2026-01-11T00:00:00Z"';
const every = 'at cost usageCount promptTokens completionTokens totalTokens unpricedCount';
const allOfModel =
  'id provider modelId displayName aliases family creator contextWindow supportedResponseFormats lifecycle retiresAt inputCostPer1kTokens outputCostPer1kTokens costPer1kTokens';
const allOfConfig =
  'id scope provider modelId displayName settings isEnabled isDefault keyStatus createdAt updatedAt user { id name } createdBy { id name } access { allowed reasons model { id displayName } } providerKey { id name } model { id displayName }';

interface Aliased {
  name: string;
  field: string;
  as?: Attack['as'];
}

/** One field, as often as its price lets it be asked for at a time. */
const fields: Aliased[] = [
  { name: 'disabled models', field: `organization(id: ${one}) { modelSettings { disabledModels } }` },
  {
    name: 'settings of a page of configurations',
    field: `modelConfigs(organizationId: ${one}, first: 100) { edges { node { settings } } }`,
  },
  {
    name: 'a page of configurations, with all',
    field: `modelConfigs(organizationId: ${one}, first: 100) { totalCount edges { cursor node { ${allOfConfig} } } }`,
  },
  {
    name: 'configurations by name',
    field: `modelConfigs(organizationId: ${one}, first: 100, orderBy: { field: DISPLAY_NAME }, filter: { allowed: true, keyStatus: NEEDS_SETUP }) { totalCount edges { node { id } } }`,
  },
  {
    name: 'number of configurations',
    field: `modelConfigs(organizationId: ${one}, first: 1, filter: { allowed: true }) { totalCount }`,
  },
  {
    name: 'disabled models by configurations',
    field: `modelConfigs(organizationId: ${one}, first: 10) { edges { node { organization { modelSettings { disabledModels } } } } }`,
  },
  {
    name: 'changes',
    field: `organization(id: ${one}) { revisions(first: 10) { edges { node { number changes { field added removed } } } } }`,
  },
  {
    name: 'disabled models by revisions',
    field: `organization(id: ${one}) { revisions(first: 10) { edges { node { actor { id name } changes { added removed } } } } }`,
  },
  {
    name: 'members',
    field: `organization(id: ${one}) { members(first: 100) { totalCount edges { node { role permissions user { id name email } } } } }`,
  },
  {
    name: 'disabled models by members',
    field: `organization(id: ${one}) { members(first: 100) { edges { node { organization { modelSettings { disabledModels } } } } } }`,
  },
  {
    name: 'provider keys',
    field: `organization(id: ${one}) { providerKeys(first: 100) { totalCount edges { node { id name last4 usageCount organization { name } } } } }`,
  },
  {
    name: 'API keys',
    field: `organization(id: ${one}) { apiKeys(first: 100) { totalCount edges { node { id name scopes status createdBy { id name } organization { name } } } } }`,
  },
  {
    name: 'use of models',
    field: `modelConfigUsage(organizationId: ${one}) { provider modelId cost usageCount promptTokens completionTokens totalTokens unpricedCount lastUsedAt model { id } }`,
  },
  {
    name: 'use of models over 1,000 hours',
    field: `modelUsageSeries(organizationId: ${one}, granularity: HOUR, ${year}) { ${every} }`,
  },
  { name: 'models', field: `models(organizationId: ${one}, first: 100) { edges { node { ${allOfModel} } } }` },
  {
    name: 'models, decided',
    field: `models(organizationId: ${one}, first: 100) { edges { node { id access(organizationId: ${one}) { allowed reasons primaryReason } keyStatus(organizationId: ${one}) } } }`,
  },
  {
    name: 'models that are searched for',
    field: `models(organizationId: ${one}, first: 1, filter: { search: "e", allowed: true }) { totalCount edges { node { id } } }`,
  },
  {
    name: 'groups of models',
    field: `modelGroups(organizationId: ${one}) { baseModel displayName options { isConfigured keyStatus modelConfigIds access { allowed reasons } model { ${allOfModel} } } }`,
  },
  { name: 'models in use', field: `modelsInUse(organizationId: ${one}) { ${allOfModel} }` },
  {
    name: 'default',
    field: `organization(id: ${one}) { effectiveDefaultModel { source model { id } config { settings } skipped { source modelKey access { reasons } } } }`,
  },
  { name: 'own configurations', field: 'caller { modelConfigs(first: 100) { edges { node { settings } } } }' },
  {
    name: 'own configurations',
    field: 'caller { modelConfigs(first: 100) { edges { node { settings } } } }',
    as: 'the owner of many',
  },
];

/** A list, as long as its price lets it be. */
const lists: Attack[] = [
  ...[1, 10].map(
    (aliases): Attack => ({
      name: `_entities with ${aliases} × disabled models`,
      as: 'the owner of one',
      sizes: lengths,
      request: ask(
        `query Q{attempt}($r: [_Any!]!) { _entities(representations: $r) { ... on Organization { ${series(aliases, (n) => `a${n}: modelSettings { disabledModels }`)} } } }`,
        (size) => ({ r: Array.from({ length: size }, () => ({ __typename: 'Organization', id: heavy.organization })) }),
      ),
    }),
  ),
  {
    name: '_entities of 1,000 organizations',
    as: 'the owner of many',
    sizes: lengths,
    request: ask(
      'query Q{attempt}($r: [_Any!]!) { _entities(representations: $r) { ... on Organization { modelSettings { disabledModels } } } }',
      (size) => ({
        r: Array.from({ length: size }, (_, n) => ({ __typename: 'Organization', id: organizationId(n) })),
      }),
    ),
  },
  {
    name: '_entities of configurations',
    as: 'the owner of one',
    sizes: lengths,
    request: ask(
      'query Q{attempt}($r: [_Any!]!) { _entities(representations: $r) { ... on ModelConfig { settings } } }',
      (size) => ({
        r: Array.from({ length: size }, (_, n) => ({
          __typename: 'ModelConfig',
          id: `cfg_heavy_${String(n).padStart(5, '0')}`,
        })),
      }),
    ),
  },
  {
    name: 'nodes with 10 × disabled models',
    as: 'the owner of one',
    sizes: pages,
    request: ask(
      `query Q{attempt}($ids: [ID!]!) { nodes(ids: $ids) { ... on OrganizationModelSettings { ${series(10, (n) => `a${n}: disabledModels`)} } } }`,
      (size) => ({ ids: Array.from({ length: size }, () => heavy.settings) }),
    ),
  },
  ...(
    [
      ['names', 'id name revision createdAt'],
      // First, while nothing of them is cached.
      ['settings', 'modelSettings { revision }'],
      ['disabled models', 'modelSettings { disabledModels }'],
      ['models', 'models(first: 100) { edges { node { id displayName aliases } } }'],
      ['a model', 'models(first: 1) { totalCount edges { node { id } } }'],
      ['configurations', 'modelConfigs(first: 10) { totalCount edges { node { id access { allowed } } } }'],
      ['use of models', 'modelConfigUsage { modelId cost }'],
      ['default', 'effectiveDefaultModel { source model { id } skipped { modelKey } }'],
      ['members', 'members(first: 1) { totalCount edges { node { user { name } } } }'],
    ] as const
  ).map(
    ([name, field]): Attack => ({
      name: `memberships with ${name}`,
      as: 'the owner of many',
      sizes: lengths,
      request: ask(
        (size) =>
          `query Q{attempt} { caller { memberships(first: ${size}) { role permissions organization { ${field} } } } }`,
      ),
    }),
  ),
];

/** Answers as long as they may be. */
export const answers: Attack[] = [
  ...fields.map(
    ({ name, field, as = 'the owner of one' }): Attack => ({ name, as, sizes: counts, request: ask(several(field)) }),
  ),
  ...lists,
];
