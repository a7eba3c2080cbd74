import { type Evidence, says, saysOfNames } from './overlay.ts';

const models = 'https://docs.mistral.ai/models';
const docs = (page: string) => `${models}/${page}`;

/** When Mistral's models came and went. */
export const mistralLifecycle: readonly Evidence[] = [
  says(docs('mistral-large-4-0'), ['mistral-large-4-0'], { releasedAt: '2026-10-06' }),
  says(docs('mistral-large-3-25-12'), ['mistral-large-2512'], { releasedAt: '2025-12-02' }),
  says(docs('ministral-3-14b-25-12'), ['ministral-14b-2512', 'ministral-8b-2512', 'ministral-3b-2512'], {
    releasedAt: '2025-12-02',
  }),
  says(docs('codestral-25-08'), ['codestral-2508'], { releasedAt: '2025-07-30' }),
  says(docs('voxtral-small-25-07'), ['voxtral-small-2507'], { releasedAt: '2025-07-15' }),
  says(docs('zai-glm-5-3'), ['zai-glm-5-3'], { releasedAt: '2026-09-15' }),
  says(docs('zai-glm-5-2'), ['zai-glm-5-2'], { releasedAt: '2026-08-06' }),
  says(docs('codestral-embed-25-05'), ['codestral-embed'], { releasedAt: '2025-05-28' }),
  says(docs('magistral-medium-1-2-25-09'), ['magistral-medium-2509', 'magistral-small-2509'], {
    releasedAt: '2025-09-18',
  }),
  says(docs('mistral-nemo-12b-24-07'), ['open-mistral-nemo-2407'], { releasedAt: '2024-07-18' }),
  says(docs('leanstral-1-5'), ['labs-leanstral-1-5'], { releasedAt: '2026-06-30', retiresAt: '2026-09-30' }),

  says(models, ['mistral-medium-2508', 'mistral-medium-2505'], {
    deprecatedAt: '2026-05-22',
    retiresAt: '2026-08-31',
    successor: 'mistral-medium-3-5',
  }),
  says(models, ['magistral-medium-2509', 'devstral-2512'], {
    deprecatedAt: '2026-05-22',
    retiresAt: '2026-07-31',
    successor: 'mistral-medium-3-5',
  }),
  says(models, ['open-mistral-nemo-2407'], {
    deprecatedAt: '2026-05-22',
    retiresAt: '2026-07-31',
    successor: 'ministral-8b-2512',
  }),
  says(models, ['magistral-small-2509', 'mistral-small-2506'], {
    deprecatedAt: '2026-04-30',
    retiresAt: '2026-07-31',
    successor: 'mistral-small-2603',
  }),
  says(models, ['labs-leanstral-2603'], {
    deprecatedAt: '2026-05-22',
    retiresAt: '2026-06-30',
    successor: 'labs-leanstral-1-5',
  }),
  says(models, ['mistral-large-2411', 'pixtral-large-2411', 'devstral-medium-2507'], {
    deprecatedAt: '2026-02-27',
    retiresAt: '2026-05-31',
    successor: 'mistral-medium-3-5',
  }),
  says(models, ['devstral-small-2507'], {
    deprecatedAt: '2026-02-27',
    retiresAt: '2026-05-31',
    successor: 'mistral-small-2603',
  }),
  says(models, ['labs-mistral-small-creative'], {
    deprecatedAt: '2026-03-31',
    retiresAt: '2026-04-30',
    successor: 'ministral-8b-2512',
  }),
  says(models, ['labs-devstral-small-2512'], {
    deprecatedAt: '2026-02-27',
    retiresAt: '2026-03-31',
    successor: 'mistral-medium-3-5',
  }),
  says(models, ['pixtral-12b-2409', 'ministral-8b-2410', 'ministral-3b-2410'], {
    deprecatedAt: '2025-12-02',
    retiresAt: '2025-12-31',
  }),
  says(models, ['pixtral-12b-2409'], { successor: 'ministral-14b-2512' }),
  says(models, ['ministral-8b-2410'], { successor: 'ministral-8b-2512' }),
  says(models, ['ministral-3b-2410'], { successor: 'ministral-3b-2512' }),
  says(
    models,
    [
      'magistral-medium-2507',
      'magistral-small-2507',
      'magistral-medium-2506',
      'magistral-small-2506',
      'devstral-small-2505',
    ],
    { deprecatedAt: '2025-10-31', retiresAt: '2025-11-30' },
  ),
  says(models, ['mistral-small-2503', 'mistral-small-2501', 'mistral-small-2409', 'codestral-2501'], {
    deprecatedAt: '2025-11-06',
    retiresAt: '2025-11-30',
  }),
  says(models, ['magistral-medium-2507', 'magistral-medium-2506', 'devstral-small-2505'], {
    successor: 'mistral-medium-3-5',
  }),
  says(
    models,
    ['magistral-small-2507', 'magistral-small-2506', 'mistral-small-2503', 'mistral-small-2501', 'mistral-small-2409'],
    { successor: 'mistral-small-2603' },
  ),
  says(models, ['codestral-2501'], { successor: 'codestral-2508' }),

  // The page retires these models by their names, and nothing followed under either.
  saysOfNames(models, ['open-mistral-nemo'], {
    deprecatedAt: '2026-05-22',
    retiresAt: '2026-07-31',
    successor: 'ministral-8b-2512',
  }),
  saysOfNames(models, ['pixtral-12b'], {
    deprecatedAt: '2025-12-02',
    retiresAt: '2025-12-31',
    successor: 'ministral-14b-2512',
  }),
];
