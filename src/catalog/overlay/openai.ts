import { openaiCapabilities } from './openai-capabilities.ts';
import { openaiLifecycle } from './openai-lifecycle.ts';
import { openaiRetired } from './openai-retired.ts';
import { floating, type Listing, type ProviderOverlay, separatedOn } from './overlay.ts';

const current: readonly Listing[] = [
  { id: 'gpt-6-astra', name: 'GPT-6 Astra', family: 'gpt-6' },
  { id: 'gpt-6.2-sol', name: 'GPT-6.2 Sol', family: 'gpt-6' },
  ...floating({ id: 'gpt-6.1-sol', name: 'GPT-6.1 Sol', family: 'gpt-6' }, 'gpt-6.1-sol-2026-09-29'),
  { id: 'gpt-6.1-terra', name: 'GPT-6.1 Terra', family: 'gpt-6' },
  { id: 'gpt-6-sol', name: 'GPT-6 Sol', family: 'gpt-6' },
  { id: 'gpt-6-luna', name: 'GPT-6 Luna', family: 'gpt-6' },
  { id: 'gpt-5.6-sol', name: 'GPT-5.6 Sol', family: 'gpt-5', aliases: ['gpt-5.6'] },
  { id: 'gpt-5.6-terra', name: 'GPT-5.6 Terra', family: 'gpt-5' },
  { id: 'gpt-5.6-luna', name: 'GPT-5.6 Luna', family: 'gpt-5' },
  ...floating({ id: 'gpt-5.5-pro', name: 'GPT-5.5 Pro', family: 'gpt-5' }, 'gpt-5.5-pro-2026-04-23'),
  ...floating({ id: 'gpt-5.5', name: 'GPT-5.5', family: 'gpt-5' }, 'gpt-5.5-2026-04-23'),
  ...floating({ id: 'gpt-5.4-pro', name: 'GPT-5.4 Pro', family: 'gpt-5' }, 'gpt-5.4-pro-2026-03-05'),
  ...floating({ id: 'gpt-5.4', name: 'GPT-5.4', family: 'gpt-5' }, 'gpt-5.4-2026-03-05'),
  ...floating({ id: 'gpt-5.4-mini', name: 'GPT-5.4 mini', family: 'gpt-5' }, 'gpt-5.4-mini-2026-03-17'),
  ...floating({ id: 'gpt-5.2-pro', name: 'GPT-5.2 Pro', family: 'gpt-5' }, 'gpt-5.2-pro-2025-12-11'),
  ...floating({ id: 'gpt-5.2', name: 'GPT-5.2', family: 'gpt-5' }, 'gpt-5.2-2025-12-11'),
  { id: 'chat-latest', name: 'ChatGPT (latest)', family: 'chatgpt' },
  ...floating({ id: 'gpt-5-search-api', name: 'GPT-5 Search', family: 'gpt-5' }, 'gpt-5-search-api-2025-10-14'),
  { id: 'text-embedding-3-large', name: 'text-embedding-3-large', family: 'text-embedding', kind: 'EMBEDDING' },
  { id: 'text-embedding-3-small', name: 'text-embedding-3-small', family: 'text-embedding', kind: 'EMBEDDING' },
  { id: 'text-embedding-ada-002', name: 'text-embedding-ada-002', family: 'text-embedding', kind: 'EMBEDDING' },
];

const deprecated: readonly Listing[] = [
  ...floating({ id: 'gpt-5.1', name: 'GPT-5.1', family: 'gpt-5' }, 'gpt-5.1-2025-11-13'),
  { id: 'gpt-5.3-codex', name: 'GPT-5.3 Codex', family: 'gpt-5' },
  ...floating({ id: 'gpt-5.4-nano', name: 'GPT-5.4 nano', family: 'gpt-5' }, 'gpt-5.4-nano-2026-03-17'),
  ...floating({ id: 'gpt-4.1', name: 'GPT-4.1', family: 'gpt-4.1' }, 'gpt-4.1-2025-04-14'),
  ...floating({ id: 'gpt-4.1-mini', name: 'GPT-4.1 mini', family: 'gpt-4.1' }, 'gpt-4.1-mini-2025-04-14'),
  ...floating({ id: 'gpt-4o', name: 'GPT-4o', family: 'gpt-4o' }, 'gpt-4o-2024-08-06'),
  { id: 'gpt-4o-2024-11-20', name: 'GPT-4o (2024-11-20)', family: 'gpt-4o', base: 'gpt-4o', snapshotOf: ['gpt-4o'] },
  ...floating({ id: 'gpt-4o-mini', name: 'GPT-4o mini', family: 'gpt-4o' }, 'gpt-4o-mini-2024-07-18'),
  ...floating({ id: 'gpt-5-pro', name: 'GPT-5 Pro', family: 'gpt-5' }, 'gpt-5-pro-2025-10-06'),
  ...floating({ id: 'gpt-5', name: 'GPT-5', family: 'gpt-5' }, 'gpt-5-2025-08-07'),
  ...floating({ id: 'gpt-5-mini', name: 'GPT-5 mini', family: 'gpt-5' }, 'gpt-5-mini-2025-08-07'),
  ...floating({ id: 'gpt-5-nano', name: 'GPT-5 nano', family: 'gpt-5' }, 'gpt-5-nano-2025-08-07'),
  ...floating({ id: 'o3-pro', name: 'o3-pro', family: 'o3' }, 'o3-pro-2025-06-10'),
  ...floating({ id: 'o3', name: 'o3', family: 'o3' }, 'o3-2025-04-16'),
];

const retired: readonly Listing[] = [
  ...floating({ id: 'o4-mini', name: 'o4-mini', family: 'o4' }, 'o4-mini-2025-04-16'),
  ...floating({ id: 'o3-mini', name: 'o3-mini', family: 'o3' }, 'o3-mini-2025-01-31'),
  ...floating({ id: 'o1-pro', name: 'o1-pro', family: 'o1' }, 'o1-pro-2025-03-19'),
  ...floating({ id: 'o1', name: 'o1', family: 'o1' }, 'o1-2024-12-17'),
  ...floating({ id: 'gpt-4.1-nano', name: 'GPT-4.1 nano', family: 'gpt-4.1' }, 'gpt-4.1-nano-2025-04-14'),
  { id: 'gpt-4o-2024-05-13', name: 'GPT-4o (2024-05-13)', family: 'gpt-4o', base: 'gpt-4o', snapshotOf: ['gpt-4o'] },
  ...floating({ id: 'gpt-4-turbo', name: 'GPT-4 Turbo', family: 'gpt-4' }, 'gpt-4-turbo-2024-04-09'),
  ...floating({ id: 'gpt-4', name: 'GPT-4', family: 'gpt-4' }, 'gpt-4-0613'),
  ...floating({ id: 'gpt-3.5-turbo', name: 'GPT-3.5 Turbo', family: 'gpt-3.5' }, 'gpt-3.5-turbo-0125'),
  {
    id: 'gpt-4-1106-preview',
    name: 'GPT-4 Turbo Preview (1106)',
    family: 'gpt-4',
    base: 'gpt-4-turbo',
    snapshotOf: ['gpt-4-turbo-preview'],
  },
  { id: 'gpt-3.5-turbo-instruct', name: 'GPT-3.5 Turbo Instruct', family: 'gpt-3.5' },
  {
    id: 'gpt-3.5-turbo-1106',
    name: 'GPT-3.5 Turbo (1106)',
    family: 'gpt-3.5',
    base: 'gpt-3.5-turbo',
    snapshotOf: ['gpt-3.5-turbo'],
  },
  { id: 'gpt-5.3-chat-latest', name: 'GPT-5.3 Chat', family: 'gpt-5' },
  { id: 'gpt-5.2-chat-latest', name: 'GPT-5.2 Chat', family: 'gpt-5' },
  { id: 'gpt-5.2-codex', name: 'GPT-5.2 Codex', family: 'gpt-5' },
  { id: 'gpt-5.1-codex-max', name: 'GPT-5.1 Codex Max', family: 'gpt-5' },
  { id: 'gpt-5.1-codex', name: 'GPT-5.1 Codex', family: 'gpt-5' },
  { id: 'gpt-5.1-codex-mini', name: 'GPT-5.1 Codex mini', family: 'gpt-5' },
  { id: 'gpt-5.1-chat-latest', name: 'GPT-5.1 Chat', family: 'gpt-5' },
  { id: 'gpt-5-codex', name: 'GPT-5 Codex', family: 'gpt-5' },
  { id: 'gpt-5-chat-latest', name: 'GPT-5 Chat', family: 'gpt-5' },
  ...floating({ id: 'o3-deep-research', name: 'o3 deep research', family: 'o3' }, 'o3-deep-research-2025-06-26'),
  ...floating(
    { id: 'o4-mini-deep-research', name: 'o4-mini deep research', family: 'o4' },
    'o4-mini-deep-research-2025-06-26',
  ),
  ...floating(
    { id: 'gpt-4o-search-preview', name: 'GPT-4o Search Preview', family: 'gpt-4o' },
    'gpt-4o-search-preview-2025-03-11',
  ),
  ...floating(
    { id: 'gpt-4o-mini-search-preview', name: 'GPT-4o mini Search Preview', family: 'gpt-4o' },
    'gpt-4o-mini-search-preview-2025-03-11',
  ),
  ...floating(
    { id: 'computer-use-preview', name: 'Computer Use Preview', family: 'computer-use' },
    'computer-use-preview-2025-03-11',
  ),
  {
    id: 'gpt-4-0125-preview',
    name: 'GPT-4 Turbo Preview (0125)',
    family: 'gpt-4',
    base: 'gpt-4-turbo',
    snapshotOf: ['gpt-4-turbo-preview'],
  },
  {
    id: 'gpt-4-turbo-preview',
    name: 'GPT-4 Turbo Preview',
    family: 'gpt-4',
    base: 'gpt-4-turbo',
    pointsTo: 'gpt-4-0125-preview',
  },
  { id: 'gpt-4-0314', name: 'GPT-4 (0314)', family: 'gpt-4', base: 'gpt-4', snapshotOf: ['gpt-4'] },
  { id: 'chatgpt-4o-latest', name: 'ChatGPT-4o', family: 'chatgpt' },
  { id: 'codex-mini-latest', name: 'Codex mini', family: 'codex' },
  ...floating({ id: 'o1-mini', name: 'o1-mini', family: 'o1' }, 'o1-mini-2024-09-12'),
];

/** OpenAI's chat, reasoning and embedding models: its floating names, and the dated snapshots that they point to. */
export const openai: ProviderOverlay = {
  provider: 'openai',
  listing: [...current, ...deprecated, ...retired],
  evidence: [...openaiLifecycle, ...openaiRetired, ...openaiCapabilities],
  sameThing: [
    // Sol by its generation alone; no snapshot of it.
    {
      source: 'https://dev.to/yusuf_khalidd/kyf-tstkhdm-gpt-56-api-swl-wtyr-wlwn-26je',
      verifiedOn: separatedOn,
      aliases: ['gpt-5.6'],
    },
  ],
};
