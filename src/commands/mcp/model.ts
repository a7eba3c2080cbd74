import { z } from 'zod';
import { Printable } from '../printable.ts';

/** The fields by which a model is named. */
export const keyFields = 'provider modelId';
export const Key = z.object({ provider: Printable, modelId: Printable });

/** The exact name of a model: `provider/key`. */
export function keyOf({ provider, modelId }: z.infer<typeof Key>): string {
  return `${provider}/${modelId}`;
}

/** The fields of its prices. */
export const priceFields = 'inputCostPer1kTokens outputCostPer1kTokens';
const price = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .nullable();
export const Prices = z.object({ inputCostPer1kTokens: price, outputCostPer1kTokens: price });

/** Prices as an agent is told them. */
export const toldPrices = {
  inputCostPer1kTokens: price.describe('US dollars per 1,000 tokens of input, exact; null where not known.'),
  outputCostPer1kTokens: price.describe('US dollars per 1,000 tokens of output, exact; null where not known.'),
};

/** Prices in words. */
export function pricesInWords({ inputCostPer1kTokens, outputCostPer1kTokens }: z.infer<typeof Prices>): string {
  const of = (cost: string | null, what: string) => (cost === null ? [] : [`$${cost} for 1,000 tokens of ${what}`]);
  const known = [...of(inputCostPer1kTokens, 'input'), ...of(outputCostPer1kTokens, 'output')];
  return known.length === 0 ? 'price not known' : known.join(', ');
}

/** A list of models, as a page of a connection. */
export function pageOf<Node extends z.ZodType>(node: Node) {
  return z.object({ totalCount: z.int(), edges: z.array(z.object({ node })) });
}

const numbers = new Intl.NumberFormat('en-US');

/** A number as a person reads it, with what it counts. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${numbers.format(number)} ${number === 1 ? one : many}`;
}
