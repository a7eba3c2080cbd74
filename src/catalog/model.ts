import { z } from 'zod';
import { providerSlugs } from './providers.ts';

// No slash: in `provider/key` and in `mdl_provider/key` the first one separates.
const modelKey = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:@-]*$/, 'must be a model key: letters, digits and . _ : @ -');
const slug = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be a slug');
const date = z.iso.date().nullable();
const tokens = z.int().positive().nullable();
const price = z
  .string()
  .regex(/^(0\.\d*[1-9]|[1-9]\d*(\.\d*[1-9])?)$/, 'must be a positive decimal without trailing zeros; unknown is null')
  .nullable();

/** What models are made for. */
export const modelKinds = ['CHAT', 'EMBEDDING'] as const;
export type ModelKind = (typeof modelKinds)[number];

/** One entry of the catalog: one model as one provider offers it. Every figure that is not known is null, never 0. */
export const catalogModel = z.strictObject({
  /** Who serves it. */
  provider: z.enum(providerSlugs),
  /** The name to send to the provider. */
  modelId: modelKey,
  /**
   * Other names of this very thing. A name that the provider can move on (`gpt-5`, `mistral-large-latest`) and the dated or numbered
   * snapshot behind it are models of their own, each with its own dates: one can be retired while the other goes on.
   */
  aliases: z.array(modelKey).readonly(),
  /** The `modelId`s, at the same provider, of the floating names that point to this snapshot, or did. Empty where it is none. */
  snapshotOf: z.array(modelKey).readonly(),
  /** The `modelId`, at the same provider, of the snapshot that this floating name points to. Null where it is none. */
  pointsTo: modelKey.nullable(),
  displayName: z.string().min(1),
  /** Who made it; differs from the provider for models that are hosted for others. */
  creator: slug,
  creatorDisplayName: z.string().min(1),
  /** The product line, such as `gpt-4o` or `claude-sonnet`. */
  family: slug.nullable(),
  /** What dated snapshots and the offers of several providers of one model share. */
  baseModel: modelKey,
  kind: z.enum(modelKinds),
  /** Input and output together, in tokens. */
  contextWindow: tokens,
  maxOutputTokens: tokens,
  /** US dollars for 1,000 tokens: an exact decimal. Where the price has tiers, the one of short prompts. */
  inputCostPer1kTokens: price,
  outputCostPer1kTokens: price,
  supportsStreaming: z.boolean(),
  /** Whether the provider itself searches the web for this model; false also where nothing says that it does. */
  supportsSearch: z.boolean(),
  /** Whether an organization may use a key of its own. */
  supportsCustomKey: z.boolean(),
  supportedResponseFormats: z.array(z.string().min(1)).readonly(),
  /** Null for a model that does not reason; within it, null is unknown. */
  reasoning: z
    .strictObject({
      supportsSummary: z.boolean().nullable(),
      googleThinkingMode: z.enum(['BUDGET', 'LEVEL']).nullable(),
    })
    .nullable(),
  isPreview: z.boolean(),
  releasedAt: date,
  deprecatedAt: date,
  /** The first day without it, as announced. A promise of the kind "not before" is no such date. */
  retiresAt: date,
  /** The `modelId`, at the same provider, of what the provider recommends in its place. */
  successor: modelKey.nullable(),
  /** Lower first: newest and strongest first, retired last. */
  displayOrder: z.int().nonnegative(),
});

export type CatalogModel = z.infer<typeof catalogModel>;

/** A catalog entry as the rest of the service knows it. */
export type Model = Readonly<CatalogModel> & {
  /** `mdl_<provider>/<modelId>` */
  readonly id: string;
  /** The keys that denote it: `modelId` and aliases, each alone and after `provider/`. */
  readonly names: readonly string[];
  /**
   * The names, folded, whose entry in `disabledModels` disables it: its own keys and display name, a snapshot's also those of its
   * floating names, and a floating name's also those that disable the snapshot that it points to. Who forbids `gpt-5` forbids
   * `gpt-5-2025-08-07`, and no snapshot that is forbidden can be had under its floating name.
   */
  readonly disabledBy: readonly string[];
};

/** The id of a model; the prefix is that of every model, so it also serves as a Relay and federation key. */
export function idOf({ provider, modelId }: { provider: string; modelId: string }): string {
  return `mdl_${provider}/${modelId}`;
}

/** Every key that denotes this model: its `modelId` and aliases, each alone and after `provider/`. */
export function keysOf({
  provider,
  modelId,
  aliases,
}: Pick<CatalogModel, 'provider' | 'modelId' | 'aliases'>): string[] {
  return [modelId, ...aliases].flatMap((key) => [key, `${provider}/${key}`]);
}
