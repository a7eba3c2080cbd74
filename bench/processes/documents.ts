import type { Contender, Scenario } from './question.ts';

export type GraphQlContender = Exclude<Contender, 'plain'>;

const settings = `query Settings($organizationId: ID!) {
  organizationModelSettings(organizationId: $organizationId) {
    disabledProviders disabledModels defaultModelKey revision updatedAt
  }
}`;

const access = `query Access($organizationId: ID!, $modelKey: String!) {
  modelAccess(organizationId: $organizationId, modelKey: $modelKey) { allowed reasons primaryReason revision }
}`;

const page = 'pageInfo { hasNextPage endCursor }';
const shallow = 'id provider modelId isEnabled';
const deep = `${shallow} model { displayName contextWindow } access { allowed } keyStatus`;

const entities = `query Entities($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on ModelConfig { ${shallow} } }
}`;

const modelgate: Partial<Record<Scenario, string>> = {
  settings,
  access,
  configs: `query Configs($organizationId: ID!, $after: String) {
    modelConfigs(organizationId: $organizationId, first: 50, after: $after) { edges { node { ${shallow} } } ${page} }
  }`,
  'configs-deep': `query ConfigsDeep($organizationId: ID!) {
    modelConfigs(organizationId: $organizationId, first: 50) { edges { node { ${deep} } } ${page} }
  }`,
  update: `mutation Update($input: UpdateModelSettingsInput!) {
    updateModelSettings(input: $input) { __typename ... on OrganizationModelSettings { disabledModels revision } }
  }`,
  node: `query Node($id: ID!) { node(id: $id) { ... on ModelConfig { ${shallow} } } }`,
  entities,
};

const mercurius: Partial<Record<Scenario, string>> = {
  settings,
  access,
  configs: `query Configs($organizationId: ID!) {
    modelConfigs(organizationId: $organizationId, first: 50) { edges { node { ${shallow} } } ${page} }
  }`,
  'configs-deep': `query ConfigsDeep($organizationId: ID!) {
    modelConfigs: modelConfigsDeep(organizationId: $organizationId, first: 50) { edges { node { ${deep} } } ${page} }
  }`,
  entities,
  update: `mutation Update($input: UpdateModelSettingsInput!) {
    updateModelSettings(input: $input) { disabledModels revision }
  }`,
};

const condition = 'first: 50, condition: { userId: null }, orderBy: [CREATED_AT_ASC, ROW_ID_ASC]';
const row = 'id: rowId provider modelId isEnabled';

const postgraphile: Partial<Record<Scenario, string>> = {
  settings: `query Settings($organizationId: String!) {
    organizationByRowId(rowId: $organizationId) {
      revision
      modelSettingByOrganizationId { disabledProviders disabledModels defaultModelKey updatedAt }
    }
  }`,
  configs: `query Configs($organizationId: String!) {
    allModelConfigs(first: 50, condition: { organizationId: $organizationId, userId: null }, orderBy: [CREATED_AT_ASC, ROW_ID_ASC]) {
      edges { node { ${row} } } ${page}
    }
  }`,
  // It can join what decides, and whether the key is active; it cannot decide.
  'configs-deep': `query ConfigsDeep($organizationId: String!) {
    organizationByRowId(rowId: $organizationId) {
      modelSettingByOrganizationId { disabledProviders disabledModels }
      modelConfigsByOrganizationId(${condition}) {
        edges { node { ${row} providerKeyByOrganizationIdAndProviderAndProviderKeyId { isActive } } } ${page}
      }
    }
  }`,
  update: `mutation Update($organizationId: String!, $disabledModels: [String]!, $updatedAt: Datetime!) {
    updateModelSettingByOrganizationId(
      input: {
        organizationId: $organizationId
        modelSettingPatch: { disabledModels: $disabledModels, updatedAt: $updatedAt }
      }
    ) { modelSetting { disabledModels } }
  }`,
};

/** The documents of those who are asked by GraphQL. */
export const documents: Record<GraphQlContender, Partial<Record<Scenario, string>>> = {
  modelgate,
  postgraphile,
  mercurius,
};
