import { isDeepStrictEqual } from 'node:util';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import type { Snapshot } from '../../policy/policy.ts';
import { documentOf, entryOf, listKeys, type Policy, policyKeys, policyOf } from '../../policy/policy-value.ts';
import { refuseOtherRevision } from '../ledger/ledger.ts';
import type { Action, Actor, CommitRequest } from '../ledger/ledger-entry.ts';
import { commitOptimistically } from '../ledger/optimistic-commit.ts';
import { accessDenied } from '../ledger/reauthorize.ts';
import { changesOf, type FieldChange } from '../ledger/revision.ts';
import { loadStates } from '../ledger/snapshot.ts';
import { type PolicyCheckContext, refuseDisabledDefault, refuseLargePolicy } from './policy-check.ts';

/** The caller, the catalog and the time of a change of a policy. */
export interface PolicyChangeContext extends PolicyCheckContext {
  actor: Actor;
}

/** How a change of a policy is to be made. */
export interface PolicyChangeOptions extends Pick<CommitRequest, 'expectedRevision' | 'reason'> {
  /** Checks the change as if it were made, and writes nothing. */
  dryRun?: boolean | undefined;
}

/** A policy that takes the place of the present one. */
interface NewPolicy {
  action: Action;
  policy: Policy;
  /** Whether the caller gives the default, which must be allowed then, though it may be the present one. */
  givesDefault?: boolean;
  /** The revision that it was the policy of. */
  restoredFrom?: number;
}

/** A change that was not made: the policies before and after it, at the revision of the organization. */
export interface PolicyPreview {
  organizationId: string;
  revision: number;
  before: Policy;
  after: Policy;
  changes: FieldChange[];
}

/** The snapshot after the change; or, of a dry run, the preview. */
export type PolicyOutcome = Snapshot | PolicyPreview;

const commitPolicy = commitOptimistically({
  columns: Prisma.sql`"policy" jsonb`,
  // Release 0.1 reads the three columns.
  statement: Prisma.sql`
    INSERT INTO public."ModelSettings"
      ("organizationId", "policy", "disabledProviders", "disabledModels", "defaultModelKey", "updatedAt", "updatedById")
    SELECT "id", "policy", ARRAY(SELECT jsonb_array_elements_text("policy" -> 'disabledProviders')),
      ARRAY(SELECT jsonb_array_elements_text("policy" -> 'disabledModels')), "policy" ->> 'defaultModelKey', "at", "actorId"
    FROM "appended"
    ON CONFLICT ("organizationId") DO UPDATE SET "policy" = EXCLUDED."policy",
      "disabledProviders" = EXCLUDED."disabledProviders", "disabledModels" = EXCLUDED."disabledModels",
      "defaultModelKey" = EXCLUDED."defaultModelKey", "updatedAt" = EXCLUDED."updatedAt", "updatedById" = EXCLUDED."updatedById"`,
});

/**
 * Changes an organization's policy: every change of it goes through here. `next` answers the new policy by the present one, and
 * may throw. Where nothing changes there is no new revision, and `updatedAt` stays. A dry run makes the same checks on the
 * present state, without a lock.
 *
 * @throws ValidationError for a policy that is too large; DefaultModelDisabledError, RevisionConflictError, and whatever `next` throws
 */
export async function changePolicy(
  db: Database,
  context: PolicyChangeContext,
  { dryRun = false, expectedRevision, reason }: PolicyChangeOptions,
  next: (present: Policy) => NewPolicy,
): Promise<PolicyOutcome> {
  const { organizationId, actor } = context;
  const checkedNext = (present: Snapshot) => {
    const before = policyOf(present);
    const { givesDefault = false, ...change } = next(before);
    if (!isDeepStrictEqual(before, change.policy)) {
      refuseLargePolicy(before, change.policy, context.limits);
      const wasGiven = givesDefault || before.defaultModelKey !== change.policy.defaultModelKey;
      refuseDisabledDefault(context, before, change.policy, wasGiven);
    }
    return { before, ...change };
  };
  const request = { organizationId, actor, expectedRevision, reason };
  if (dryRun) return preview(db, request, checkedNext);

  return commitPolicy(db, request, (present): ReturnType<Parameters<typeof commitPolicy<Snapshot>>[2]> => {
    const { before, policy: after, ...entry } = checkedNext(present);
    if (isDeepStrictEqual(before, after)) return { unchanged: present };
    return {
      ...entry,
      subjectId: policyIdOf(organizationId),
      before: { ...before } as unknown as Prisma.InputJsonObject,
      after: { ...after } as unknown as Prisma.InputJsonObject,
      values: { policy: documentOf(after) as Prisma.InputJsonObject },
      result: ({ revision, at }) => {
        const { exceptions } = present;
        return { organizationId, revision, ...after, exceptions, updatedAt: at, updatedById: actor.userId };
      },
    };
  });
}

async function preview(
  db: Database,
  request: CommitRequest,
  next: (present: Snapshot) => { before: Policy; policy: Policy },
): Promise<PolicyPreview> {
  const { organizationId, actor } = request;
  const [present] = await loadStates(db, [organizationId]);
  if (!present) throw accessDenied(organizationId);
  await actor.reauthorize(db, organizationId);
  refuseOtherRevision(request, present.revision);
  const { before, policy: after } = next(present);
  return { organizationId, revision: present.revision, before, after, changes: changesOf({ before, after }) };
}

/** Whether the outcome of a change is the preview of a dry run. */
export function isPreview(outcome: object): outcome is PolicyPreview {
  return 'changes' in outcome;
}

/** The id of a policy, and of the settings that are a view of it: that of the organization, with the prefix `oms_`. */
export function policyIdOf(organizationId: string): string {
  return organizationId.replace(/^org_/, 'oms_');
}

/**
 * The policy with the former lists where its own have the same entries in another order: that is no change. So too in aliases and
 * scopes; but the order of the targets of an alias matters.
 */
export function keepOrder(was: Policy, is: Policy): Policy {
  const scopes = Object.entries(is.scopes).map(([id, lists]) => {
    const former = entryOf(was.scopes, id);
    return [id, former ? keepOrderOf(listKeys, former, lists) : lists];
  });
  return { ...keepOrderOf(policyKeys, was, is), scopes: Object.fromEntries(scopes) };
}

function keepOrderOf<Value extends object>(keys: readonly (keyof Value)[], was: Value, is: Value): Value {
  const kept = keys.map((key) => [key, hasSameEntries(was[key], is[key]) ? was[key] : is[key]]);
  return Object.fromEntries(kept) as Value;
}

function hasSameEntries(was: unknown, is: unknown): boolean {
  if (!Array.isArray(was) || !Array.isArray(is)) return false;
  const [former, entries] = [new Set(was), new Set(is)];
  return former.size === entries.size && was.length === is.length && was.every((entry) => entries.has(entry));
}
