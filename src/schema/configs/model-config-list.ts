import type { GraphQLResolveInfo } from 'graphql';
import { z } from 'zod';
import { organizationIdsOf } from '../../auth/viewer.ts';
import type { Context } from '../../context.ts';
import {
  type ModelConfigFilter as Filter,
  keyOfModelConfig,
  type ModelConfigKey,
  type ModelConfigPage,
  mergePages,
  type ModelConfigOrder as Order,
} from '../../domain/configs/model-config-list.ts';
import type { ListedModelConfig } from '../../domain/configs/model-config-rows.ts';
import { refuseUnknownProviders } from '../../domain/input/providers.ts';
import { refuseLongText } from '../../domain/input/validation.ts';
import { builder } from '../builder.ts';
import { type ConnectionArguments, cursorTime, keysetConnection } from '../connection.ts';
import { KeyStatus } from '../keys/key-status.ts';
import { Viewer } from '../organizations/viewer.ts';
import { selects } from '../selection.ts';
import { ModelConfig, ModelConfigScope } from './model-config.ts';

const ModelConfigFilter = builder.inputType('ModelConfigFilter', {
  description: 'A filter of configurations. All conditions must match; an absent one matches all.',
  fields: (t) => ({
    provider: t.string({ description: "The provider's slug." }),
    modelId: t.string({ description: "The provider's name of the model." }),
    scope: t.field({ type: ModelConfigScope, description: 'Whose it is.' }),
    isEnabled: t.boolean({ description: 'Whether it is switched on.' }),
    isDefault: t.boolean({ description: 'Whether it is a default.' }),
    allowed: t.boolean({ description: 'Whether the caller may use its model now.' }),
    supportsSearch: t.boolean({
      description: 'Whether its model can search the web; with `isEnabled: true`, the configured search providers.',
    }),
    keyStatus: t.field({ type: KeyStatus, description: 'Whose key calls are made with.' }),
  }),
});

const ModelConfigOrderField = builder.enumType('ModelConfigOrderField', {
  description: 'What configurations can be ordered by.',
  values: {
    CREATED_AT: { description: 'When it was created.' },
    DISPLAY_NAME: { description: 'The name of its model, capitals before small letters.' },
  },
});

const OrderDirection = builder.enumType('OrderDirection', {
  description: 'The direction of an order.',
  values: { ASC: { description: 'The lowest, or the oldest.' }, DESC: { description: 'The highest, or the newest.' } },
});

const ModelConfigOrder = builder.inputType('ModelConfigOrder', {
  description: 'An order of configurations.',
  fields: (t) => ({
    field: t.field({ type: ModelConfigOrderField, required: true, description: 'What to order by.' }),
    direction: t.field({
      type: OrderDirection,
      required: true,
      defaultValue: 'ASC',
      description: 'The direction.',
    }),
  }),
});

const ModelConfigConnection = builder.connectionObject(
  { type: ModelConfig, name: 'ModelConfigConnection', description: 'A page of configurations.' },
  { name: 'ModelConfigEdge', description: 'A configuration on a page.' },
);

const listArguments = builder.args((t) => ({
  filter: t.field({ type: ModelConfigFilter, description: 'Only those that match this filter.' }),
  orderBy: t.field({ type: ModelConfigOrder, description: 'How to order them; the oldest first by default.' }),
}));

const description = "The configurations that the organization shares, and the caller's own.";

builder.queryField('modelConfigs', (t) =>
  t.connection(
    {
      type: ModelConfig,
      description,
      args: {
        organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }),
        ...listArguments,
      },
      authScopes: (_root, { organizationId }) => ({ readOrganization: organizationId }),
      resolve: (_root, { organizationId, ...args }, context, info) =>
        listModelConfigs([organizationId], args, context, info),
    },
    ModelConfigConnection,
  ),
);

builder.prismaObjectField('Organization', 'modelConfigs', (t) =>
  t.connection(
    {
      type: ModelConfig,
      description,
      args: listArguments,
      resolve: ({ id }, args, context, info) => listModelConfigs([id], args, context, info),
    },
    ModelConfigConnection,
  ),
);

builder.objectField(Viewer, 'modelConfigs', (t) =>
  t.connection(
    {
      type: ModelConfig,
      description: "The caller's own configurations, in all organizations that it has access to.",
      args: listArguments,
      resolve: (viewer, { filter, ...args }, context, info) =>
        listModelConfigs(organizationIdsOf(viewer), { ...args, filter: { ...filter, scope: 'USER' } }, context, info),
    },
    ModelConfigConnection,
  ),
);

/** The cursor keys of each order. */
const keys = {
  CREATED_AT: z.tuple([z.literal('CREATED_AT'), cursorTime, z.string()]),
  DISPLAY_NAME: z.tuple([z.literal('DISPLAY_NAME'), z.string(), z.string()]),
} satisfies Record<Order['field'], z.ZodType<ModelConfigKey>>;

type ListArguments = ConnectionArguments & { filter?: Filter | null | undefined; orderBy?: Order | null | undefined };

function listModelConfigs(
  organizationIds: readonly string[],
  given: ListArguments,
  { configs, states, limits }: Context,
  info: GraphQLResolveInfo,
) {
  const { filter: wanted, orderBy, ...args } = given;
  const filter = wanted ?? {};
  refuseUnknownProviders([filter.provider ?? []].flat());
  refuseLongText('filter.modelId', filter.modelId);
  const order: Order = orderBy ?? { field: 'CREATED_AT', direction: 'ASC' };

  const hasSettings = selects(info, 'edges', 'node', 'settings');
  const readsState = selects(info, 'edges', 'node', 'access') || selects(info, 'edges', 'node', 'keyStatus');

  return keysetConnection<ListedModelConfig, ModelConfigKey>({
    args,
    maxSize: limits.pageSize,
    key: keys[order.field],
    keyOf: keyOfModelConfig(order),
    load: async (bounds) => {
      const page: ModelConfigPage = { ...bounds, filter, order, hasSettings };
      const pages = await Promise.all(organizationIds.map((ownerId) => configs.pages.load({ ownerId, page })));
      const rows = mergePages(pages, page);
      // Before the rows are resolved, each of which would wait for a promise of its own.
      const owners = new Set(readsState ? rows.map(({ organizationId }) => organizationId) : []);
      await Promise.all(Array.from(owners, (id) => states.load(id)));
      return rows;
    },
    totalCount: async () => {
      const counts = organizationIds.map((ownerId) => configs.counts.load({ ownerId, page: filter }));
      return (await Promise.all(counts)).flat().reduce((sum, count) => sum + count, 0);
    },
  });
}
