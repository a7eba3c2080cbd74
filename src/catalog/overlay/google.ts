import { googleLifecycle } from './google-lifecycle.ts';
import { floating, type ProviderOverlay, says } from './overlay.ts';

const thinking = 'https://ai.google.dev/gemini-api/docs/thinking';
const search = 'https://firebase.google.com/docs/ai-logic/grounding-google-search';
const levels = [
  'gemini-3.8-flash',
  'gemini-3.7-flash',
  'gemini-3.6-flash',
  'gemini-3.5-flash',
  'gemini-3.1-pro-preview',
  'gemini-3.1-pro-preview-customtools',
  'gemini-3.5-flash-lite',
  'gemini-3.1-flash-lite',
  'gemini-3-flash-preview',
  'gemini-3-pro-preview',
  'gemini-3.1-flash-lite-preview',
];
const budgets = [
  'gemini-2.5-pro',
  'gemini-2.5-flash',
  'gemini-2.5-flash-lite',
  'gemini-2.5-flash-lite-preview-09-2025',
  'gemini-2.5-flash-preview-09-2025',
  'gemini-2.5-pro-preview-06-05',
  'gemini-2.5-pro-preview-05-06',
  'gemini-2.5-pro-preview-03-25',
  'gemini-2.5-flash-preview-05-20',
];

/**
 * Google's text and embedding models on the Gemini API. Rolling names (`gemini-flash-latest`) are left out: what they denote
 * changes without notice.
 */
export const google: ProviderOverlay = {
  provider: 'google',
  listing: [
    { id: 'gemini-3.8-flash', name: 'Gemini 3.8 Flash', family: 'gemini-flash' },
    { id: 'gemini-3.1-pro-preview', name: 'Gemini 3.1 Pro Preview', family: 'gemini-pro', base: 'gemini-3.1-pro' },
    { id: 'gemini-3.7-flash', name: 'Gemini 3.7 Flash', family: 'gemini-flash' },
    { id: 'gemini-3.6-flash', name: 'Gemini 3.6 Flash', family: 'gemini-flash' },
    { id: 'gemini-3.5-flash', name: 'Gemini 3.5 Flash', family: 'gemini-flash' },
    { id: 'gemini-3.5-flash-lite', name: 'Gemini 3.5 Flash-Lite', family: 'gemini-flash-lite' },
    { id: 'gemini-3.1-flash-lite', name: 'Gemini 3.1 Flash-Lite', family: 'gemini-flash-lite' },
    {
      id: 'gemini-3.1-pro-preview-customtools',
      name: 'Gemini 3.1 Pro Preview (custom tools)',
      family: 'gemini-pro',
      base: 'gemini-3.1-pro',
    },
    { id: 'gemini-3-flash-preview', name: 'Gemini 3 Flash Preview', family: 'gemini-flash', base: 'gemini-3-flash' },
    { id: 'gemini-2.5-flash-lite', name: 'Gemini 2.5 Flash-Lite', family: 'gemini-flash-lite' },
    { id: 'gemma-4-31b-it', name: 'Gemma 4 31B', family: 'gemma' },
    { id: 'gemma-4-26b-a4b-it', name: 'Gemma 4 26B A4B', family: 'gemma' },
    { id: 'gemini-embedding-2', name: 'Gemini Embedding 2', family: 'gemini-embedding', kind: 'EMBEDDING' },
    { id: 'gemini-embedding-001', name: 'Gemini Embedding 001', family: 'gemini-embedding', kind: 'EMBEDDING' },
    { id: 'gemini-2.5-pro', name: 'Gemini 2.5 Pro', family: 'gemini-pro' },
    { id: 'gemini-2.5-flash', name: 'Gemini 2.5 Flash', family: 'gemini-flash' },
    {
      id: 'gemini-embedding-2-preview',
      name: 'Gemini Embedding 2 Preview',
      family: 'gemini-embedding',
      base: 'gemini-embedding-2',
      kind: 'EMBEDDING',
    },
    ...floating({ id: 'gemini-2.0-flash', name: 'Gemini 2.0 Flash', family: 'gemini-flash' }, 'gemini-2.0-flash-001'),
    ...floating(
      { id: 'gemini-2.0-flash-lite', name: 'Gemini 2.0 Flash-Lite', family: 'gemini-flash-lite' },
      'gemini-2.0-flash-lite-001',
    ),
    preview('gemini-3.1-flash-lite', '', 'Gemini 3.1 Flash-Lite Preview', 'gemini-flash-lite'),
    preview('gemini-2.5-flash-lite', '-09-2025', 'Gemini 2.5 Flash-Lite Preview (09-2025)', 'gemini-flash-lite'),
    preview('gemini-3-pro', '', 'Gemini 3 Pro Preview', 'gemini-pro'),
    preview('gemini-2.5-flash', '-09-2025', 'Gemini 2.5 Flash Preview (09-2025)', 'gemini-flash'),
    { id: 'text-embedding-004', name: 'Text Embedding 004', family: 'text-embedding', kind: 'EMBEDDING' },
    ...floating(
      preview('gemini-2.0-flash-lite', '', 'Gemini 2.0 Flash-Lite Preview', 'gemini-flash-lite'),
      'gemini-2.0-flash-lite-preview-02-05',
    ),
    preview('gemini-2.5-pro', '-06-05', 'Gemini 2.5 Pro Preview (06-05)', 'gemini-pro'),
    preview('gemini-2.5-pro', '-05-06', 'Gemini 2.5 Pro Preview (05-06)', 'gemini-pro'),
    preview('gemini-2.5-pro', '-03-25', 'Gemini 2.5 Pro Preview (03-25)', 'gemini-pro'),
    preview('gemini-2.5-flash', '-05-20', 'Gemini 2.5 Flash Preview (05-20)', 'gemini-flash'),
  ],
  evidence: [
    ...googleLifecycle,

    says(thinking, levels, { reasoning: { supportsSummary: true, googleThinkingMode: 'LEVEL' } }),
    says(thinking, budgets, { reasoning: { supportsSummary: true, googleThinkingMode: 'BUDGET' } }),

    // A package denies it to every Gemini model; these are on Google's list.
    says(
      search,
      [
        'gemini-3.1-pro-preview',
        'gemini-3.1-flash-lite',
        'gemini-3-flash-preview',
        'gemini-2.5-pro',
        'gemini-2.5-flash',
        'gemini-2.5-flash-lite',
      ],
      { supportsSearch: true },
    ),
    says('https://docs.apiyi.com/en/api-capabilities/gemini/web-search', ['gemini-3.5-flash'], {
      supportsSearch: true,
    }),
    says('https://github.com/takeshy/obsidian-gemini-helper/releases/tag/1.21.7', ['gemini-3.8-flash'], {
      supportsSearch: true,
    }),
  ],
};

function preview(base: string, date: string, name: string, family: string) {
  return { id: `${base}-preview${date}`, name, family, base };
}
