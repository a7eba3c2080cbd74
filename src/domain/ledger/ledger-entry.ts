import { typeid } from 'typeid-js';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Role } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { stillAuthorized } from './reauthorize.ts';

/** What the ledger can say was done. */
export const actions = [
  'ORGANIZATION_CREATED',
  'MEMBER_ADDED',
  'MEMBER_INVITED',
  'INVITATION_ACCEPTED',
  'INVITATION_DECLINED',
  'INVITATION_REVOKED',
  'MEMBER_ROLE_CHANGED',
  'MEMBER_REMOVED',
  'MODEL_SETTINGS_UPDATED',
  'MODEL_CONFIG_CREATED',
  'MODEL_CONFIG_UPDATED',
  'MODEL_CONFIG_DELETED',
  'PROVIDER_KEY_CREATED',
  'PROVIDER_KEY_UPDATED',
  'PROVIDER_KEY_ROTATED',
  'PROVIDER_KEY_DELETED',
  'API_KEY_CREATED',
  'API_KEY_REVOKED',
] as const;
export type Action = (typeof actions)[number];

/** Who changes something: a user, or a service by its API key. */
export interface Actor {
  userId: string | null;
  apiKeyId: string | null;
  /** Asked under the lock: throws where it has lost, since its request began, the right that it came with. */
  reauthorize: (tx: Database, organizationId: string) => Promise<void>;
  /** The role that a statement must still find it in; null where what it may does not rest on a membership. */
  roleIn: (organizationId: string) => Role | null;
  /**
   * Told under the lock, once it is known that something will change: what was remembered of the organization and of
   * the subject (null where it is only the organization) holds no longer, even if nobody learns whether it was committed.
   */
  invalidate: (organizationId: string, subjectId: string | null) => void;
}

/** Who changes what, and the revision that the caller believes the organization to be at (unchecked where absent). */
export interface CommitRequest {
  organizationId: string;
  actor: Actor;
  expectedRevision?: number | null | undefined;
}

/** What the ledger will say of a change. */
export interface Entry {
  action: Action;
  subjectId: string;
  before: Prisma.InputJsonObject | null;
  after: Prisma.InputJsonObject | null;
}

/** The revision that a change made, and its moment, as the database's clock tells it. */
export interface Committed {
  revision: number;
  at: Date;
}

/** What makes changes of one kind, any number at a time, in the statement that enters them. */
export interface BulkWrite {
  /** What a change brings beside its entry: names and types of columns, as `jsonb_to_recordset` takes them. */
  columns: Prisma.Sql;
  /** Takes what it writes from "entered": those columns, the entry's, and the organization's "id", "revision" and "at". */
  statement: Prisma.Sql;
}

/** A change of an organization that is to be entered. */
export interface PendingEntry {
  request: CommitRequest;
  entry: Entry;
  /** The revision that it was decided at. */
  revision: number;
  /** For the columns of the bulkWrite. */
  values?: Prisma.InputJsonObject;
}

/**
 * Moves the revisions of these organizations, each once, writes their entries, and has the changes made, all in one
 * statement. The clock is read after the locks were taken: times follow numbers. One that cannot be entered now is left
 * out, and its answer is undefined: the organization has moved on, or is locked by somebody else, or who changes it has lost
 * the right to. Nobody is waited for, so that no two of these statements wait for each other.
 */
export async function appendEntries(
  db: Database,
  pending: readonly PendingEntry[],
  bulkWrite?: BulkWrite,
): Promise<(Committed | undefined)[]> {
  const ids = pending.map(({ request }) => request.organizationId);
  const found = await db.query<Committed & { id: string }>`
    WITH "asked" AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(pending.map(rowOf))}::jsonb) AS a(
        "id" text, "seenRevision" int, "entryId" text, "actorId" text, "actorApiKeyId" text, "role" text, "action" text,
        "subjectId" text, "before" jsonb, "after" jsonb${bulkWrite ? Prisma.sql`, ${bulkWrite.columns}` : Prisma.empty})),
    "free" AS MATERIALIZED (
      SELECT "id", "revision" FROM public."Organization" WHERE "id" = ANY(${ids}::text[]) ORDER BY "id"
      FOR NO KEY UPDATE SKIP LOCKED),
    "advanced" AS (
      UPDATE public."Organization" o SET "revision" = o."revision" + 1
      FROM "free" f JOIN "asked" a ON a."id" = f."id" AND a."seenRevision" = f."revision"
      WHERE o."id" = f."id" AND o."id" = ANY(${ids}::text[]) AND ${stillAuthorized}
      RETURNING o."id", o."revision", clock_timestamp()::timestamptz(3) AS "at"),
    "entered" AS (SELECT * FROM "advanced" JOIN "asked" USING ("id"))
    ${bulkWrite ? Prisma.sql`, "made" AS (${bulkWrite.statement})` : Prisma.empty}
    INSERT INTO public."Revision"
      ("id", "organizationId", "number", "at", "actorId", "actorApiKeyId", "action", "subjectId", "before", "after")
    SELECT "entryId", "id", "revision", "at", "actorId", "actorApiKeyId", "action", "subjectId", "before", "after"
    FROM "entered"
    RETURNING "organizationId" AS "id", "number" AS "revision", "at"`;
  const byId = new Map(found.map(({ id, ...committed }) => [id, committed]));
  return ids.map((id) => byId.get(id));
}

function rowOf({ request: { organizationId, actor }, entry, revision, values }: PendingEntry) {
  return {
    id: organizationId,
    seenRevision: revision,
    entryId: typeid('rev').toString(),
    actorId: actor.userId,
    actorApiKeyId: actor.apiKeyId,
    role: actor.roleIn(organizationId),
    action: entry.action,
    subjectId: entry.subjectId,
    before: entry.before,
    after: entry.after,
    ...values,
  };
}
