import { mistralLifecycle } from './mistral-lifecycle.ts';
import { floating, type Listing, type ProviderOverlay, says, separatedOn } from './overlay.ts';

const zai = { slug: 'zai', displayName: 'Z.ai' };
const docs = (page: string) => `https://docs.mistral.ai/models/${page}`;
const reasoning = { supportsSummary: null, googleThinkingMode: null };

const offered: readonly Listing[] = [
  {
    id: 'mistral-large-4-0',
    name: 'Mistral Large 4',
    family: 'mistral-large',
    base: 'mistral-large-4',
    snapshotOf: ['mistral-large-4'],
  },
  pointer('mistral-large-4', 'Mistral Large 4', 'mistral-large', 'mistral-large-4', 'mistral-large-4-0'),
  {
    id: 'mistral-medium-3-5',
    name: 'Mistral Medium 3.5',
    family: 'mistral-medium',
    aliases: ['mistral-medium-3.5', 'mistral-medium-2604'],
    snapshotOf: ['mistral-medium-latest', 'mistral-medium-3'],
  },
  pointer('mistral-medium-latest', 'Mistral Medium', 'mistral-medium', 'mistral-medium-3-5', 'mistral-medium-3-5'),
  pointer('mistral-medium-3', 'Mistral Medium 3', 'mistral-medium', 'mistral-medium-3-5', 'mistral-medium-3-5'),
  ...current('mistral-large', '2512', 'Mistral Large 3', 'mistral-large', 'mistral-large-3'),
  ...current('mistral-small', '2603', 'Mistral Small 4', 'mistral-small', 'mistral-small-4'),
  ...current('ministral-14b', '2512', 'Ministral 3 14B', 'ministral', 'ministral-3-14b'),
  ...current('ministral-8b', '2512', 'Ministral 3 8B', 'ministral', 'ministral-3-8b'),
  ...current('ministral-3b', '2512', 'Ministral 3 3B', 'ministral', 'ministral-3-3b'),
  ...current('codestral', '2508', 'Codestral', 'codestral', 'codestral'),
  ...current('voxtral-small', '2507', 'Voxtral Small', 'voxtral', 'voxtral-small'),
  {
    id: 'zai-glm-5-3',
    name: 'Z.ai GLM 5.3',
    family: 'glm',
    base: 'glm-5.3',
    creator: zai,
    snapshotOf: ['zai-glm-latest', 'zai-glm-5'],
  },
  { ...pointer('zai-glm-latest', 'Z.ai GLM', 'glm', 'glm-5.3', 'zai-glm-5-3'), creator: zai },
  { ...pointer('zai-glm-5', 'Z.ai GLM 5', 'glm', 'glm-5.3', 'zai-glm-5-3'), creator: zai },
  { id: 'zai-glm-5-2', name: 'Z.ai GLM 5.2', family: 'glm', base: 'glm-5.2', creator: zai },
  ...floating(
    { id: 'codestral-embed', name: 'Codestral Embed', family: 'codestral', kind: 'EMBEDDING' },
    'codestral-embed-2505',
  ),
  ...floating(
    { id: 'mistral-embed', name: 'Mistral Embed', family: 'mistral-embed', kind: 'EMBEDDING' },
    'mistral-embed-2312',
  ),
];

const retired: readonly Listing[] = [
  { id: 'labs-leanstral-1-5', name: 'Leanstral 1.5', family: 'leanstral', base: 'leanstral-1.5' },
  { id: 'mistral-medium-2508', name: 'Mistral Medium 3.1', family: 'mistral-medium', base: 'mistral-medium-3.1' },
  { id: 'mistral-medium-2505', name: 'Mistral Medium 3', family: 'mistral-medium', base: 'mistral-medium-3' },
  { id: 'magistral-medium-2509', name: 'Magistral Medium 1.2', family: 'magistral', base: 'magistral-medium' },
  { id: 'magistral-small-2509', name: 'Magistral Small 1.2', family: 'magistral', base: 'magistral-small' },
  { id: 'mistral-small-2506', name: 'Mistral Small 3.2', family: 'mistral-small', base: 'mistral-small-3.2' },
  { id: 'devstral-2512', name: 'Devstral 2', family: 'devstral', base: 'devstral-2' },
  {
    id: 'open-mistral-nemo-2407',
    name: 'Mistral Nemo 12B',
    family: 'mistral-nemo',
    base: 'mistral-nemo',
    snapshotOf: ['open-mistral-nemo'],
  },
  {
    ...pointer('open-mistral-nemo', 'Mistral Nemo 12B', 'mistral-nemo', 'mistral-nemo', 'open-mistral-nemo-2407'),
    aliases: ['mistral-nemo'],
  },
  { id: 'labs-leanstral-2603', name: 'Leanstral', family: 'leanstral', base: 'leanstral' },
  { id: 'mistral-large-2411', name: 'Mistral Large 2.1', family: 'mistral-large', base: 'mistral-large-2.1' },
  { id: 'pixtral-large-2411', name: 'Pixtral Large', family: 'pixtral', base: 'pixtral-large' },
  { id: 'devstral-medium-2507', name: 'Devstral Medium', family: 'devstral', base: 'devstral-medium' },
  { id: 'devstral-small-2507', name: 'Devstral Small 1.1', family: 'devstral', base: 'devstral-small' },
  { id: 'labs-mistral-small-creative', name: 'Mistral Small Creative', family: 'mistral-small' },
  { id: 'labs-devstral-small-2512', name: 'Devstral Small 2', family: 'devstral', base: 'devstral-small-2' },
  {
    id: 'pixtral-12b-2409',
    name: 'Pixtral 12B',
    family: 'pixtral',
    base: 'pixtral-12b',
    snapshotOf: ['pixtral-12b'],
  },
  pointer('pixtral-12b', 'Pixtral 12B', 'pixtral', 'pixtral-12b', 'pixtral-12b-2409'),
  { id: 'ministral-8b-2410', name: 'Ministral 8B', family: 'ministral', base: 'ministral-8b' },
  { id: 'ministral-3b-2410', name: 'Ministral 3B', family: 'ministral', base: 'ministral-3b' },
  { id: 'magistral-medium-2507', name: 'Magistral Medium 1.1', family: 'magistral', base: 'magistral-medium' },
  { id: 'magistral-small-2507', name: 'Magistral Small 1.1', family: 'magistral', base: 'magistral-small' },
  { id: 'magistral-medium-2506', name: 'Magistral Medium 1', family: 'magistral', base: 'magistral-medium' },
  { id: 'magistral-small-2506', name: 'Magistral Small 1', family: 'magistral', base: 'magistral-small' },
  { id: 'mistral-small-2503', name: 'Mistral Small 3.1', family: 'mistral-small', base: 'mistral-small-3.1' },
  { id: 'mistral-small-2501', name: 'Mistral Small 3', family: 'mistral-small', base: 'mistral-small-3' },
  { id: 'mistral-small-2409', name: 'Mistral Small 2', family: 'mistral-small', base: 'mistral-small-2' },
  { id: 'devstral-small-2505', name: 'Devstral Small 1', family: 'devstral', base: 'devstral-small' },
  { id: 'codestral-2501', name: 'Codestral (25.01)', family: 'codestral', base: 'codestral' },
];

/**
 * Mistral's chat and embedding models on its platform, with those it hosts for others; transcription and OCR are left out. A version
 * (`mistral-medium-3-5`, `mistral-large-2512`) is never changed; `-latest` and a major number alone (`mistral-medium-3`) move on.
 */
export const mistral: ProviderOverlay = {
  provider: 'mistral',
  listing: [...offered, ...retired],
  evidence: [
    ...mistralLifecycle,

    // Half of its list price while it is a preview.
    says(docs('mistral-large-4-0'), ['mistral-large-4-0'], {
      isPreview: true,
      contextWindow: 1_000_000,
      inputPerMillion: '0.68',
      outputPerMillion: '2.09',
      supportsJson: true,
      supportsSearch: true,
      reasoning,
    }),
    says(docs('zai-glm-5-3'), ['zai-glm-5-3'], {
      isPreview: true,
      contextWindow: 1_000_000,
      maxOutputTokens: 128_000,
      inputPerMillion: '1.4',
      outputPerMillion: '4.4',
      supportsJson: true,
      reasoning,
    }),
    says(docs('zai-glm-5-2'), ['zai-glm-5-2'], {
      isPreview: true,
      maxOutputTokens: 128_000,
      inputPerMillion: '1.4',
      outputPerMillion: '4.4',
    }),
    says(docs('mistral-medium-3-5-26-04'), ['mistral-medium-3-5'], { supportsSearch: true, reasoning }),
    says(docs('mistral-large-3-25-12'), ['mistral-large-2512'], { supportsSearch: true }),
    says(docs('mistral-small-4-0-26-03'), ['mistral-small-2603'], { supportsSearch: true, reasoning }),
    says(docs('mistral-medium-3-1-25-08'), ['mistral-medium-2508'], { contextWindow: 128_000, supportsSearch: true }),
    says(docs('mistral-medium-3-25-05'), ['mistral-medium-2505'], { supportsSearch: true }),
    says(docs('mistral-small-3-2-25-06'), ['mistral-small-2506'], {
      inputPerMillion: '0.1',
      outputPerMillion: '0.3',
      supportsSearch: true,
    }),
    says(docs('ministral-3-14b-25-12'), ['ministral-14b-2512', 'ministral-8b-2512', 'ministral-3b-2512'], {
      supportsJson: true,
    }),
    says(docs('ministral-3-3b-25-12'), ['ministral-3b-2512'], { contextWindow: 256_000 }),
    says(docs('codestral-25-08'), ['codestral-2508'], { contextWindow: 128_000, supportsJson: true }),
    says(docs('codestral-embed-25-05'), ['codestral-embed'], { contextWindow: 8000, inputPerMillion: '0.15' }),
    says(docs('voxtral-small-25-07'), ['voxtral-small-2507'], { supportsJson: true }),
    says(docs('magistral-medium-1-2-25-09'), ['magistral-medium-2509', 'magistral-small-2509'], {
      contextWindow: 128_000,
      reasoning,
    }),
    says(docs('leanstral-1-5'), ['labs-leanstral-1-5'], {
      contextWindow: 256_000,
      maxOutputTokens: 128_000,
      supportsJson: true,
    }),
  ],
  sameThing: [
    // Two ways to write one version, its month and its number; a version that is generally available is not changed.
    {
      source: 'https://docs.mistral.ai/inference/model-lifecycle',
      verifiedOn: separatedOn,
      aliases: ['mistral-medium-2604'],
    },
  ],
};

/** A snapshot and the `-latest` that points to it. */
function current(name: string, date: string, displayName: string, family: string, base: string): Listing[] {
  const latest = `${name}-latest`;
  return [
    { id: `${name}-${date}`, name: displayName, family, base, snapshotOf: [latest] },
    pointer(latest, displayName, family, base, `${name}-${date}`),
  ];
}

function pointer(id: string, name: string, family: string, base: string, pointsTo: string): Listing {
  return { id, name: `${name} (latest)`, family, base, pointsTo };
}
