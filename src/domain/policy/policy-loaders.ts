import type { TrackedDatabase } from '../../cache/dependencies.ts';
import { Loader } from '../reading/loader.ts';
import { type CauseKey, type CauseOrigin, findCauseOrigins } from './policy-causes.ts';
import { type FactsContext, type FactsKey, findPolicyFacts, type StoredFacts } from './policy-facts.ts';
import { findPoliciesAt, type PolicyAt, type PolicyKey } from './policy-history.ts';

/** Loaders of policies for one request. They do not authorize. */
export interface PolicyLoaders {
  /** The policy at a revision; null where there is no such organization. @throws ValidationError for a revision not reached */
  at: Loader<PolicyKey, PolicyAt | null, string>;
  /** The revision that brought a cause; null where it is not known. */
  origins: Loader<CauseKey, CauseOrigin | null, string>;
  /** What a comparison of policies needs. Usage has no cache tag: the answer is uncacheable. */
  facts: Loader<FactsKey, StoredFacts, string>;
}

export function createPolicyLoaders(source: TrackedDatabase, context: FactsContext): PolicyLoaders {
  return {
    at: new Loader<PolicyKey, PolicyAt | null, string>(
      (keys) => findPoliciesAt(source.of(keys.map(({ organizationId }) => organizationId)), keys),
      { cacheKeyFn: ({ organizationId, atRevision, path }) => `${path} ${atRevision} ${organizationId}` },
    ),
    origins: new Loader((keys) => findCauseOrigins(source.of(keys.map(({ organizationId }) => organizationId)), keys), {
      cacheKeyFn: ({ organizationId, revision, reason, subjectId, entry }) =>
        JSON.stringify([organizationId, revision, reason, subjectId, entry]),
    }),
    facts: new Loader<FactsKey, StoredFacts, string>((keys) => findPolicyFacts(source.untracked(), context, keys), {
      cacheKeyFn: ({ organizationId, subjectIds }) => [organizationId, ...subjectIds].join(' '),
    }),
  };
}
