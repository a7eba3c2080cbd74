import { anthropicLifecycle } from './anthropic-lifecycle.ts';
import { type Listing, type ProviderOverlay, says, separatedOn } from './overlay.ts';

const overview = 'https://platform.claude.com/docs/en/models/overview';

/**
 * Anthropic's models on its own platform, by the ids of its API. From 4.6 on an id has no date and never moves. Before, a name
 * without one points to the latest snapshot of its version, and both are models here.
 */
export const anthropic: ProviderOverlay = {
  provider: 'anthropic',
  listing: [
    { id: 'claude-fable-5-2', name: 'Claude Fable 5.2', family: 'claude-fable' },
    { id: 'claude-opus-5-5', name: 'Claude Opus 5.5', family: 'claude-opus' },
    { id: 'claude-sonnet-5-5', name: 'Claude Sonnet 5.5', family: 'claude-sonnet' },
    { id: 'claude-haiku-5-5', name: 'Claude Haiku 5.5', family: 'claude-haiku' },
    { id: 'claude-fable-5-1', name: 'Claude Fable 5.1', family: 'claude-fable' },
    { id: 'claude-fable-5', name: 'Claude Fable 5', family: 'claude-fable' },
    { id: 'claude-opus-5', name: 'Claude Opus 5', family: 'claude-opus' },
    { id: 'claude-sonnet-5', name: 'Claude Sonnet 5', family: 'claude-sonnet' },
    { id: 'claude-opus-4-8', name: 'Claude Opus 4.8', family: 'claude-opus' },
    { id: 'claude-opus-4-7', name: 'Claude Opus 4.7', family: 'claude-opus' },
    { id: 'claude-opus-4-6', name: 'Claude Opus 4.6', family: 'claude-opus' },
    { id: 'claude-sonnet-4-6', name: 'Claude Sonnet 4.6', family: 'claude-sonnet' },
    ...dated('claude-opus-4-5', '20251101', 'Claude Opus 4.5', 'claude-opus', 'claude-opus-4-5'),
    ...dated('claude-haiku-4-5', '20251001', 'Claude Haiku 4.5', 'claude-haiku', 'claude-haiku-4-5'),
    ...dated('claude-sonnet-4-5', '20250929', 'Claude Sonnet 4.5', 'claude-sonnet', 'claude-sonnet-4-5'),
    ...dated('claude-opus-4-1', '20250805', 'Claude Opus 4.1', 'claude-opus', 'claude-opus-4-1'),
    ...dated('claude-opus-4', '20250514', 'Claude Opus 4', 'claude-opus', 'claude-opus-4-0'),
    ...dated('claude-sonnet-4', '20250514', 'Claude Sonnet 4', 'claude-sonnet', 'claude-sonnet-4-0'),
    ...dated('claude-3-7-sonnet', '20250219', 'Claude Sonnet 3.7', 'claude-sonnet', 'claude-3-7-sonnet-latest'),
    ...dated('claude-3-5-haiku', '20241022', 'Claude Haiku 3.5', 'claude-haiku', 'claude-3-5-haiku-latest'),
    ...dated('claude-3-5-sonnet', '20241022', 'Claude Sonnet 3.5 v2', 'claude-sonnet', 'claude-3-5-sonnet-latest'),
    {
      id: 'claude-3-5-sonnet-20240620',
      name: 'Claude Sonnet 3.5',
      family: 'claude-sonnet',
      base: 'claude-3-5-sonnet',
      snapshotOf: ['claude-3-5-sonnet-latest'],
    },
    ...dated('claude-3-opus', '20240229', 'Claude Opus 3', 'claude-opus', 'claude-3-opus-latest'),
    ...dated('claude-3-haiku', '20240307', 'Claude Haiku 3', 'claude-haiku'),
  ],
  evidence: [
    ...anthropicLifecycle,

    says(overview, ['claude-fable-5-2', 'claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5'], {
      contextWindow: 1_000_000,
      maxOutputTokens: 128_000,
      reasoning: { supportsSummary: null, googleThinkingMode: null },
    }),
    says(overview, ['claude-fable-5-2'], { inputPerMillion: '8', outputPerMillion: '40' }),
    says(overview, ['claude-opus-5-5'], { inputPerMillion: '4', outputPerMillion: '20' }),
    says(overview, ['claude-sonnet-5-5'], { inputPerMillion: '2', outputPerMillion: '10' }),
    // "From": longer prompts cost more.
    says(overview, ['claude-haiku-5-5'], { inputPerMillion: '0.1', outputPerMillion: '0.5' }),

    says(
      'https://github.com/anomalyco/models.dev/blob/dev/providers/anthropic/models/claude-sonnet-5-5.toml',
      ['claude-sonnet-5-5'],
      { supportsJson: true },
    ),

    // The 1M window that packages still show was a beta, and it ended.
    says('https://platform.claude.com/docs/pt-BR/models/sonnet-4-5/overview.md', ['claude-sonnet-4-5-20250929'], {
      contextWindow: 200_000,
    }),
    says('https://platform.claude.com/docs/zh-CN/models/sonnet-4-6/overview.md', ['claude-sonnet-4-6'], {
      contextWindow: 1_000_000,
      maxOutputTokens: 128_000,
    }),

    says(
      'https://platform.claude.com/docs/en/build-with-claude/extended-thinking',
      [
        'claude-opus-4-8',
        'claude-opus-4-7',
        'claude-opus-4-6',
        'claude-sonnet-4-6',
        'claude-opus-4-5-20251101',
        'claude-haiku-4-5-20251001',
        'claude-sonnet-4-5-20250929',
        'claude-opus-4-1-20250805',
        'claude-opus-4-20250514',
        'claude-sonnet-4-20250514',
      ],
      { reasoning: { supportsSummary: true, googleThinkingMode: null } },
    ),
    says('https://platform.claude.com/docs/en/build-with-claude/extended-thinking', ['claude-3-7-sonnet-20250219'], {
      reasoning: { supportsSummary: false, googleThinkingMode: null },
    }),

    says('https://github.com/anomalyco/models.dev', ['claude-3-5-haiku-20241022', 'claude-3-5-sonnet-20241022'], {
      maxOutputTokens: 8192,
    }),
    says('https://github.com/anomalyco/models.dev', ['claude-3-haiku-20240307', 'claude-3-opus-20240229'], {
      maxOutputTokens: 4096,
    }),
    says('https://github.com/anomalyco/models.dev', ['claude-3-7-sonnet-20250219'], { maxOutputTokens: 64_000 }),
    // By its entries of the same models at Google Cloud; those of Anthropic's own platform went when they retired.
    says('@node-llm/core', ['claude-opus-4-1-20250805', 'claude-opus-4-20250514'], { maxOutputTokens: 32_000 }),
    says('@node-llm/core', ['claude-sonnet-4-20250514'], { maxOutputTokens: 64_000 }),
  ],
  sameThing: [
    // The API never took these names, so none of them can be moved on: they are this catalog's short names.
    {
      source: 'https://platform.claude.com/docs/en/about-claude/models/model-ids-and-versions',
      verifiedOn: separatedOn,
      aliases: [
        'claude-opus-4',
        'claude-sonnet-4',
        'claude-3-7-sonnet',
        'claude-3-5-haiku',
        'claude-3-5-sonnet',
        'claude-3-opus',
        'claude-3-haiku',
      ],
    },
  ],
};

/** A dated snapshot, and the name without a date that points to it where the API takes one. */
function dated(base: string, date: string, name: string, family: string, pointer?: string): Listing[] {
  const snapshot = { id: `${base}-${date}`, name, family, base };
  if (pointer === undefined) return [{ ...snapshot, aliases: [base] }];
  return [
    { ...snapshot, aliases: pointer === base ? [] : [base], snapshotOf: [pointer] },
    { id: pointer, name: `${name} (latest)`, family, base, pointsTo: snapshot.id },
  ];
}
