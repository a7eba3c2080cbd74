import type { TrackedDatabase } from '../../cache/dependencies.ts';
import { createPageLoader, type Page, type PageLoader } from '../reading/page.ts';
import { countRefusals, findRefusals, type ModelRefusal, type RefusalKey } from './refusal-list.ts';
import type { RefusalPeriod } from './refusal-period.ts';

/** Refusals by organization: the loads of one request are batched into one statement. */
export interface RefusalLoaders {
  pages: PageLoader<Page<RefusalKey> & RefusalPeriod, ModelRefusal>;
  /** One number, or nothing where there are none. */
  counts: PageLoader<RefusalPeriod, { count: number }>;
}

/** Untracked: counts are written without a revision. */
export function createRefusalLoaders(source: TrackedDatabase): RefusalLoaders {
  return {
    pages: createPageLoader((ids, page) => findRefusals(source.untracked(), ids, page)),
    counts: createPageLoader((ids, period) => countRefusals(source.untracked(), ids, period)),
  };
}
