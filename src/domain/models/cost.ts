import { Prisma } from '../../database/generated/prisma/client.ts';

/** The mean of the prices of input and output, exact; null where either is not known. */
export function blendedCost(model: {
  inputCostPer1kTokens: string | null;
  outputCostPer1kTokens: string | null;
}): string | null {
  const { inputCostPer1kTokens: input, outputCostPer1kTokens: output } = model;
  return input === null || output === null ? null : new Prisma.Decimal(input).plus(output).div(2).toFixed();
}

/** The lowest of these decimals; nulls are ignored, null where there is no other. */
export function lowest(costs: readonly (string | null)[]): string | null {
  const known = costs.filter((cost) => cost !== null);
  return known.length === 0 ? null : Prisma.Decimal.min(...known).toFixed();
}

// The default precision of 20 digits is too low for a large count at a price with many decimals.
const Exact = Prisma.Decimal.clone({ precision: 60 });

/** The exact cost of this many tokens, in US dollars; null, not 0, where a price that is needed is unknown. */
export function costOf(
  {
    inputCostPer1kTokens: input,
    outputCostPer1kTokens: output,
  }: Record<`${'input' | 'output'}CostPer1kTokens`, string | null>,
  { promptTokens, completionTokens }: { promptTokens: number; completionTokens: number },
): string | null {
  if ((input === null && promptTokens > 0) || (output === null && completionTokens > 0)) return null;
  // A model whose prices are both unknown is not free for an empty call.
  if (input === null && output === null) return null;
  return new Exact(input ?? 0)
    .times(promptTokens)
    .plus(new Exact(output ?? 0).times(completionTokens))
    .div(1000)
    .toFixed();
}
