import type { Catalog } from '../catalog/catalog.ts';
import type { Policy } from './policy-value.ts';

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
