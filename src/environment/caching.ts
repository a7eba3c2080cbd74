import { defaultCache } from '../cache/tags.ts';
import { whole } from './values.ts';
import type { Variable } from './variable.ts';

export const caching = {
  CACHE_BYTES: {
    section: 'Caching',
    schema: whole(0, 999_999_999).default(defaultCache.bytes),
    description: 'Bytes of answers that one process caches at most; `0`: it caches nothing',
    details: 'Changes invalidate what is cached, in every process.',
  },
  CACHE_ENTRIES: {
    section: 'Caching',
    schema: whole(0, 10_000_000).default(defaultCache.entries),
    description: 'Organizations, users and so on that one process caches at most, of each kind; `0`: it caches nothing',
  },
} satisfies Record<string, Variable>;
