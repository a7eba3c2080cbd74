import { type Evidence, says } from './overlay.ts';

const deprecations = 'https://developers.openai.com/api/docs/deprecations';
// Articles that copied that page on later days than the stored copies of it that can be read in full.
const october =
  'https://dev.to/importstatic/every-openai-model-shutdown-date-until-january-2027-and-what-replaces-it-1dfk';
const july = 'https://github.com/anomalyco/models.dev/pull/3707';

/** What OpenAI has shut down, and recommends in its place. Where a floating name is among these, none of its snapshots is left. */
export const openaiRetired: readonly Evidence[] = [
  says(
    deprecations,
    [
      'gpt-3.5-turbo',
      'gpt-3.5-turbo-0125',
      'gpt-4',
      'gpt-4-0613',
      'gpt-4-1106-preview',
      'gpt-4-turbo',
      'gpt-4-turbo-2024-04-09',
      'gpt-4.1-nano',
      'gpt-4.1-nano-2025-04-14',
      'gpt-4o-2024-05-13',
      'o1',
      'o1-2024-12-17',
      'o1-pro',
      'o1-pro-2025-03-19',
      'o3-mini',
      'o3-mini-2025-01-31',
      'o4-mini',
      'o4-mini-2025-04-16',
    ],
    { deprecatedAt: '2026-04-22', retiresAt: '2026-10-23' },
  ),
  says(
    october,
    [
      'gpt-4',
      'gpt-4-0613',
      'gpt-4-1106-preview',
      'gpt-4-turbo',
      'gpt-4-turbo-2024-04-09',
      'gpt-4o-2024-05-13',
      'o1',
      'o1-2024-12-17',
      'o1-pro',
      'o1-pro-2025-03-19',
      'o3-mini',
      'o3-mini-2025-01-31',
    ],
    { successor: 'gpt-5.6-sol' },
  ),
  says(october, ['gpt-3.5-turbo', 'gpt-3.5-turbo-0125', 'o4-mini', 'o4-mini-2025-04-16'], {
    successor: 'gpt-5.6-terra',
  }),
  says(
    'https://dev.to/leighefford/retiring-ai-models-a-pre-flight-checklist-first-openai-batch-goes-23-oct-5dc9',
    ['gpt-4.1-nano', 'gpt-4.1-nano-2025-04-14'],
    { successor: 'gpt-5.6-luna' },
  ),

  says(deprecations, ['gpt-5.2-chat-latest', 'gpt-5.3-chat-latest'], {
    deprecatedAt: '2026-05-08',
    retiresAt: '2026-08-10',
    successor: 'gpt-5.5',
  }),

  says(
    deprecations,
    [
      'computer-use-preview',
      'computer-use-preview-2025-03-11',
      'gpt-4o-mini-search-preview',
      'gpt-4o-mini-search-preview-2025-03-11',
      'gpt-4o-search-preview',
      'gpt-4o-search-preview-2025-03-11',
      'gpt-5-chat-latest',
      'gpt-5-codex',
      'gpt-5.1-chat-latest',
      'gpt-5.1-codex',
      'gpt-5.1-codex-max',
      'gpt-5.1-codex-mini',
      'gpt-5.2-codex',
      'o3-deep-research',
      'o3-deep-research-2025-06-26',
      'o4-mini-deep-research',
      'o4-mini-deep-research-2025-06-26',
    ],
    { deprecatedAt: '2026-04-22', retiresAt: '2026-07-23' },
  ),
  says(
    july,
    [
      'gpt-5-chat-latest',
      'gpt-5-codex',
      'gpt-5.1-chat-latest',
      'gpt-5.1-codex',
      'gpt-5.1-codex-max',
      'gpt-5.2-codex',
      'o3-deep-research',
      'o3-deep-research-2025-06-26',
      'o4-mini-deep-research',
      'o4-mini-deep-research-2025-06-26',
    ],
    { successor: 'gpt-5.6-sol' },
  ),
  says(july, ['gpt-5.1-codex-mini'], { successor: 'gpt-5.6-terra' }),
  says(
    deprecations,
    [
      'computer-use-preview',
      'computer-use-preview-2025-03-11',
      'gpt-4o-mini-search-preview',
      'gpt-4o-mini-search-preview-2025-03-11',
      'gpt-4o-search-preview',
      'gpt-4o-search-preview-2025-03-11',
    ],
    { successor: 'gpt-5.4-mini' },
  ),

  says(deprecations, ['gpt-3.5-turbo-1106', 'gpt-3.5-turbo-instruct'], {
    deprecatedAt: '2025-09-26',
    retiresAt: '2026-09-28',
    successor: 'gpt-5.4-mini',
  }),
  says(deprecations, ['gpt-4-0125-preview', 'gpt-4-turbo-preview', 'gpt-4-0314'], {
    deprecatedAt: '2025-09-26',
    retiresAt: '2026-03-26',
    successor: 'gpt-5',
  }),
  says(deprecations, ['chatgpt-4o-latest'], {
    deprecatedAt: '2025-11-18',
    retiresAt: '2026-02-17',
    successor: 'gpt-5.1-chat-latest',
  }),
  // Its recommended replacement never was a model of the API's list.
  says(deprecations, ['codex-mini-latest'], { deprecatedAt: '2025-11-17', retiresAt: '2026-02-12' }),
  says(deprecations, ['o1-mini', 'o1-mini-2024-09-12'], {
    deprecatedAt: '2025-04-28',
    retiresAt: '2025-10-27',
    successor: 'o4-mini',
  }),
];
