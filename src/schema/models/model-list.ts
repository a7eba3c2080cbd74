import { z } from 'zod';
import type { Model as ModelShape } from '../../catalog/model.ts';
import type { Context } from '../../context.ts';
import { refuseUnknownProviders } from '../../domain/input/providers.ts';
import { refuseLongText } from '../../domain/input/validation.ts';
import {
  type ModelFilter as Filter,
  filterModels,
  keyOfModel,
  type ModelKey,
  pageOfModels,
} from '../../domain/models/model-list.ts';
import { builder } from '../builder.ts';
import { type ConnectionArguments, keysetConnection } from '../connection.ts';
import { type Asked, decisionsFor, readsAccess, subjectDescription } from './asked-subject.ts';
import { Model, ModelKind, ModelLifecycle } from './model.ts';

const ModelFilter = builder.inputType('ModelFilter', {
  description: 'A filter of models. All conditions must match; an absent one matches all.',
  fields: (t) => ({
    provider: t.string({ description: "A provider's slug, such as `openai`." }),
    allowed: t.boolean({
      description: 'Whether the subject that is asked about, as a rule the caller, may use it now.',
    }),
    pending: t.boolean({ description: 'Whether it is new, and waits for a review.' }),
    supportsSearch: t.boolean({ description: 'Whether the provider lets it search the web.' }),
    supportsReasoning: t.boolean({ description: 'Whether it reasons before it answers.' }),
    kind: t.field({ type: ModelKind, description: 'What it is made for.' }),
    lifecycle: t.field({ type: ModelLifecycle, description: 'Its stage, from preview to retirement.' }),
    search: t.string({ description: 'A part of its name, key or an alias, in any case.' }),
  }),
});

export const ModelConnection = builder.connectionObject(
  { type: Model, name: 'ModelConnection', description: 'A page of models.' },
  { name: 'ModelEdge', description: 'A model on a page.' },
);

const description = 'The models of the catalog, ordered by provider, then as the provider ranks them.';
const filterDescription = 'Only those that match this filter.';
const listedSubject = `For whom the filter \`allowed\` decides. ${subjectDescription}`;

builder.queryField('models', (t) =>
  t.connection(
    {
      type: Model,
      description,
      args: {
        organizationId: t.arg.id({ required: true, description: 'The id of the organization that asks.' }),
        subjectId: t.arg.id({ description: listedSubject }),
        filter: t.arg({ type: ModelFilter, description: filterDescription }),
      },
      authScopes: (_root, asked, context) => readsAccess(asked, context),
      resolve: (_root, { organizationId, subjectId, ...args }, context) =>
        listModels({ organizationId, subjectId }, args, context),
    },
    ModelConnection,
  ),
);

builder.prismaObjectField('Organization', 'models', (t) =>
  t.connection(
    {
      type: Model,
      description,
      args: {
        subjectId: t.arg.id({ description: listedSubject }),
        filter: t.arg({ type: ModelFilter, description: filterDescription }),
      },
      authScopes: ({ id }, { subjectId }, context) => readsAccess({ organizationId: id, subjectId }, context),
      resolve: ({ id }, { subjectId, ...args }, context) =>
        listModels({ organizationId: id, subjectId }, args, context),
    },
    ModelConnection,
  ),
);

builder.prismaObjectField('Organization', 'pendingModels', (t) =>
  t.connection(
    {
      type: Model,
      description:
        'The models that are new in the catalog and wait for a review, in the order of the catalog. None where `newModels` is `ALLOW`. For owners and admins.',
      authScopes: ({ id }) => ({ readPolicy: id }),
      resolve: ({ id }, args, context) =>
        listModels({ organizationId: id }, { ...args, filter: { pending: true } }, context),
    },
    ModelConnection,
  ),
);

builder.prismaObjectField('User', 'availableModels', (t) =>
  t.connection(
    {
      type: Model,
      description:
        'The models that the user may use in an organization, in the order of the catalog; none where it does not belong to it. For the user itself, owners, admins and services that may read.',
      args: { organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }) },
      authScopes: ({ id }, { organizationId }, context) => readsAccess({ organizationId, subjectId: id }, context),
      resolve: ({ id }, { organizationId, ...args }, context) =>
        listAvailableModels({ organizationId, subjectId: id }, args, context),
    },
    ModelConnection,
  ),
);

type ListArguments = ConnectionArguments & { filter?: Filter | null | undefined };

/** A page of the models that the subject may use. Authorize before. */
export function listAvailableModels(asked: Asked, args: ConnectionArguments, context: Context) {
  return listModels(asked, { ...args, filter: { allowed: true } }, context);
}

/** A page of the models that match a filter, for the subject that is asked about. Authorize before. */
async function listModels(asked: Asked, { filter, ...args }: ListArguments, context: Context) {
  refuseUnknownProviders([filter?.provider ?? []].flat());
  refuseLongText('filter.search', filter?.search);
  return pageOf(filterModels(await decisionsFor(asked, context), filter ?? {}), args, context);
}

/** A page of models, which are in the order of the catalog. */
export function pageOf(models: readonly ModelShape[], args: ConnectionArguments, { limits }: Context) {
  return keysetConnection<ModelShape, ModelKey>({
    args,
    maxSize: limits.pageSize,
    key: z.tuple([z.string(), z.int(), z.string()]),
    keyOf: keyOfModel,
    load: (page) => pageOfModels(models, page),
    totalCount: () => models.length,
  });
}
