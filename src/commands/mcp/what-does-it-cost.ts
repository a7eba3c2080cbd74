import { z } from 'zod';
import { costOf } from '../../domain/models/cost.ts';
import { UsageError } from '../command.ts';
import { printable } from '../printable.ts';
import { count, Key, keyFields, keyOf, Prices, priceFields, pricesInWords, toldPrices } from './model.ts';
import { modelName, type Tool } from './tool.ts';

const prices = {
  query: `query WhatDoesItCost($organizationId: ID!, $modelKey: String!) {
    modelAccess(organizationId: $organizationId, modelKey: $modelKey) {
      allowed
      model { ${keyFields} ${priceFields} }
    }
  }`,
  data: z.object({
    modelAccess: z.object({ allowed: z.boolean(), model: Key.extend(Prices.shape).nullable() }),
  }),
};

const tokens = z.int().min(0).default(0);
const input = {
  model: modelName,
  inputTokens: tokens.describe('How many tokens of input.'),
  outputTokens: tokens.describe('How many tokens of output.'),
};
const output = {
  model: z.string().describe('Its exact key, provider/key.'),
  allowed: z.boolean().describe('Whether it may be used in this organization.'),
  ...toldPrices,
  cost: z.string().nullable().describe('US dollars for these tokens, exact; null where a price is not known.'),
};

export const whatDoesItCost: Tool<typeof input, typeof output> = {
  name: 'what_does_it_cost',
  title: 'What does this model cost?',
  description:
    "The provider's list price of a model in US dollars per 1,000 tokens, and what so many tokens cost by it, computed exactly.",
  input,
  output,
  run: async ({ model: modelKey, inputTokens, outputTokens }, ask) => {
    const { modelAccess } = await ask(prices, { modelKey });
    const { allowed, model } = modelAccess;
    if (model === null) {
      throw new UsageError(`The catalog has no model "${printable(modelKey)}". The tool which_models lists models.`);
    }
    const cost = costOf(model, { promptTokens: inputTokens, completionTokens: outputTokens });
    const { inputCostPer1kTokens, outputCostPer1kTokens } = model;
    const key = keyOf(model);
    const used = `${count(inputTokens, 'token')} of input and ${count(outputTokens, 'token')} of output`;
    const text = [
      `${key}: ${pricesInWords(model)}.`,
      cost === null ? `What ${used} cost is not known.` : `${used} cost $${cost}.`,
      ...(allowed ? [] : ['It may not be used in this organization.']),
    ].join(' ');
    return { text, structured: { model: key, allowed, inputCostPer1kTokens, outputCostPer1kTokens, cost } };
  },
};
