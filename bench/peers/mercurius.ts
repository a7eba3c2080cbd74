// Mercurius with its compiler on, and queries written by hand: the same questions as the service answers.
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { GraphQLScalarType } from 'graphql';
import mercurius from 'mercurius';
import { sayReady } from '../processes/listen.ts';
import { openStore } from '../processes/store.ts';

const schema = `
  scalar DateTime
  scalar _Any
  union _Entity = ModelConfig
  type Settings {
    disabledProviders: [String!]!
    disabledModels: [String!]!
    defaultModelKey: String
    revision: Int!
    updatedAt: DateTime
  }
  type ModelAccess { allowed: Boolean! reasons: [String!]! primaryReason: String revision: Int! }
  type Model { displayName: String! contextWindow: Int }
  type Allowed { allowed: Boolean! }
  type ModelConfig {
    id: ID!
    provider: String!
    modelId: String!
    isEnabled: Boolean!
    model: Model
    access: Allowed
    keyStatus: String
  }
  type ModelConfigEdge { node: ModelConfig! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
  type ModelConfigConnection { edges: [ModelConfigEdge!]! pageInfo: PageInfo! }
  type UpdatedSettings { disabledModels: [String!]! revision: Int! }
  input UpdateModelSettingsInput { organizationId: ID! disabledModels: [String!]! }
  type Query {
    organizationModelSettings(organizationId: ID!): Settings!
    modelAccess(organizationId: ID!, modelKey: String!): ModelAccess!
    modelConfigs(organizationId: ID!, first: Int!): ModelConfigConnection!
    modelConfigsDeep(organizationId: ID!, first: Int!): ModelConfigConnection!
    _entities(representations: [_Any!]!): [_Entity]!
  }
  type Mutation { updateModelSettings(input: UpdateModelSettingsInput!): UpdatedSettings! }
`;

const store = openStore();
interface OfOrganization {
  organizationId: string;
}

const resolvers = {
  DateTime: new GraphQLScalarType<Date, string>({
    name: 'DateTime',
    serialize: (value) => (value as Date).toISOString(),
  }),
  _Entity: { resolveType: () => 'ModelConfig' },
  Query: {
    organizationModelSettings: (_: unknown, { organizationId }: OfOrganization) => store.settings(organizationId),
    modelAccess: (_: unknown, { organizationId, modelKey }: OfOrganization & { modelKey: string }) =>
      store.access(organizationId, modelKey),
    modelConfigs: (_: unknown, { organizationId }: OfOrganization) => store.configs(organizationId),
    modelConfigsDeep: (_: unknown, { organizationId }: OfOrganization) => store.configsDeep(organizationId),
    _entities: (_: unknown, { representations }: { representations: { id: string }[] }) =>
      store.entities(representations.map(({ id }) => id)),
  },
  Mutation: {
    updateModelSettings: (_: unknown, { input }: { input: OfOrganization & { disabledModels: string[] } }) =>
      store.update(input.organizationId, input.disabledModels),
  },
};

const app = Fastify();
app.register(mercurius, { schema, resolvers, jit: 1 });
await app.listen({ host: '127.0.0.1', port: 0 });
sayReady((app.server.address() as AddressInfo).port);
