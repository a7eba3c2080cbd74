import { type Evidence, says } from './overlay.ts';

const deprecations = 'https://ai.google.dev/gemini-api/docs/deprecations';
const changelog = 'https://ai.google.dev/gemini-api/docs/changelog';
const december =
  'https://dev.to/aideprecations/what-to-do-before-gemini-25-pro-and-25-flash-are-retired-on-december-1-2026-5gg9';

/**
 * When Google's models came and go, on the Gemini API; its cloud platform has dates of its own. A date to come is here only where
 * Google announced it as final: the table of the page gives "the earliest possible dates".
 */
export const googleLifecycle: readonly Evidence[] = [
  says(deprecations, ['gemini-2.5-flash-lite'], { releasedAt: '2025-07-22' }),
  says(deprecations, ['gemini-3-pro-preview'], { releasedAt: '2025-11-18' }),
  says(deprecations, ['gemini-2.0-flash'], { releasedAt: '2025-02-05' }),
  says(deprecations, ['gemini-2.0-flash-lite'], { releasedAt: '2025-02-25' }),
  says(deprecations, ['gemini-2.5-pro-preview-05-06'], { releasedAt: '2025-05-06' }),
  says(deprecations, ['gemini-2.5-pro-preview-06-05'], { releasedAt: '2025-06-05' }),

  // The day of the announcement is not in the stored copies.
  says(december, ['gemini-2.5-pro'], { retiresAt: '2026-12-01', successor: 'gemini-3.8-flash' }),
  says(december, ['gemini-2.5-flash'], { retiresAt: '2026-12-01', successor: 'gemini-3.5-flash-lite' }),

  says(deprecations, ['gemini-embedding-2-preview'], { retiresAt: '2026-08-10', successor: 'gemini-embedding-2' }),
  // Its table has a row for each name and each numbered version.
  says(changelog, ['gemini-2.0-flash', 'gemini-2.0-flash-001'], {
    deprecatedAt: '2026-01-22',
    retiresAt: '2026-06-01',
    successor: 'gemini-3.5-flash',
  }),
  says(changelog, ['gemini-2.0-flash-lite', 'gemini-2.0-flash-lite-001'], {
    deprecatedAt: '2026-01-22',
    retiresAt: '2026-06-01',
    successor: 'gemini-3.1-flash-lite',
  }),
  says(changelog, ['gemini-3.1-flash-lite-preview'], {
    deprecatedAt: '2026-05-11',
    retiresAt: '2026-05-25',
    successor: 'gemini-3.1-flash-lite',
  }),
  says(deprecations, ['gemini-2.5-flash-lite-preview-09-2025'], {
    retiresAt: '2026-03-31',
    successor: 'gemini-3.1-flash-lite',
  }),
  says(deprecations, ['gemini-3-pro-preview'], { retiresAt: '2026-03-09', successor: 'gemini-3.1-pro-preview' }),
  says(changelog, ['gemini-2.5-flash-preview-09-2025'], { deprecatedAt: '2026-01-15', retiresAt: '2026-02-17' }),
  says(deprecations, ['gemini-2.5-flash-preview-09-2025', 'gemini-2.5-flash-preview-05-20'], {
    successor: 'gemini-3.6-flash',
  }),
  says(changelog, ['text-embedding-004'], { retiresAt: '2026-01-14' }),
  says(deprecations, ['text-embedding-004'], { successor: 'gemini-embedding-2' }),
  says(deprecations, ['gemini-2.0-flash-lite-preview', 'gemini-2.0-flash-lite-preview-02-05'], {
    retiresAt: '2025-12-09',
    successor: 'gemini-2.5-flash-lite',
  }),
  says(deprecations, ['gemini-2.5-pro-preview-06-05', 'gemini-2.5-pro-preview-05-06', 'gemini-2.5-pro-preview-03-25'], {
    retiresAt: '2025-12-02',
    successor: 'gemini-3.1-pro-preview',
  }),
  says(deprecations, ['gemini-2.5-flash-preview-05-20'], { retiresAt: '2025-11-18' }),
];
