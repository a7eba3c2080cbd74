import { type Database, inTransaction, type Transaction } from '../database/client.ts';
import type { Prisma } from '../database/generated/prisma/client.ts';
import type { Role } from '../database/generated/prisma/enums.ts';
import type { Connection, SqlTransaction } from '../database/sql.ts';
import { inTurn } from '../database/turns.ts';
import { RevisionConflictError } from '../errors.ts';
import { type Entering, enterAll, type Maker } from './ledger-entry.ts';
import type { Snapshot } from './policy.ts';
import { lockSnapshot } from './snapshot.ts';
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
  confirm: (tx: Connection, organizationId: string) => Promise<void>;
  /** The role that a statement must still find it in; null where what it may does not rest on a membership. */
  roleIn: (organizationId: string) => Role | null;
  /**
   * Told under the lock, once it is known that something will change: what was remembered of the organization and of
   * the subject (null where it is only the organization) holds no longer, even if nobody learns whether it was committed.
   */
  note: (organizationId: string, subjectId: string | null) => void;
}

/** Who changes what, and the revision that the caller believes the organization to be at (unchecked where absent). */
export interface Commission {
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

/** A change that is about to be made, and how to apply what of it is not made with its entry. */
export interface Change<Result> extends Entry {
  values?: Entering['values'];
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

/** Reads under the lock, where `present` is the organization's state, and says what shall change; it must only read. */
type Prepare<Tx, Result> = (tx: Tx, present: Snapshot) => Promise<Change<Result> | Unchanged<Result>>;

/**
 * The one way to change governance state. In one transaction: locks the organization, so that its changes happen one
 * after another; checks the expected revision; lets `prepare` say what shall change; moves the revision, writes the
 * ledger entry and applies the change. What `prepare` finds unchanged makes no revision.
 *
 * Whatever `prepare` or the change throws leaves everything as it was.
 *
 * @throws RevisionConflictError where the organization is at another revision than the expected one
 */
export function commit<Result>(
  db: Database,
  commission: Commission,
  prepare: Prepare<Transaction, Result>,
): Promise<Result> {
  return inTurn(db, commission.organizationId, () => inTransaction(db, (tx) => commitWithin(tx, commission, prepare)));
}

/** As `commit`, within a transaction that has more to do, and of a kind that has a maker where there is one. */
export async function commitWithin<Tx extends Transaction | SqlTransaction, Result>(
  tx: Tx,
  commission: Commission,
  prepare: Prepare<Tx, Result>,
  maker?: Maker,
): Promise<Result> {
  const { organizationId, actor, expectedRevision } = commission;
  const present = await lockSnapshot(tx, organizationId);
  if (!present) throw accessDenied(organizationId);
  await actor.confirm(tx, organizationId);
  if (typeof expectedRevision === 'number' && expectedRevision !== present.revision) {
    throw new RevisionConflictError(expectedRevision, present.revision);
  }

  const change = await prepare(tx, present);
  if ('unchanged' in change) return change.unchanged;

  actor.note(organizationId, change.subjectId);
  const { values = {} } = change;
  const [committed] = await enterAll(tx, [{ commission, entry: change, revision: present.revision, values }], maker);
  return change.apply(committed as Committed);
}
