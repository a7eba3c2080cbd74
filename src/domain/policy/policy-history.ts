import type { Database } from '../../database/pool/client.ts';
import { ValidationError } from '../../errors/base.ts';
import type { Snapshot } from '../../policy/policy.ts';
import { type Policy, type PolicyDocument, policyOf } from '../../policy/policy-value.ts';

/** Which policy: that of an organization at one of its revisions; null: the present one. */
export interface PolicyKey {
  organizationId: string;
  atRevision: number | null;
  /** The field of the input that says the revision, for the error; `atRevision` where absent. */
  path?: string;
}

/** The policy of an organization at a revision. */
export interface PolicyAt {
  organizationId: string;
  revision: number;
  policy: Policy;
  /** The revision that made it, when, and the user who did; null where no change did. */
  sinceRevision: number | null;
  changedAt: Date | null;
  changedById: string | null;
}

interface Row extends Omit<PolicyAt, 'policy'> {
  present: number;
  after: PolicyDocument | null;
}

/**
 * The policies at these revisions, in the order of the keys, in one statement; a `ValidationError` for a revision that the
 * organization has not reached, and null where there is no such organization. Each is what the newest entry about the policy, at
 * that revision or before, left; before the first of them it is the default.
 */
export async function findPoliciesAt(
  db: Database,
  keys: readonly PolicyKey[],
): Promise<(PolicyAt | ValidationError | null)[]> {
  const asked = keys.map(({ organizationId, atRevision }, index) => ({ index, organizationId, atRevision }));
  const found = await db.query<Row & { index: number }>`
    SELECT k."index", o."id" AS "organizationId", o."revision" AS "present", coalesce(k."atRevision", o."revision") AS "revision",
      r."number" AS "sinceRevision", r."at" AS "changedAt", r."actorId" AS "changedById", r."after"
    FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) AS k("index" int, "organizationId" text, "atRevision" int)
      JOIN public."Organization" o ON o."id" = k."organizationId"
      LEFT JOIN LATERAL (
        SELECT "number", "at", "actorId", "after" FROM public."Revision"
        WHERE "organizationId" = o."id" AND "subjectId" LIKE 'oms\\_%' AND "number" <= coalesce(k."atRevision", o."revision")
        ORDER BY "number" DESC LIMIT 1) r ON TRUE`;
  const byIndex = new Map(found.map((row) => [row.index, row]));
  return keys.map(({ path }, index) => {
    const row = byIndex.get(index);
    return row ? policyAt(row, path) : null;
  });
}

function policyAt(
  { present, after, organizationId, revision, sinceRevision, changedAt, changedById }: Row,
  path = 'atRevision',
) {
  if (revision < 0 || revision > present) {
    return new ValidationError([{ path, message: `must be from 0 to the present revision, ${present}` }]);
  }
  return { organizationId, revision, policy: policyOf(after), sinceRevision, changedAt, changedById };
}

/** The state for decisions by the policy at a revision, with the exceptions and all else of the present. */
export function stateAt<State extends Snapshot>(present: State, at: PolicyAt): State {
  const { revision, policy, changedAt, changedById } = at;
  return { ...present, ...policy, revision, updatedAt: changedAt, updatedById: changedById };
}
