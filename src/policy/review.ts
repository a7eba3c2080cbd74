import type { Catalog } from '../catalog/catalog.ts';
import type { Model } from '../catalog/model.ts';
import { foldName } from '../catalog/model-name.ts';
import { hasModel, isEmpty, positionsOf } from './model-set.ts';
import type { Policy } from './policy-value.ts';
import { pendingModels } from './rules.ts';
import { namedBy } from './selector-index.ts';

/**
 * The policy with its review in order. Where it begins now, all that the catalog has is reviewed: so it blocks nothing that is
 * allowed. Where new models are allowed, there is no review.
 */
export function withReview(policy: Policy, present: Policy, catalog: Catalog): Policy {
  if (policy.newModels === 'ALLOW') return { ...policy, reviewedAt: null, approvedModels: [] };
  return { ...policy, reviewedAt: policy.reviewedAt ?? present.reviewedAt ?? newestOf(catalog) };
}

/**
 * When the newest model of the catalog was added: by then all of them are reviewed. Not the present time: a model can have been
 * added, and not be in this catalog yet.
 */
export function newestOf({ models }: Catalog): string {
  const newest = models.reduce((latest, { added }) => Math.max(latest, added.getTime()), 0);
  return new Date(newest).toISOString();
}

/** The models that a name means exactly. */
export function modelsNamed(catalog: Catalog, name: string): Model[] {
  return positionsOf(namedBy(catalog, [name])).flatMap((position) => catalog.models[position] ?? []);
}

/** A model by the name that no other has, whichever come later. */
export function exactName({ provider, modelId }: Model): string {
  return `${provider}/${modelId}`;
}

/**
 * The policy after a review that allows these models and adds these entries to `disabledModels`. Of the models, those are
 * approved that wait. A review that adds nothing changes nothing.
 */
export function reviewed(
  present: Policy,
  { allow, disable }: { allow: readonly Model[]; disable: readonly string[] },
  catalog: Catalog,
): Policy {
  const pending = pendingModels(present, catalog);
  const approved = allow.filter(({ position }) => pending !== null && hasModel(pending, position)).map(exactName);
  const known = new Set(present.disabledModels.map(foldName));
  const disabled = disable.filter((entry) => !known.has(foldName(entry)));
  if (approved.length === 0 && disabled.length === 0) return present;
  return folded(
    {
      ...present,
      approvedModels: [...present.approvedModels, ...approved],
      disabledModels: [...present.disabledModels, ...disabled],
    },
    catalog,
  );
}

/**
 * Where no model waits, the catalog as a whole is reviewed, and what was approved of it needs no entry any more. That changes no
 * decision. Names that the catalog does not have stay: it may be the one that lacks models, and have them again later.
 */
function folded(policy: Policy, catalog: Catalog): Policy {
  const pending = pendingModels(policy, catalog);
  if (policy.reviewedAt === null || (pending && !isEmpty(pending))) return policy;
  const newest = newestOf(catalog);
  return {
    ...policy,
    reviewedAt: newest > policy.reviewedAt ? newest : policy.reviewedAt,
    approvedModels: policy.approvedModels.filter((name) => modelsNamed(catalog, name).length === 0),
  };
}
