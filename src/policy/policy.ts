import type { Catalog } from '../catalog/catalog.ts';
import { hasRetired } from '../catalog/lifecycle.ts';
import type { Model } from '../catalog/model.ts';
import { foldName } from '../catalog/model-name.ts';
import type { Policy } from './policy-value.ts';
import type { Reason } from './reasons.ts';

/** The immutable state that a decision needs, for one organization at one revision. */
export interface Snapshot extends Policy {
  organizationId: string;
  revision: number;
  updatedAt: Date | null;
  updatedById: string | null;
}

/** The answer to "may this organization use this model now?". */
export interface ModelAccess {
  model: Model | undefined;
  allowed: boolean;
  reasons: readonly Reason[];
  /** With `catalogVersion` the stamp of the decision: under an equal stamp it stays the same until `validUntil`. */
  revision: number;
  catalogVersion: number;
  /** The next moment at which it could change by time alone; null if there is none. */
  validUntil: Date | null;
}

/** Why this model may not be used, most important first; empty when it may. The only implementation of the policy. */
export function reasonsAgainst(policy: Policy, model: Model | undefined, now: Date): Reason[] {
  if (!model) return ['UNKNOWN_MODEL'];

  const found: Reason[] = [];
  if (hasRetired(model, now)) found.push('RETIRED');
  if (policy.disabledProviders.includes(model.provider)) found.push('PROVIDER_DISABLED');
  if (namesAnyOf(policy.disabledModels, model)) found.push('MODEL_DISABLED');
  return found;
}

/** `decide` by one catalog at one moment. */
export type Decide = (snapshot: Snapshot, model: Model | undefined) => ModelAccess;

/**
 * Whether the model may be used, and if not, why. Every field that answers `allowed` calls this. Reads are given it as a `Decide`,
 * which notes what an answer was made from, so that it is not cached for longer than its decisions are valid.
 */
export function decide(
  snapshot: Snapshot,
  { version }: Pick<Catalog, 'version'>,
  model: Model | undefined,
  now: Date,
): ModelAccess {
  const against = reasonsAgainst(snapshot, model, now);
  return {
    model,
    allowed: against.length === 0,
    reasons: against,
    revision: snapshot.revision,
    catalogVersion: version,
    validUntil: model && !hasRetired(model, now) ? model.retirement : null,
  };
}

/** Whether a model can be a default at all: only chat models can. */
export function canBeDefault(model: Model): boolean {
  return model.kind === 'CHAT';
}

const entrySets = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The set is cached by the list's identity: a page of models checks one list again and again. */
function namesAnyOf(entries: readonly string[], model: Model): boolean {
  let set = entrySets.get(entries);
  if (!set) {
    set = new Set(entries.map(foldName));
    entrySets.set(entries, set);
  }
  return set.size > 0 && model.disabledBy.some((name) => set.has(name));
}
