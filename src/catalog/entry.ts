import { z } from 'zod';
import { providerSlugs } from './providers.ts';

// No slash: in `provider/key` and `mdl_provider/key` the first slash is the separator.
const modelKey = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:@-]*$/, 'must be a model key: letters, digits and . _ : @ -');
const slug = z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'must be a slug');
const day = z.iso.date();
const date = day.nullable();
const tokens = z.int().positive().nullable();
const price = z
  .string()
  .regex(/^(0\.\d*[1-9]|[1-9]\d*(\.\d*[1-9])?)$/, 'must be a positive decimal without trailing zeros; unknown is null')
  .nullable();

/** The purposes of models. */
export const modelKinds = ['CHAT', 'EMBEDDING'] as const;
export type ModelKind = (typeof modelKinds)[number];

/** One entry of the catalog: a model as one provider offers it. An unknown figure is null, never 0. */
export const catalogModel = z.strictObject({
  /** The provider that serves it. */
  provider: z.enum(providerSlugs),
  /** The name in requests to the provider. */
  modelId: modelKey,
  /**
   * Other names of exactly this model. A floating name, which the provider can move on (`gpt-5`, `mistral-large-latest`), and
   * its dated or numbered snapshot are separate models with their own dates: one can be retired while the other remains.
   */
  aliases: z.array(modelKey).readonly(),
  /**
   * The `modelId`s, at the same provider, of the floating names that point to this snapshot, or did; empty where it is no
   * snapshot.
   */
  snapshotOf: z.array(modelKey).readonly(),
  /**
   * The `modelId`, at the same provider, of the snapshot that this floating name points to; null where it is no floating name.
   */
  pointsTo: modelKey.nullable(),
  displayName: z.string().min(1),
  /** The maker; it differs from the provider for models that are hosted for others. */
  creator: slug,
  creatorDisplayName: z.string().min(1),
  /** The product line, such as `gpt-4o` or `claude-sonnet`. */
  family: slug.nullable(),
  /** Shared by the dated snapshots of a model, and by the same model at several providers. */
  baseModel: modelKey,
  kind: z.enum(modelKinds),
  /** Input and output together, in tokens. */
  contextWindow: tokens,
  maxOutputTokens: tokens,
  /** US dollars per 1,000 tokens, as an exact decimal. Where the price has tiers, that of short prompts. */
  inputCostPer1kTokens: price,
  outputCostPer1kTokens: price,
  supportsStreaming: z.boolean(),
  /** Whether the provider itself searches the web for this model; false also where no source says so. */
  supportsSearch: z.boolean(),
  /** Whether it can be called with an organization's own key. */
  supportsCustomKey: z.boolean(),
  supportedResponseFormats: z.array(z.string().min(1)).readonly(),
  /** Null for a model that does not reason; a null within it is unknown. */
  reasoning: z
    .strictObject({
      supportsSummary: z.boolean().nullable(),
      googleThinkingMode: z.enum(['BUDGET', 'LEVEL']).nullable(),
    })
    .nullable(),
  isPreview: z.boolean(),
  releasedAt: date,
  /**
   * The day of the data with which it first came into this catalog. A service gets it later, when that catalog is deployed.
   */
  addedAt: day,
  deprecatedAt: date,
  /** The first day on which it is not available, as announced. A "not before" date is not stored. */
  retiresAt: date,
  /** The `modelId`, at the same provider, of the replacement that the provider recommends. */
  successor: modelKey.nullable(),
  /** Lower comes first: newest and most capable first, retired last. */
  displayOrder: z.int().nonnegative(),
});

export type CatalogModel = z.infer<typeof catalogModel>;
