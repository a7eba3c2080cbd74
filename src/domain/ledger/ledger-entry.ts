import { channel } from 'node:diagnostics_channel';
import { typeid } from 'typeid-js';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Role } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { hashAfter, newSalt, previousHash } from './entry-hash.ts';
import { stillAuthorized } from './reauthorize.ts';
import { ownerOf } from './revision.ts';

/** The kinds of ledger entries. */
export const actions = [
  'ORGANIZATION_CREATED',
  'ORGANIZATION_UPDATED',
  'MEMBER_ADDED',
  'MEMBER_INVITED',
  'INVITATION_ACCEPTED',
  'INVITATION_DECLINED',
  'INVITATION_REVOKED',
  'MEMBER_ROLE_CHANGED',
  'MEMBER_REMOVED',
  'MODEL_SETTINGS_UPDATED',
  'POLICY_APPLIED',
  'POLICY_RESTORED',
  'SCOPE_POLICY_UPDATED',
  'SCOPE_POLICY_CLEARED',
  'MODELS_REVIEWED',
  'MODEL_ALIAS_SET',
  'MODEL_ALIAS_DELETED',
  'MODEL_CONFIG_CREATED',
  'MODEL_CONFIG_UPDATED',
  'MODEL_CONFIG_DELETED',
  'PROVIDER_KEY_CREATED',
  'PROVIDER_KEY_UPDATED',
  'PROVIDER_KEY_ROTATED',
  'PROVIDER_KEY_DELETED',
  'API_KEY_CREATED',
  'API_KEY_REVOKED',
  'SCIM_TOKEN_CREATED',
  'SCIM_TOKEN_REVOKED',
  'DIRECTORY_USER_UPDATED',
  'TEAM_CREATED',
  'TEAM_UPDATED',
  'TEAM_DELETED',
  'MODEL_EXCEPTION_REQUESTED',
  'MODEL_EXCEPTION_GRANTED',
  'MODEL_EXCEPTION_DENIED',
  'MODEL_EXCEPTION_REVOKED',
] as const;
export type Action = (typeof actions)[number];

/** Gets the action of each entry that is appended, also of one whose transaction is rolled back afterwards. */
export const appendedEntries = channel('modelgate.ledger.appended');

/** Who changes something: a user, a service by its API key or a platform key, or a directory by its SCIM token. */
export interface Actor {
  userId: string | null;
  apiKeyId: string | null;
  /** The subject of whoever acts as the user, as its issuer names it; null or absent where nobody does. */
  impersonatedBy?: string | null;
  /** Absent where no directory does it. */
  scimTokenId?: string;
  /** Absent where no platform key does it. */
  platformKeyId?: string;
  /** Authorizes the actor again, under the organization's lock. Throws where its access was lost since the request began. */
  reauthorize: (tx: Database, organizationId: string) => Promise<void>;
  /**
   * The role that the actor's membership must still have when the entry is appended; null where its access depends on no
   * membership.
   */
  roleIn: (organizationId: string) => Role | null;
  /**
   * Marks the organization and the subject (null: none) as changed: their cache tags are invalidated before the mutation
   * is answered. Called before the change is written, so that it holds even where the outcome of the commit is unknown.
   */
  invalidate: (organizationId: string, subjectId: string | null) => void;
}

/** To spread for an actor whose access does not depend on a membership: nothing is authorized again. */
export const trustedActor: Actor = {
  userId: null,
  apiKeyId: null,
  reauthorize: async () => {},
  roleIn: () => null,
  invalidate: () => {},
};

/** The actor, the organization, and the revision at which the caller expects it (not checked where absent). */
export interface CommitRequest {
  organizationId: string;
  actor: Actor;
  expectedRevision?: number | null | undefined;
  /** Why, in the actor's own words: at most 500 characters. */
  reason?: string | null | undefined;
}

/** The ledger's record of a change: the subject's state before and after it, null where there is none. */
export interface Entry {
  action: Action;
  subjectId: string;
  before: Prisma.InputJsonObject | null;
  after: Prisma.InputJsonObject | null;
  /** The number of the revision that is restored; absent where none is. */
  restoredFrom?: number;
}

/** The revision that a change made, and its time by the database's clock. */
export interface Committed {
  revision: number;
  at: Date;
}

/** SQL that applies changes of one kind, a batch at a time, in the statement that appends their entries. */
export interface BulkWrite {
  /** Names and types of the columns of `PendingEntry.values`, as `jsonb_to_recordset` takes them. */
  columns: Prisma.Sql;
  /** Reads from "appended": these columns, those of the entry, and the organization's "id", "revision" and "at". */
  statement: Prisma.Sql;
}

/** A change of an organization that is about to be appended to its ledger. */
export interface PendingEntry {
  request: CommitRequest;
  entry: Entry;
  /** The revision at which the change was decided. It is appended only where the organization is still at that revision. */
  revision: number;
  /** Values of the columns of the `BulkWrite`. */
  values?: Prisma.InputJsonObject;
}

/** The columns of an entry behind those that identify it. */
const detail = Prisma.sql`"at", "actorId", "actorApiKeyId", "actorScimTokenId", "actorPlatformKeyId", "impersonatedBy", "action",
  "subjectId", "before", "after", "reason", "restoredFrom", "salt"`;

/**
 * Increments the revisions of these organizations, each once, inserts their entries and applies the `BulkWrite`, in one
 * statement. The clock is read after the row locks were taken, so that times are in the order of revisions. A change is
 * skipped, and its result undefined, where the organization is at another revision or locked by another transaction, or
 * its actor is no longer authorized. SKIP LOCKED never waits, so that two such statements cannot deadlock.
 *
 * The hash of the entry before is read from the statement's snapshot, which has that entry: an organization is advanced only from
 * the revision that its caller has seen in an earlier statement, and the entry of a revision is committed together with it, or
 * written before by the same transaction. From a revision that was committed after the snapshot nothing is advanced.
 */
export async function appendEntries(
  db: Database,
  pending: readonly PendingEntry[],
  bulkWrite?: BulkWrite,
): Promise<(Committed | undefined)[]> {
  const ids = pending.map(({ request }) => request.organizationId);
  const found = await db.query<Committed & { id: string }>`
    WITH "pending" AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(pending.map(rowOf))}::jsonb) AS a(
        "id" text, "seenRevision" int, "entryId" text, "actorId" text, "actorApiKeyId" text, "actorScimTokenId" text, "actorPlatformKeyId" text, "impersonatedBy" text,
        "role" text, "action" text, "subjectId" text, "before" jsonb, "after" jsonb, "reason" text, "restoredFrom" int, "salt" text${bulkWrite ? Prisma.sql`, ${bulkWrite.columns}` : Prisma.empty})),
    "locked" AS MATERIALIZED (
      SELECT "id", "revision" FROM public."Organization" WHERE "id" = ANY(${ids}::text[]) ORDER BY "id"
      FOR NO KEY UPDATE SKIP LOCKED),
    "advanced" AS (
      UPDATE public."Organization" o SET "revision" = o."revision" + 1
      FROM "locked" l JOIN "pending" a ON a."id" = l."id" AND a."seenRevision" = l."revision"
      WHERE o."id" = l."id" AND o."id" = ANY(${ids}::text[]) AND ${stillAuthorized}
      RETURNING o."id", o."revision", clock_timestamp()::timestamptz(3) AS "at"),
    "appended" AS (SELECT * FROM "advanced" JOIN "pending" USING ("id"))
    ${bulkWrite ? Prisma.sql`, "applied" AS (${bulkWrite.statement})` : Prisma.empty}
    INSERT INTO public."Revision" ("id", "organizationId", "number", ${detail}, "hash")
    SELECT e."id", e."organizationId", e."number", ${detail}, ${hashAfter(previousHash)}
    FROM (SELECT "entryId" AS "id", "id" AS "organizationId", "revision" AS "number", ${detail} FROM "appended") e
    RETURNING "organizationId" AS "id", "number" AS "revision", "at"`;
  const byId = new Map(found.map(({ id, ...committed }) => [id, committed]));
  if (appendedEntries.hasSubscribers) {
    for (const { request, entry } of pending) {
      if (byId.has(request.organizationId)) appendedEntries.publish(entry.action);
    }
  }
  return ids.map((id) => byId.get(id));
}

function rowOf({ request: { organizationId, actor, reason }, entry, revision, values }: PendingEntry) {
  return {
    id: organizationId,
    seenRevision: revision,
    entryId: typeid('rev').toString(),
    actorId: actor.userId,
    actorApiKeyId: actor.apiKeyId,
    impersonatedBy: actor.impersonatedBy ?? null,
    actorScimTokenId: actor.scimTokenId ?? null,
    actorPlatformKeyId: actor.platformKeyId ?? null,
    role: actor.roleIn(organizationId),
    action: entry.action,
    subjectId: entry.subjectId,
    before: entry.before,
    after: entry.after,
    reason: reason ?? null,
    restoredFrom: entry.restoredFrom ?? null,
    salt: ownerOf(entry) === null ? null : newSalt(),
    ...values,
  };
}
