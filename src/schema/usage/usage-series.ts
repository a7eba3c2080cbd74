import { type Granularity, maxPoints } from '../../domain/usage/usage-period.ts';
import type { UsagePoint } from '../../domain/usage/usage-series.ts';
import { findUsageSeries, parseSeriesArguments } from '../../domain/usage/usage-series.ts';
import { builder } from '../builder.ts';
import { UsageTotals } from './usage-totals.ts';

const UsageGranularity = builder.enumType('UsageGranularity', {
  description: 'The width of the points of a series, in UTC.',
  values: {
    HOUR: { description: 'A point for each hour.' },
    DAY: { description: 'A point for each day.' },
    MONTH: { description: 'A point for each month.' },
  } satisfies Record<Granularity, { description: string }>,
});

const ModelUsagePoint = builder.objectRef<UsagePoint>('ModelUsagePoint').implement({
  description: 'The use of models in one hour, day or month. Where there was none, every sum is 0, the cost too.',
  interfaces: [UsageTotals],
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When the hour, day or month begins.' }),
  }),
});

builder.queryField('modelUsageSeries', (t) =>
  t.field({
    type: [ModelUsagePoint],
    description: `The use of models over time: a point for each hour, day or month (UTC) that the period touches, ${maxPoints} at most, including those without use. The period is cut to whole hours; its first and last point count the hours that are in it, so that the points add up to \`modelConfigUsage\` of the same period.`,
    args: {
      organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }),
      granularity: t.arg({ type: UsageGranularity, required: true, description: 'The width of the points.' }),
      from: t.arg({ type: 'DateTime', required: true, description: 'The beginning, inclusive.' }),
      to: t.arg({ type: 'DateTime', required: true, description: 'The end, exclusive.' }),
      provider: t.arg.string({ description: 'Only of the models of this provider, by slug.' }),
      modelKey: t.arg.string({
        description: 'Only of this model: its key, or `provider/key` for one that the catalog does not have.',
      }),
    },
    authScopes: (_root, { organizationId }) => ({ readOrganization: organizationId }),
    resolve: (_root, { organizationId, ...question }, { database, catalog }) =>
      findUsageSeries(database(), organizationId, parseSeriesArguments(catalog, question)),
  }),
);
