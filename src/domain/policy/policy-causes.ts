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
export const searchedEntries = 300;

/**
 * Where causes come from, in the order of the keys, in one statement: the newest revision that added the entry; of an allow list, that
 * which changed the list last. Null where none of the newest entries did. A list of models asks for many entries of one list: each
 * revision is read once for all of them, since its policy may be long.
 */
export async function findCauseOrigins(db: Database, keys: readonly CauseKey[]): Promise<(CauseOrigin | null)[]> {
  const asked = keys.map((key, index) => ({ index, ...key, path: pathOf(key), entry: entryAt(key) }));
  const found = await db.query<CauseOrigin & { index: number }>`
    WITH "asked" AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb)
        AS k("index" int, "organizationId" text, "revision" int, "path" text[], "entry" text)),
    "changes" AS MATERIALIZED (
      SELECT l."organizationId", l."revision", l."path", p."number", p."at", p."actorId", p."reason",
        CASE WHEN jsonb_typeof(p."is") = 'array' AND jsonb_typeof(p."was") = 'array'
          THEN p."is" - ARRAY(SELECT jsonb_array_elements_text(p."was")) ELSE p."is" END AS "added"
      FROM (SELECT DISTINCT "organizationId", "revision", "path" FROM "asked") l
        CROSS JOIN LATERAL (
          SELECT "number", "at", "actorId", "reason", "before" #> l."path" AS "was", "after" #> l."path" AS "is"
          FROM public."Revision"
          WHERE "organizationId" = l."organizationId" AND "subjectId" LIKE 'oms\\_%' AND "number" <= l."revision"
          ORDER BY "number" DESC LIMIT ${searchedEntries}) p
      WHERE p."was" IS DISTINCT FROM p."is")
    SELECT DISTINCT ON (k."index") k."index", c."number", c."at", c."actorId", c."reason"
    FROM "asked" k JOIN "changes" c USING ("organizationId", "revision", "path")
    WHERE k."entry" IS NULL OR jsonb_exists(c."added", k."entry")
    ORDER BY k."index", c."number" DESC`;
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
