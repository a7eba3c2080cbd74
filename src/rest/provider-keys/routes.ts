import type { RestApp } from '../wire.ts';
import { defineChanges } from './change.ts';
import { defineCreation } from './creation.ts';
import { defineLists } from './list.ts';

/** `/v1/provider-keys…`, as the second of the two systems speaks. */
export function defineProviderKeyRoutes(app: RestApp): void {
  defineLists(app);
  defineCreation(app);
  defineChanges(app);
}
