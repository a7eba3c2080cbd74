import { typeid } from 'typeid-js';
import { type Database, inTransaction, type Transaction } from '../database/client.ts';
import { Prisma } from '../database/generated/prisma/client.ts';
import { RevisionConflictError } from '../errors.ts';
import { accessDenied } from './standing.ts';

/** What the ledger can say was done. */
export const actions = [
  'ORGANIZATION_CREATED',
  'MEMBER_ADDED',
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
  confirm: (tx: Transaction, organizationId: string) => Promise<void>;
}

/** Who changes what, and the revision that the caller believes the organization to be at (unchecked where absent). */
export interface Commission {
  organizationId: string;
  actor: Actor;
  expectedRevision?: number | null | undefined;
}

/** A change that is about to be made: what the ledger will say of it, and how to apply it. */
export interface Change<Result> {
  action: Action;
  subjectId: string;
  before: Prisma.InputJsonObject | null;
  after: Prisma.InputJsonObject | null;
  apply: (committed: Committed) => Promise<Result>;
}

/** The answer to a change that changes nothing. */
export interface Unchanged<Result> {
  unchanged: Result;
}

/** The revision that a change made, and its moment, as the database's clock tells it. */
export interface Committed {
  revision: number;
  at: Date;
}

/**
 * The one way to change governance state. In one transaction: locks the organization, so that its changes happen one
 * after another; checks the expected revision; lets `prepare` read under the lock and say what shall change; moves the
 * revision, applies the change and writes the ledger entry. What `prepare` finds unchanged makes no revision.
 *
 * `prepare` must only read. Whatever it throws leaves everything as it was.
 *
 * @throws RevisionConflictError where the organization is at another revision than the expected one
 */
export async function commit<Result>(
  db: Database,
  commission: Commission,
  prepare: (tx: Transaction) => Promise<Change<Result> | Unchanged<Result>>,
): Promise<Result> {
  return inTransaction(db, (tx) => commitWithin(tx, commission, prepare));
}

/** As `commit`, within a transaction that has more to do. */
export async function commitWithin<Result>(
  tx: Transaction,
  { organizationId, actor, expectedRevision }: Commission,
  prepare: (tx: Transaction) => Promise<Change<Result> | Unchanged<Result>>,
): Promise<Result> {
  const current = await lock(tx, organizationId);
  await actor.confirm(tx, organizationId);
  if (typeof expectedRevision === 'number' && expectedRevision !== current) {
    throw new RevisionConflictError(expectedRevision, current);
  }

  const change = await prepare(tx);
  if ('unchanged' in change) return change.unchanged;

  const { apply, before, after, ...what } = change;
  const committed = await advance(tx, organizationId);
  const result = await apply(committed);
  await tx.revision.create({
    data: {
      ...what,
      id: typeid('rev').toString(),
      organizationId,
      actorId: actor.userId,
      actorApiKeyId: actor.apiKeyId,
      number: committed.revision,
      at: committed.at,
      before: before ?? Prisma.DbNull,
      after: after ?? Prisma.DbNull,
    },
  });
  return result;
}

async function lock(tx: Transaction, organizationId: string): Promise<number> {
  const rows = await tx.$queryRaw<{ revision: number }[]>`
    SELECT "revision" FROM "Organization" WHERE "id" = ${organizationId} FOR UPDATE`;
  if (!rows[0]) throw accessDenied(organizationId);
  return rows[0].revision;
}

/** The clock is read after the lock was taken: the times of entries follow their numbers. */
async function advance(tx: Transaction, organizationId: string): Promise<Committed> {
  const rows = await tx.$queryRaw<Committed[]>`
    UPDATE "Organization" SET "revision" = "revision" + 1 WHERE "id" = ${organizationId}
    RETURNING "revision", clock_timestamp()::timestamptz(3) AS "at"`;
  return rows[0] as Committed;
}
