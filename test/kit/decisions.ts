import type { Catalog } from '../../src/catalog/catalog.ts';
import { Decisions } from '../../src/policy/decisions.ts';
import type { Snapshot } from '../../src/policy/policy.ts';
import { defaultPolicy } from '../../src/policy/policy-value.ts';
import { anySubject, type Subject } from '../../src/policy/subject.ts';

/** The state of an organization: that of one which has set nothing, with what the test is about. */
export function aSnapshot(about: Partial<Snapshot> = {}): Snapshot {
  return {
    organizationId: 'org_a',
    revision: 1,
    ...defaultPolicy,
    exceptions: [],
    updatedAt: null,
    updatedById: null,
    ...about,
  };
}

/** Decisions by a snapshot: for whoever has no rules of its own, unless a subject is given. */
export function decisionsBy(
  snapshot: Snapshot,
  { catalog, now, subject = anySubject }: { catalog: Catalog; now: Date; subject?: Subject },
): Decisions {
  return new Decisions(snapshot, subject, { catalog, now }, { onEvaluated: () => {} });
}
