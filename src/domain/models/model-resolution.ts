import { targetsOf } from '../../policy/alias.ts';
import type { Decisions } from '../../policy/decisions.ts';
import type { ModelAccess } from '../../policy/policy.ts';

/** A model that a name stands for, as the name is written, and the decision on it. */
export interface ModelCandidate {
  modelKey: string;
  access: ModelAccess;
}

/** Which model a name means for a subject. */
export interface ModelResolution {
  source: 'MODEL' | 'ALIAS';
  /** The first that is allowed; null where none is. */
  chosen: ModelCandidate | null;
  /** Those before it, in order: all where there is none. Never empty then. */
  skipped: readonly ModelCandidate[];
  /** The next moment at which it could change by time alone; null if there is none. */
  validUntil: Date | null;
}

/** Resolves the name of a model, or of an alias. */
export function resolveModel(decisions: Decisions, name: string): ModelResolution {
  const targets = targetsOf(decisions.state, name);
  const accesses = decisions.evaluateName(name);
  const candidates = (targets ?? [name]).flatMap((modelKey, index) => {
    const access = accesses[index];
    return access ? [{ modelKey, access }] : [];
  });
  const index = candidates.findIndex(({ access }) => access.allowed);
  const decided = index === -1 ? candidates : candidates.slice(0, index + 1);
  return {
    source: targets ? 'ALIAS' : 'MODEL',
    chosen: candidates[index] ?? null,
    skipped: index === -1 ? candidates : candidates.slice(0, index),
    validUntil: decided.reduce<Date | null>((first, { access }) => earlier(first, access.validUntil), null),
  };
}

function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}
