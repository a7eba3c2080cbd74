import type { Database } from '../../database/pool/client.ts';
import type { Cause } from '../../policy/explain.ts';

/** A cause, and the revision of the organization by whose policy it was found. */
export interface CauseKey extends Cause {
  organizationId: string;
  revision: number;
}

/** The revision that brought a cause, when, who made it, and why. */
export interface CauseOrigin {
  number: number;
  at: Date;
  actorId: string | null;
  reason: string | null;
}

/** Entries of the ledger about the policy that are searched, the newest of an organization. */
export const searchedEntries = 1_000;

/**
 * Where causes come from, in the order of the keys, in one statement: the newest revision that added the entry; of an allow list, that
 * which changed the list last. Null where none of the newest entries did.
 */
export async function findCauseOrigins(db: Database, keys: readonly CauseKey[]): Promise<(CauseOrigin | null)[]> {
  const asked = keys.map((key, index) => ({ index, ...key, path: pathOf(key), entry: entryAt(key) }));
  const found = await db.query<CauseOrigin & { index: number }>`
    SELECT k."index", r."number", r."at", r."actorId", r."reason"
    FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
        AS k("index" int, "organizationId" text, "revision" int, "path" text[], "entry" text)
      CROSS JOIN LATERAL (
        SELECT p."number", p."at", p."actorId", p."reason"
        FROM (
          SELECT "number", "at", "actorId", "reason", "before" #> k."path" AS "was", "after" #> k."path" AS "is"
          FROM public."Revision"
          WHERE "organizationId" = k."organizationId" AND "subjectId" LIKE 'oms\\_%' AND "number" <= k."revision"
          ORDER BY "number" DESC LIMIT ${searchedEntries}) p
        WHERE CASE WHEN k."entry" IS NULL THEN p."was" IS DISTINCT FROM p."is"
          ELSE jsonb_exists(p."is", k."entry") AND NOT coalesce(jsonb_exists(p."was", k."entry"), FALSE) END
        ORDER BY p."number" DESC LIMIT 1) r`;
  const byIndex = new Map(found.map(({ index, ...origin }) => [index, origin]));
  return keys.map((_, index) => byIndex.get(index) ?? null);
}

const fields = {
  PROVIDER_DISABLED: 'disabledProviders',
  MODEL_DISABLED: 'disabledModels',
  NOT_ALLOWED: 'allowedModels',
  PENDING_REVIEW: 'newModels',
} as const satisfies Record<Cause['reason'], string>;

/** Where the policy says it. */
function pathOf({ reason, subjectId }: Cause): string[] {
  return subjectId === null ? [fields[reason]] : ['scopes', subjectId, fields[reason]];
}

/** What was added there; null where it is a list that lacks the model. */
function entryAt({ reason, entry }: Cause): string | null {
  return reason === 'PENDING_REVIEW' ? 'REVIEW' : entry;
}
