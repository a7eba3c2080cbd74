import { z } from 'zod';
import { Printable } from '../printable.ts';
import { count, Key, keyFields, keyOf, Prices, pageOf, priceFields, pricesInWords, toldPrices } from './model.ts';
import type { Tool } from './tool.ts';

const Listed = Key.extend({
  displayName: Printable,
  kind: Printable,
  lifecycle: Printable,
  retiresAt: Printable.nullable(),
  contextWindow: z.int().nullable(),
  ...Prices.shape,
});

const listing = {
  query: `query WhichModels($organizationId: ID!, $filter: ModelFilter!, $first: Int!) {
    models(organizationId: $organizationId, filter: $filter, first: $first) {
      totalCount
      edges { node { ${keyFields} displayName kind lifecycle retiresAt contextWindow ${priceFields} } }
    }
    organization(id: $organizationId) {
      effectiveDefaultModel { source model { ${keyFields} } }
    }
  }`,
  data: z.object({
    models: pageOf(Listed),
    organization: z.object({
      effectiveDefaultModel: z.object({ source: Printable.nullable(), model: Key.nullable() }),
    }),
  }),
};

const input = {
  provider: z
    .string()
    .max(200)
    .trim()
    .toLowerCase()
    .optional()
    .describe('Only models at this provider, such as openai.'),
  search: z.string().max(200).optional().describe('Only models whose name, key or alias has this part.'),
  limit: z.int().min(1).max(100).default(20).describe('How many are listed at most.'),
};
const output = {
  default: z.string().nullable().describe('The model that is used where none is named, as provider/key.'),
  total: z.int().describe('How many models match, listed or not.'),
  models: z.array(
    z.object({
      model: z.string().describe('Its exact key, provider/key.'),
      name: z.string(),
      kind: z.string().describe('CHAT or EMBEDDING.'),
      lifecycle: z.string().describe('PREVIEW, ACTIVE or DEPRECATED.'),
      retiresAt: z.string().nullable(),
      contextWindow: z.int().nullable().describe('Tokens of input and output together.'),
      ...toldPrices,
    }),
  ),
};

export const whichModels: Tool<typeof input, typeof output> = {
  name: 'which_models',
  title: 'Which models may I use?',
  description:
    'The models that may be used in this organization now, with prices, how many there are, and which one is the default.',
  input,
  output,
  run: async ({ provider, search, limit }, ask) => {
    const filter = { allowed: true, provider, search };
    const { models: page, organization } = await ask(listing, { filter, first: limit });
    const { model } = organization.effectiveDefaultModel;
    const found = page.edges.map(({ node }) => node);
    const structured = {
      default: model === null ? null : keyOf(model),
      total: page.totalCount,
      models: found.map((one) => {
        const { provider: _, modelId: __, displayName: name, ...rest } = one;
        return { model: keyOf(one), name, ...rest };
      }),
    };
    return { text: textOf(found, structured), structured };
  },
};

type Structured = z.infer<z.ZodObject<typeof output>>;

function textOf(found: readonly z.infer<typeof Listed>[], { default: key, total }: Structured): string {
  const more = total - found.length;
  return [
    `${count(total, 'model')} may be used.${key === null ? ' There is no default.' : ` The default is ${key}.`}`,
    ...found.map(lineOf),
    ...(more > 0 ? [`${count(more, 'other')} not listed: give provider, search or a higher limit.`] : []),
  ].join('\n');
}

function lineOf(model: z.infer<typeof Listed>): string {
  const { displayName, kind, lifecycle, retiresAt, contextWindow } = model;
  const facts = [
    displayName,
    ...(kind === 'CHAT' ? [] : [kind.toLowerCase()]),
    ...(contextWindow === null ? [] : [`${count(contextWindow, 'token')} of context`]),
    pricesInWords(model),
    ...(lifecycle === 'ACTIVE' ? [] : [lifecycle.toLowerCase()]),
    ...(retiresAt === null ? [] : [`retires at ${retiresAt}`]),
  ];
  return `- ${keyOf(model)}: ${facts.join('; ')}`;
}
