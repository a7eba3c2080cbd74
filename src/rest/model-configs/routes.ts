import type { RestApp } from '../wire.ts';
import { defineAvailable } from './available.ts';
import { defineChanges } from './change.ts';
import { defineGrouped } from './grouped.ts';
import { defineList } from './list.ts';
import { defineSearch } from './search.ts';
import { defineUsage } from './usage.ts';

/** `/v1/model-configs…`, as the second of the two systems speaks. */
export function defineModelConfigRoutes(app: RestApp): void {
  defineList(app);
  defineAvailable(app);
  defineGrouped(app);
  defineSearch(app);
  defineUsage(app);
  defineChanges(app);
}
