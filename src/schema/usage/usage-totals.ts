import type { UsageSums } from '../../domain/usage/usage.ts';
import { builder } from '../builder.ts';

/** The sums that all types of usage share. */
export const UsageTotals = builder.interfaceRef<UsageSums>('UsageTotals').implement({
  description: 'Sums of uses of models.',
  fields: (t) => ({
    usageCount: t.expose('usageCount', { type: 'BigInt', description: 'How many uses were recorded.' }),
    promptTokens: t.expose('promptTokens', { type: 'BigInt', description: 'Tokens of input.' }),
    completionTokens: t.expose('completionTokens', { type: 'BigInt', description: 'Tokens of output.' }),
    totalTokens: t.field({
      type: 'BigInt',
      description: 'Tokens of input and output.',
      resolve: ({ promptTokens, completionTokens }) => promptTokens + completionTokens,
    }),
    cost: t.expose('cost', {
      type: 'Decimal',
      nullable: true,
      description:
        'What the uses with a known price cost, in US dollars, at the prices of the moments they were recorded. Null, not 0, where no price is known.',
    }),
    unpricedCount: t.expose('unpricedCount', {
      type: 'BigInt',
      description: 'How many of the uses have no known price, and so are not part of `cost`.',
    }),
  }),
});
