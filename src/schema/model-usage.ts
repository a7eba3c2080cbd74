import type { Context } from '../context.ts';
import type { ModelUsage as ModelUsageShape } from '../domain/usage.ts';
import { parsePeriod } from '../domain/usage-period.ts';
import { builder } from './builder.ts';
import { Model } from './model.ts';
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
  'The use of each model, most used first. The period is of whole hours (UTC): both ends are cut down to their hour, so that periods that follow each other overlap nowhere.';
const from = { type: 'DateTime', description: 'The beginning, inclusive. Absent: that of all use.' } as const;
const to = { type: 'DateTime', description: 'The end, exclusive. Absent: that of all use.' } as const;

function usageOf(organizationId: string, period: Parameters<typeof parsePeriod>[0], { usage }: Context) {
  return usage.byModel.load({ ownerId: organizationId, page: parsePeriod(period) });
}

builder.queryField('modelConfigUsage', (t) =>
  t.field({
    type: [ModelUsage],
    description,
    args: {
      organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }),
      from: t.arg(from),
      to: t.arg(to),
    },
    authScopes: (_root, { organizationId }) => ({ readOrganization: organizationId }),
    resolve: async (_root, { organizationId, ...period }, context) => [
      ...(await usageOf(organizationId, period, context)),
    ],
  }),
);

builder.prismaObjectField('Organization', 'modelConfigUsage', (t) =>
  t.field({
    type: [ModelUsage],
    description,
    args: { from: t.arg(from), to: t.arg(to) },
    resolve: async ({ id }, period, context) => [...(await usageOf(id, period, context))],
  }),
);
