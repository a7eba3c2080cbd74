import type { Context } from '../../context.ts';
import type { ModelUsage as ModelUsageShape } from '../../domain/usage/usage.ts';
import { parsePeriod } from '../../domain/usage/usage-period.ts';
import { ValidationError } from '../../errors/base.ts';
import { builder } from '../builder.ts';
import { Model } from '../models/model.ts';
import { UsageTotals } from './usage-totals.ts';

const ModelUsage = builder.objectRef<ModelUsageShape>('ModelUsage').implement({
  description: "An organization's use of one model.",
  interfaces: [UsageTotals],
  fields: (t) => ({
    provider: t.exposeString('provider', { description: "The provider's slug." }),
    modelId: t.exposeString('modelId', { description: 'What the provider calls the model.' }),
    model: t.field({
      type: Model,
      nullable: true,
      description: 'The model; null where the catalog has none by that name.',
      resolve: ({ provider, modelId }, _args, { catalog }) => catalog.find(`${provider}/${modelId}`) ?? null,
    }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', description: 'When it was last used in the period.' }),
  }),
});

const description =
  'The use of each model, most used first. The period is of whole hours (UTC): both ends are rounded down to the hour, so that adjacent periods do not overlap.';

const usageArguments = builder.args((t) => ({
  from: t.field({ type: 'DateTime', description: 'The beginning, inclusive. Absent: unbounded.' }),
  to: t.field({ type: 'DateTime', description: 'The end, exclusive. Absent: unbounded.' }),
  first: t.int({
    description: 'The maximum number of models, the most used first: 1,000, unless the service is set up otherwise.',
  }),
}));

interface UsageArguments {
  from?: Date | null | undefined;
  to?: Date | null | undefined;
  first?: number | null | undefined;
}

async function usageOf(organizationId: string, { first, ...period }: UsageArguments, { usage, limits }: Context) {
  const max = limits.usageModels;
  if (typeof first === 'number' && (first < 0 || first > max)) {
    throw new ValidationError([{ path: 'first', message: `must be from 0 to ${max}` }]);
  }
  const page = { period: parsePeriod(period), first: first ?? max };
  return [...(await usage.byModel.load({ ownerId: organizationId, page }))];
}

builder.queryField('modelConfigUsage', (t) =>
  t.field({
    type: [ModelUsage],
    description,
    args: {
      organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }),
      ...usageArguments,
    },
    authScopes: (_root, { organizationId }) => ({ readOrganization: organizationId }),
    resolve: (_root, { organizationId, ...wanted }, context) => usageOf(organizationId, wanted, context),
  }),
);

builder.prismaObjectField('Organization', 'modelConfigUsage', (t) =>
  t.field({
    type: [ModelUsage],
    description,
    args: usageArguments,
    resolve: ({ id }, wanted, context) => usageOf(id, wanted, context),
  }),
);
