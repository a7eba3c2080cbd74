import type { Catalog } from '../catalog/catalog.ts';
import type { Model } from '../catalog/model.ts';
import { foldName } from '../catalog/model-name.ts';
import { hasModel } from './model-set.ts';
import { entryOf, type Lists } from './policy-value.ts';
import { type Governed, nearestAllowLists, rulesOf } from './rules.ts';
import { allowedBy } from './selector-index.ts';
import { effectivePrefix, isPattern } from './selector-pattern.ts';
import { idsOfSubject, type Subject } from './subject.ts';

/** What of a policy refuses a model. */
export interface Cause {
  reason: 'PROVIDER_DISABLED' | 'MODEL_DISABLED' | 'NOT_ALLOWED' | 'PENDING_REVIEW';
  /** Whose lists say it; null: those of the organization. */
  subjectId: string | null;
  /** The entry, as it is written; null where what refuses is that there is none. */
  entry: string | null;
}

/**
 * All that a policy has against a model for a subject, at every level, most important first: exceptions lift it, and are not looked
 * at. Empty for an unknown model.
 */
export function causesOf(policy: Governed, subject: Subject, catalog: Catalog, model: Model | undefined): Cause[] {
  if (!model) return [];
  const levels: [string | null, Lists][] = [
    [null, policy],
    ...idsOfSubject(subject).flatMap((id): [string, Lists][] => {
      const lists = entryOf(policy.scopes, id);
      return lists ? [[id, lists]] : [];
    }),
  ];
  const byEntry = (reason: Cause['reason'], entriesIn: (lists: Lists) => readonly string[]) =>
    levels.flatMap(([subjectId, lists]) => entriesIn(lists).map((entry): Cause => ({ reason, subjectId, entry })));
  return [
    ...byEntry('PROVIDER_DISABLED', (lists) =>
      lists.disabledProviders.filter((slug) => foldName(slug) === model.provider),
    ),
    ...byEntry('MODEL_DISABLED', (lists) =>
      lists.disabledModels.filter((selector) => matches(model.disabledBy, selector)),
    ),
    ...refusingAllowLists(policy, subject, catalog, model).map(
      (subjectId): Cause => ({ reason: 'NOT_ALLOWED', subjectId, entry: null }),
    ),
    ...(isPending(policy, subject, catalog, model)
      ? [{ reason: 'PENDING_REVIEW' as const, subjectId: null, entry: null }]
      : []),
  ];
}

function matches(names: readonly string[], selector: string): boolean {
  if (!isPattern(selector)) return names.includes(foldName(selector));
  const prefix = effectivePrefix(selector);
  return prefix !== null && names.some((name) => name.startsWith(prefix));
}

/** Whose allow lists do not have the model: the organization's, and the nearest ones where none of them has it. */
function refusingAllowLists(policy: Governed, subject: Subject, catalog: Catalog, model: Model): (string | null)[] {
  const hasIt = (list: readonly string[]) => hasModel(allowedBy(catalog, list), model.position);
  const nearest = nearestAllowLists(policy.scopes, subject);
  return [
    ...(policy.allowedModels && !hasIt(policy.allowedModels) ? [null] : []),
    ...(nearest.some(({ list }) => hasIt(list)) ? [] : nearest.map(({ subjectId }) => subjectId)),
  ];
}

function isPending(policy: Governed, subject: Subject, catalog: Catalog, model: Model): boolean {
  return rulesOf(policy, catalog, subject).against.some(
    ({ reason, models }) => reason === 'PENDING_REVIEW' && hasModel(models, model.position),
  );
}
