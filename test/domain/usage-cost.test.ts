import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf } from '../../src/domain/models/cost.ts';

const priced = (inputCostPer1kTokens: string | null, outputCostPer1kTokens: string | null) => ({
  inputCostPer1kTokens,
  outputCostPer1kTokens,
});
const tokens = fc.integer({ min: 0, max: 2_147_483_647 });
// Dollars in billionths, as the column of prices can hold them.
const price = fc.integer({ min: 1, max: 99_999_999_999 });

describe('the cost of a use', () => {
  it('is exact to the last digit, whatever the prices and counts', () => {
    fc.assert(
      fc.property(tokens, tokens, price, price, (promptTokens, completionTokens, input, output) => {
        const decimal = (digits: bigint, places: number) => {
          const text = String(digits).padStart(places + 1, '0');
          return `${text.slice(0, -places)}.${text.slice(-places)}`.replace(/\.?0+$/, '');
        };
        const exact = BigInt(promptTokens) * BigInt(input) + BigInt(completionTokens) * BigInt(output);
        const model = priced(decimal(BigInt(input), 9), decimal(BigInt(output), 9));

        expect(costOf(model, { promptTokens, completionTokens })).toBe(decimal(exact, 12));
      }),
    );
  });

  it.each([
    ['input', priced(null, '0.01'), { promptTokens: 1, completionTokens: 1 }, null],
    ['output', priced('0.01', null), { promptTokens: 1, completionTokens: 1 }, null],
    ['both, even of an empty use', priced(null, null), { promptTokens: 0, completionTokens: 0 }, null],
    ['output that was not used', priced('0.01', null), { promptTokens: 100, completionTokens: 0 }, '0.001'],
  ])('is unknown where a price that it needs is not known: %s', (_, model, used, cost) => {
    expect(costOf(model, used)).toBe(cost);
  });
});
