import { type Evidence, says, saysOfNames } from './overlay.ts';

const deprecations = 'https://developers.openai.com/api/docs/deprecations';
const changelog = 'https://developers.openai.com/api/docs/changelog';
// Articles that copied that page on later days than the stored copies of it that can be read in full.
const october =
  'https://dev.to/importstatic/every-openai-model-shutdown-date-until-january-2027-and-what-replaces-it-1dfk';
const december =
  'https://dev.to/aideprecations/what-to-do-before-openai-gpt-5-and-o3-shut-down-on-december-11-2026-fap';
// A copy of the page of November, which has another form.
const november = 'https://developers.openai.com/api/docs/deprecations?translationFallback=zh-Hans';

/**
 * When OpenAI's models came and will go, and what it recommends in their place. The end of a snapshot is not that of its floating
 * name: a name has a day to come only where OpenAI's notice itself names it.
 */
export const openaiLifecycle: readonly Evidence[] = [
  says('https://docs.laozhang.ai/en/announcements/gpt-6-1-sol-2026-10.md', ['gpt-6.1-sol'], {
    releasedAt: '2026-09-29',
  }),
  says('https://apidog.com/jp/blog/what-is-gpt-6-1-terra/', ['gpt-6.1-terra'], { releasedAt: '2026-10-26' }),
  says('https://docs.venice.ai/zh/models/gpt-6-sol', ['gpt-6-sol'], { releasedAt: '2026-09-22' }),
  says(changelog, ['chat-latest'], { releasedAt: '2026-05-05' }),
  says(changelog, ['gpt-5.5', 'gpt-5.5-pro'], { releasedAt: '2026-04-24' }),
  // Packages date these by their announcement or by another snapshot; this is the date in the snapshot's name.
  says(deprecations, ['gpt-4-turbo'], { releasedAt: '2024-04-09' }),
  says(deprecations, ['o1'], { releasedAt: '2024-12-17' }),
  says(deprecations, ['o3-mini'], { releasedAt: '2025-01-31' }),
  says(deprecations, ['o3-deep-research', 'o4-mini-deep-research'], { releasedAt: '2025-06-26' }),
  says(deprecations, ['gpt-4', 'gpt-3.5-turbo'], { releasedAt: null }),

  // Announced in October 2026; neither the day nor the replacements are in the stored copies.
  says(
    'https://dev.to/aidriftline',
    ['gpt-5.1', 'gpt-5.1-2025-11-13', 'gpt-5.3-codex', 'gpt-5.4-nano', 'gpt-5.4-nano-2026-03-17'],
    { retiresAt: '2027-04-01' },
  ),
  // The notice of October names snapshots alone: nothing is said of `gpt-4o`, `gpt-4o-mini`, `gpt-4.1` and `gpt-4.1-mini`.
  saysOfNames(
    october,
    [
      'gpt-4o-2024-08-06',
      'gpt-4o-2024-11-20',
      'gpt-4o-mini-2024-07-18',
      'gpt-4.1-2025-04-14',
      'gpt-4.1-mini-2025-04-14',
    ],
    { deprecatedAt: '2026-10-14', retiresAt: '2027-01-14', successor: 'gpt-6-luna' },
  ),

  // The notice of June names six snapshots. The page of November sets their names beside them, as does the list of models in
  // github.com/openai/openai-ruby, so the names are deprecated; but a day that refuses calls is not taken from documents that differ.
  saysOfNames(
    deprecations,
    [
      'gpt-5-2025-08-07',
      'gpt-5-mini-2025-08-07',
      'gpt-5-nano-2025-08-07',
      'gpt-5-pro-2025-10-06',
      'o3-2025-04-16',
      'o3-pro-2025-06-10',
    ],
    { deprecatedAt: '2026-06-11', retiresAt: '2026-12-11' },
  ),
  saysOfNames(november, ['gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'gpt-5-pro', 'o3', 'o3-pro'], {
    deprecatedAt: '2026-06-11',
  }),
  says(deprecations, ['gpt-5', 'gpt-5-2025-08-07'], { successor: 'gpt-6.1-sol' }),
  says(deprecations, ['gpt-5-mini', 'gpt-5-mini-2025-08-07'], { successor: 'gpt-6.1-terra' }),
  says(december, ['gpt-5-nano', 'gpt-5-nano-2025-08-07'], { successor: 'gpt-5.6-luna' }),
  says(december, ['gpt-5-pro', 'gpt-5-pro-2025-10-06', 'o3', 'o3-2025-04-16', 'o3-pro', 'o3-pro-2025-06-10'], {
    successor: 'gpt-5.6-sol',
  }),
];
