import { type ProviderOverlay, says, separatedOn } from './overlay.ts';

const models = 'https://docs.cohere.com/docs/models';
const deprecations = 'https://docs.cohere.com/docs/deprecations';
const dev = (id: string) => `https://github.com/anomalyco/models.dev/blob/dev/providers/cohere/models/${id}.toml`;
const v3 = [
  'embed-english-v3.0',
  'embed-english-light-v3.0',
  'embed-multilingual-v3.0',
  'embed-multilingual-light-v3.0',
];
const tinyAya = ['tiny-aya-global', 'tiny-aya-earth', 'tiny-aya-fire', 'tiny-aya-water'];
const retired = [
  'embed-english-v2.0',
  'embed-english-light-v2.0',
  'embed-multilingual-v2.0',
  'c4ai-aya-expanse-8b',
  'c4ai-aya-vision-8b',
];

/** Cohere's chat and embedding models. It searches no web for them. Prices that its documents do not give are null. */
export const cohere: ProviderOverlay = {
  provider: 'cohere',
  listing: [
    { id: 'command-a-plus-05-2026', name: 'Command A+', family: 'command-a', base: 'command-a-plus' },
    { id: 'command-a-03-2025', name: 'Command A', family: 'command-a', base: 'command-a' },
    {
      id: 'command-a-reasoning-08-2025',
      name: 'Command A Reasoning',
      family: 'command-a',
      base: 'command-a-reasoning',
    },
    { id: 'command-a-vision-07-2025', name: 'Command A Vision', family: 'command-a', base: 'command-a-vision' },
    {
      id: 'command-a-translate-08-2025',
      name: 'Command A Translate',
      family: 'command-a',
      base: 'command-a-translate',
    },
    { id: 'command-r7b-12-2024', name: 'Command R7B', family: 'command-r', base: 'command-r7b' },
    { id: 'command-r-plus-08-2024', name: 'Command R+ (08-2024)', family: 'command-r', base: 'command-r-plus' },
    { id: 'command-r-08-2024', name: 'Command R (08-2024)', family: 'command-r', base: 'command-r' },
    { id: 'north-mini-code-1-0', name: 'North Mini Code', family: 'north' },
    { id: 'north-small-translate-1-0', name: 'North Small Translate', family: 'north' },
    { id: 'c4ai-aya-expanse-32b', name: 'Aya Expanse 32B', family: 'aya' },
    { id: 'c4ai-aya-vision-32b', name: 'Aya Vision 32B', family: 'aya' },
    { id: 'tiny-aya-global', name: 'Tiny Aya Global', family: 'aya' },
    { id: 'tiny-aya-earth', name: 'Tiny Aya Earth', family: 'aya' },
    { id: 'tiny-aya-fire', name: 'Tiny Aya Fire', family: 'aya' },
    { id: 'tiny-aya-water', name: 'Tiny Aya Water', family: 'aya' },
    embedding('embed-v5.0-pro', 'Embed 5 Pro'),
    embedding('embed-v5.0-fast', 'Embed 5 Fast'),
    embedding('embed-v4.0', 'Embed 4'),
    embedding('embed-english-v3.0', 'Embed English 3'),
    embedding('embed-english-light-v3.0', 'Embed English Light 3'),
    embedding('embed-multilingual-v3.0', 'Embed Multilingual 3'),
    embedding('embed-multilingual-light-v3.0', 'Embed Multilingual Light 3'),
    {
      id: 'command-r-plus-04-2024',
      name: 'Command R+ (04-2024)',
      family: 'command-r',
      base: 'command-r-plus',
      aliases: ['command-r-plus'],
    },
    {
      id: 'command-r-03-2024',
      name: 'Command R (03-2024)',
      family: 'command-r',
      aliases: ['command-r'],
      base: 'command-r',
    },
    { id: 'command', name: 'Command', family: 'command' },
    { id: 'command-light', name: 'Command Light', family: 'command' },
    embedding('embed-english-v2.0', 'Embed English 2'),
    embedding('embed-english-light-v2.0', 'Embed English Light 2'),
    embedding('embed-multilingual-v2.0', 'Embed Multilingual 2'),
    { id: 'c4ai-aya-expanse-8b', name: 'Aya Expanse 8B', family: 'aya' },
    { id: 'c4ai-aya-vision-8b', name: 'Aya Vision 8B', family: 'aya' },
  ],
  evidence: [
    says(models, ['command-a-plus-05-2026'], { contextWindow: 128_000, maxOutputTokens: 64_000 }),
    says(models, ['command-a-03-2025'], { contextWindow: 256_000, maxOutputTokens: 8000 }),
    says(models, ['command-a-reasoning-08-2025'], { contextWindow: 256_000, maxOutputTokens: 32_000 }),
    says(models, ['command-a-vision-07-2025'], { contextWindow: 128_000, maxOutputTokens: 8000 }),
    says(models, ['command-a-translate-08-2025'], { contextWindow: 8000, maxOutputTokens: 8000 }),
    says(
      models,
      [
        'command-r7b-12-2024',
        'command-r-plus-08-2024',
        'command-r-08-2024',
        'command-r-plus-04-2024',
        'command-r-03-2024',
        'c4ai-aya-expanse-32b',
      ],
      { contextWindow: 128_000, maxOutputTokens: 4000 },
    ),
    says(models, ['north-mini-code-1-0'], { contextWindow: 256_000, maxOutputTokens: 64_000 }),
    says(models, ['north-small-translate-1-0'], { contextWindow: 16_000, maxOutputTokens: 16_000 }),
    says(models, ['c4ai-aya-vision-32b', 'c4ai-aya-vision-8b'], { contextWindow: 16_000, maxOutputTokens: 4000 }),
    says(models, tinyAya, { contextWindow: 8000, maxOutputTokens: 8000 }),
    says(models, ['command', 'command-light'], { contextWindow: 4000, maxOutputTokens: 4000 }),
    says(models, ['c4ai-aya-expanse-8b'], { contextWindow: 8000, maxOutputTokens: 4000 }),
    says(models, v3, { contextWindow: 512 }),
    says('https://vercel.com/ai-gateway/models/embed-v5.0-pro.md', ['embed-v5.0-pro'], {
      contextWindow: 128_000,
      inputPerMillion: '0.12',
    }),
    says('https://www.developersdigest.tech/models/embeddings/cohere-embed-v5-0-fast', ['embed-v5.0-fast'], {
      contextWindow: 128_000,
      inputPerMillion: '0.08',
    }),
    says('https://vercel.com/ai-gateway/models/embed-v5.0-fast', ['embed-v5.0-pro', 'embed-v5.0-fast'], {
      releasedAt: '2026-09-30',
    }),

    // The package prices `command-r` and `command-r-plus` as the 08-2024 models; Cohere's names denote the earlier ones.
    says(models, ['command-r-03-2024', 'command-r-plus-04-2024'], { inputPerMillion: null, outputPerMillion: null }),

    says(dev('command-a-plus-05-2026'), ['command-a-plus-05-2026'], { ...reasoner(), releasedAt: '2026-05-20' }),
    says(dev('command-a-reasoning-08-2025'), ['command-a-reasoning-08-2025'], {
      ...reasoner(),
      releasedAt: '2025-08-21',
    }),
    says(dev('north-mini-code-1-0'), ['north-mini-code-1-0'], { ...reasoner(), releasedAt: '2026-06-09' }),
    says(dev('command-a-vision-07-2025'), ['command-a-vision-07-2025'], {
      supportsJson: true,
      releasedAt: '2025-07-31',
    }),
    says(dev('command-a-translate-08-2025'), ['command-a-translate-08-2025'], {
      supportsJson: true,
      releasedAt: '2025-08-28',
    }),
    says(dev('c4ai-aya-expanse-32b'), ['c4ai-aya-expanse-32b'], { supportsJson: true, releasedAt: '2024-10-24' }),

    // It names three replacements, this one as the strongest.
    says(deprecations, ['command-r-plus-04-2024', 'command-r-03-2024', 'command', 'command-light'], {
      deprecatedAt: '2025-09-15',
      successor: 'command-a-03-2025',
    }),
    says('https://docs.cohere.com/changelog/2026-04-04-embed-v2-aya-8b-retirement.md', retired, {
      retiresAt: '2026-04-04',
    }),
    says('https://docs.cohere.com/changelog/2026-04-04-embed-v2-aya-8b-retirement.md', ['embed-english-v2.0'], {
      successor: 'embed-english-v3.0',
    }),
    says('https://docs.cohere.com/changelog/2026-04-04-embed-v2-aya-8b-retirement.md', ['embed-multilingual-v2.0'], {
      successor: 'embed-multilingual-v3.0',
    }),
  ],
  sameThing: [
    // Cohere never moved these to the models of 08-2024, and announced the end of each together with its model.
    {
      source: 'https://docs.cohere.com/changelog/2025-09-15-major-command-deprecations',
      verifiedOn: separatedOn,
      aliases: ['command-r', 'command-r-plus'],
    },
  ],
};

function embedding(id: string, name: string) {
  return { id, name, family: 'embed', kind: 'EMBEDDING' } as const;
}

function reasoner() {
  return { supportsJson: true, reasoning: { supportsSummary: null, googleThinkingMode: null } };
}
