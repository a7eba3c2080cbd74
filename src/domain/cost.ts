import { Prisma } from '../database/generated/prisma/client.ts';

/** The mean of the prices of input and output, exact; null where either is not known. */
export function blendedCost(model: {
  inputCostPer1kTokens: string | null;
  outputCostPer1kTokens: string | null;
}): string | null {
  const { inputCostPer1kTokens: input, outputCostPer1kTokens: output } = model;
  return input === null || output === null ? null : new Prisma.Decimal(input).plus(output).div(2).toFixed();
}

/** The lowest of these decimals; nulls are passed over, null where there is no other. */
export function lowest(costs: readonly (string | null)[]): string | null {
  const known = costs.filter((cost) => cost !== null);
  return known.length === 0 ? null : Prisma.Decimal.min(...known).toFixed();
}
