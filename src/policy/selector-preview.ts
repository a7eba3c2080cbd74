import type { Catalog } from '../catalog/catalog.ts';
import type { Model } from '../catalog/model.ts';
import { spellSelectors } from './model-selector.ts';
import { differenceOf, isEmpty, type ModelSet, positionsOf } from './model-set.ts';
import type { Lists } from './policy-value.ts';
import { allowedBy, blockedBy, offeredBy } from './selector-index.ts';

/** What a selector would mean as an entry of a list. */
export interface SelectorPreview {
  organizationId: string;
  /** As it is stored: several where it is a display name of several models. */
  entries: readonly string[];
  /** The models that it disables. */
  matches: readonly Model[];
  /** The models that it allows. */
  allows: readonly Model[];
  /** The entries of the lists each of which disables all of those already, or allows all of these. */
  coveredBy: readonly string[];
  allowCoveredBy: readonly string[];
}

/** What a selector would mean, beside the present lists of an organization. */
export function previewOf(
  catalog: Catalog,
  selector: string,
  { organizationId, disabledProviders, disabledModels, allowedModels }: Lists & { organizationId: string },
): SelectorPreview {
  const entries = spellSelectors(catalog, [selector]);
  const [matches, allows] = [blockedBy(catalog, entries), allowedBy(catalog, entries)];
  return {
    organizationId,
    entries,
    matches: modelsIn(catalog, matches),
    allows: modelsIn(catalog, allows),
    coveredBy: [
      ...disabledProviders.filter((slug) => covers(offeredBy(catalog, [slug]), matches)),
      ...disabledModels.filter((entry) => covers(blockedBy(catalog, [entry]), matches)),
    ],
    allowCoveredBy: (allowedModels ?? []).filter((entry) => covers(allowedBy(catalog, [entry]), allows)),
  };
}

function covers(all: ModelSet, some: ModelSet): boolean {
  return !isEmpty(some) && isEmpty(differenceOf(some, all));
}

function modelsIn({ models }: Catalog, set: ModelSet): Model[] {
  return positionsOf(set).flatMap((position) => models[position] ?? []);
}
