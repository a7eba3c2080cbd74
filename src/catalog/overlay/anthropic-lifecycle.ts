import { type Evidence, says, saysOfNames } from './overlay.ts';

const deprecations = 'https://platform.claude.com/docs/en/about-claude/model-deprecations';
// It warns of these names beside the dated ids, with the same days.
const sdk = 'https://github.com/anthropics/anthropic-sdk-typescript/blob/main/src/resources/messages/messages.ts';
// A name without a date points into its own version, and of these versions nothing is left.
const versions = 'https://platform.claude.com/docs/en/about-claude/models/model-ids-and-versions';
const page = (model: string) => `https://platform.claude.com/docs/en/models/${model}/overview.md`;

/** When Anthropic's models came and go. Its "not sooner than" dates are promises, not retirements, and are left out. */
export const anthropicLifecycle: readonly Evidence[] = [
  says('https://docs.laozhang.ai/en/announcements/claude-fable-5-2-2026-11.md', ['claude-fable-5-2'], {
    releasedAt: '2026-11-09',
  }),
  says('https://runware.ai/docs/models/anthropic-claude-haiku-5-5.md', ['claude-haiku-5-5'], {
    releasedAt: '2026-10-07',
  }),
  says(page('fable-5'), ['claude-fable-5'], { releasedAt: '2026-06-09' }),
  says(page('sonnet-5'), ['claude-sonnet-5'], { releasedAt: '2026-06-30' }),
  says(page('opus-4-6'), ['claude-opus-4-6'], { releasedAt: '2026-02-05' }),
  // The page promises the model for a year from its release.
  says(deprecations, ['claude-opus-4-7'], { releasedAt: '2026-04-16' }),
  says('https://github.com/anomalyco/models.dev', ['claude-3-7-sonnet-20250219'], { releasedAt: '2025-02-19' }),
  says('https://github.com/anomalyco/models.dev', ['claude-3-5-haiku-20241022', 'claude-3-5-sonnet-20241022'], {
    releasedAt: '2024-10-22',
  }),
  says('https://github.com/anomalyco/models.dev', ['claude-3-haiku-20240307'], { releasedAt: '2024-03-13' }),
  says('https://github.com/anomalyco/models.dev', ['claude-3-opus-20240229'], { releasedAt: '2024-02-29' }),

  // The day of the announcement is not in the stored copies.
  says('https://platform.claude.com/docs/pt-BR/models/sonnet-4-5/overview.md', ['claude-sonnet-4-5-20250929'], {
    retiresAt: '2026-11-30',
    successor: 'claude-sonnet-5-5',
  }),
  says(deprecations, ['claude-opus-4-1-20250805'], {
    deprecatedAt: '2026-06-05',
    retiresAt: '2026-08-05',
    successor: 'claude-opus-4-8',
  }),
  says(deprecations, ['claude-opus-4-20250514'], {
    deprecatedAt: '2026-04-14',
    retiresAt: '2026-06-15',
    successor: 'claude-opus-4-8',
  }),
  says(deprecations, ['claude-sonnet-4-20250514'], {
    deprecatedAt: '2026-04-14',
    retiresAt: '2026-06-15',
    successor: 'claude-sonnet-4-6',
  }),
  says(deprecations, ['claude-3-7-sonnet-20250219'], {
    deprecatedAt: '2025-10-28',
    retiresAt: '2026-02-19',
    successor: 'claude-sonnet-4-6',
  }),
  says(deprecations, ['claude-3-5-haiku-20241022'], {
    deprecatedAt: '2025-12-19',
    retiresAt: '2026-02-19',
    successor: 'claude-haiku-4-5-20251001',
  }),
  says(deprecations, ['claude-3-5-sonnet-20241022', 'claude-3-5-sonnet-20240620'], {
    deprecatedAt: '2025-08-13',
    retiresAt: '2025-10-28',
    successor: 'claude-sonnet-4-6',
  }),
  says(deprecations, ['claude-3-opus-20240229'], {
    deprecatedAt: '2025-06-30',
    retiresAt: '2026-01-05',
    successor: 'claude-opus-4-8',
  }),
  says(deprecations, ['claude-3-haiku-20240307'], {
    deprecatedAt: '2026-02-19',
    retiresAt: '2026-04-20',
    successor: 'claude-haiku-4-5-20251001',
  }),

  saysOfNames(sdk, ['claude-sonnet-4-5'], { retiresAt: '2026-11-30', successor: 'claude-sonnet-5-5' }),
  saysOfNames(sdk, ['claude-opus-4-0'], {
    deprecatedAt: '2026-04-14',
    retiresAt: '2026-06-15',
    successor: 'claude-opus-4-8',
  }),
  saysOfNames(sdk, ['claude-sonnet-4-0'], {
    deprecatedAt: '2026-04-14',
    retiresAt: '2026-06-15',
    successor: 'claude-sonnet-4-6',
  }),
  saysOfNames(sdk, ['claude-3-7-sonnet-latest'], {
    deprecatedAt: '2025-10-28',
    retiresAt: '2026-02-19',
    successor: 'claude-sonnet-4-6',
  }),
  saysOfNames(sdk, ['claude-3-5-haiku-latest'], {
    deprecatedAt: '2025-12-19',
    retiresAt: '2026-02-19',
    successor: 'claude-haiku-4-5-20251001',
  }),
  saysOfNames(versions, ['claude-opus-4-1'], {
    deprecatedAt: '2026-06-05',
    retiresAt: '2026-08-05',
    successor: 'claude-opus-4-8',
  }),
  saysOfNames(versions, ['claude-3-5-sonnet-latest'], {
    deprecatedAt: '2025-08-13',
    retiresAt: '2025-10-28',
    successor: 'claude-sonnet-4-6',
  }),
  saysOfNames(versions, ['claude-3-opus-latest'], {
    deprecatedAt: '2025-06-30',
    retiresAt: '2026-01-05',
    successor: 'claude-opus-4-8',
  }),
];
