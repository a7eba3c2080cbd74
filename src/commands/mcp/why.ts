import { z } from 'zod';
import { Printable, printable } from '../printable.ts';
import { count, Key, keyFields, keyOf, pageOf } from './model.ts';
import { allInWords, inWords, Reasons } from './reasons.ts';
import { type Ask, modelName, type Tool } from './tool.ts';

/** Models that are named as alternatives at most: the first of the same provider, then those of all. */
const perList = 5;

const Known = Key.extend({ kind: Printable });

const reasonsOf = {
  query: `query Why($organizationId: ID!, $modelKey: String!) {
    modelAccess(organizationId: $organizationId, modelKey: $modelKey) {
      allowed
      reasons
      model { ${keyFields} kind }
      decidedBy { message }
    }
    organization(id: $organizationId) { supportContact }
  }`,
  data: z.object({
    modelAccess: z.object({
      allowed: z.boolean(),
      reasons: Reasons,
      model: Known.nullable(),
      decidedBy: z.array(z.object({ message: Printable })).nullable(),
    }),
    organization: z.object({ supportContact: Printable.nullable() }),
  }),
};

const alternatives = {
  query: `query Alternatives($organizationId: ID!, $near: ModelFilter!, $all: ModelFilter!) {
    near: models(organizationId: $organizationId, filter: $near, first: ${perList}) { ...Found }
    all: models(organizationId: $organizationId, filter: $all, first: ${perList}) { ...Found }
  }
  fragment Found on ModelConnection { totalCount edges { node { ${keyFields} } } }`,
  data: z.object({ near: pageOf(Key), all: pageOf(Key) }),
};

const input = { model: modelName };
const output = {
  model: z.string().nullable().describe('Its exact key, provider/key; null where the catalog has no such model.'),
  allowed: z.boolean(),
  reasons: z.array(z.object({ reason: z.string(), inWords: z.string() })),
  decidedBy: z
    .array(z.string())
    .nullable()
    .describe('What of the policy is against it, for whom, by whom, when and why; null for all but owners and admins.'),
  alternatives: z.array(z.string()).describe('Some models of the same kind that may be used, as provider/key.'),
  alternativesTotal: z.int().describe('How many models of the same kind may be used.'),
  supportContact: z.string().nullable().describe('Whom to ask about it; null where the organization names nobody.'),
};

export const why: Tool<typeof input, typeof output> = {
  name: 'why',
  title: 'Why may I not use this model?',
  description: 'Why a model may not be used, in words; what else of the same kind may be, and whom to ask about it.',
  input,
  output,
  run: async ({ model: modelKey }, ask) => {
    const { modelAccess, organization } = await ask(reasonsOf, { modelKey });
    const { model, allowed, reasons } = modelAccess;
    const found = allowed ? { keys: [], total: 0 } : await findAlternatives(model, modelKey, ask);
    const structured = {
      model: model === null ? null : keyOf(model),
      allowed,
      reasons: reasons.map((reason) => ({ reason, inWords: inWords(reason) })),
      decidedBy: modelAccess.decidedBy?.map(({ message }) => message) ?? null,
      alternatives: found.keys,
      alternativesTotal: found.total,
      supportContact: organization.supportContact,
    };
    return { text: textOf(structured, printable(modelKey)), structured };
  },
};

/** For a model that the catalog does not know: those whose names have the same text, of all kinds. */
async function findAlternatives(model: z.infer<typeof Known> | null, modelKey: string, ask: Ask) {
  const all = { allowed: true, ...(model && { kind: model.kind }) };
  const near = { ...all, ...(model ? { provider: model.provider } : { search: modelKey }) };
  const lists = await ask(alternatives, { near, all });
  const keys = [lists.near, lists.all].flatMap(({ edges }) => edges.map(({ node }) => keyOf(node)));
  return { keys: [...new Set(keys)], total: lists.all.totalCount };
}

function textOf(told: z.infer<z.ZodObject<typeof output>>, asked: string): string {
  const { model, allowed, reasons, decidedBy, alternatives: others, alternativesTotal, supportContact } = told;
  const name = model ?? `"${asked}"`;
  if (allowed) return `Nothing is against ${name}: it may be used.`;
  const kind = model === null ? '' : ' of the same kind';
  return [
    `${name} may not be used. ${allInWords(reasons.map(({ reason }) => reason))}`,
    ...(decidedBy ?? []).map((message) => `Decided by: ${message}`),
    others.length === 0
      ? `No other model${kind} may be used.`
      : `${count(alternativesTotal, 'model')}${kind} may be used, such as ${others.join(', ')}.`,
    ...(supportContact === null ? [] : [`Whom to ask about it: ${supportContact}`]),
  ].join('\n');
}
