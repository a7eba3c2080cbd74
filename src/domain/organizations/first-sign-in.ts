import { typeid } from 'typeid-js';
import type { Database } from '../../database/pool/client.ts';
import { trustedActor } from '../ledger/ledger-entry.ts';
import type { Identity } from './identity.ts';
import { beginLedger } from './organization.ts';
import type { Profile } from './profile.ts';

interface NewUser {
  /** The id that the identity gets, unless it is that of another identity's user. */
  userId: string;
  identity: Identity;
  profile: Profile;
  /** Whether there is a row of the user already, which has a profile of its own. */
  hasUser: boolean;
}

/** Inserts a user with its identity. Answers the id of the identity's user, which a concurrent sign-in may have inserted. */
export async function insertUser(db: Database, { userId, identity, profile, hasUser }: NewUser, now: Date) {
  const insert = async (id: string): Promise<string | undefined> => {
    const [inserted] = await db.query<{ userId: string }>`
      WITH "user" AS (
        INSERT INTO public."User" ("id", "name", "email", "picture")
        VALUES (${id}, ${profile.name}, ${profile.email}, ${profile.picture}) ON CONFLICT DO NOTHING)
      INSERT INTO public."UserIdentity" ("issuer", "subject", "userId", "profileAt")
      VALUES (${identity.issuer}, ${identity.externalId}, ${id}, ${hasUser ? null : now})
      ON CONFLICT DO NOTHING RETURNING "userId"`;
    return inserted?.userId;
  };
  return firstOf(
    insert,
    () => findUserOf(db, identity),
    userId,
    () => typeid('usr').toString(),
  );
}

/** The id of the user whom an identity is stored for. */
export async function findUserOf(db: Database, { issuer, externalId }: Identity): Promise<string | undefined> {
  const [found] = await db.query<{ userId: string }>`
    SELECT "userId" FROM public."UserIdentity" WHERE "issuer" = ${issuer} AND "subject" = ${externalId}`;
  return found?.userId;
}

interface NewOrganization {
  /** The id that the identity gets, unless it is that of another identity's organization. */
  id: string;
  identity: Identity;
  name: string | null;
  /** Who owns it, where it is new; null where tokens say who does. */
  ownerId: string | null;
  /** The subject of whoever acts as the owner. */
  impersonatedBy: string | null;
}

/** As `insertUser`, of an organization. `isNew`: it had no row; `isOwned`: the owner was made a member, by the ledger. */
export async function insertOrganization(
  db: Database,
  { id, identity, name, ownerId, impersonatedBy }: NewOrganization,
  now: Date,
): Promise<{ organizationId: string; isNew: boolean; isOwned: boolean }> {
  const insertIn = async (tx: Database, organizationId: string) => {
    const [inserted] = await tx.query<{ isNew: boolean }>`
      WITH "organization" AS (
        INSERT INTO public."Organization" ("id", "name") VALUES (${organizationId}, ${name})
        ON CONFLICT DO NOTHING RETURNING 1),
      "identity" AS (
        INSERT INTO public."OrganizationIdentity" ("issuer", "externalId", "organizationId", "profileAt")
        SELECT ${identity.issuer}, ${identity.externalId}, ${organizationId},
               CASE WHEN EXISTS (SELECT 1 FROM "organization") THEN ${name === null ? null : now}::timestamptz(3) END
        ON CONFLICT DO NOTHING RETURNING 1)
      SELECT EXISTS (SELECT 1 FROM "organization") AS "isNew" FROM "identity"`;
    if (!inserted) return undefined;
    const { isNew } = inserted;
    const isOwned = isNew && ownerId !== null;
    if (isOwned) {
      // The session of the owner is cached after this, with the membership: nothing is to be invalidated.
      const actor = { ...trustedActor, userId: ownerId, impersonatedBy };
      await beginLedger(tx, { organizationId, name, ownerId, actor });
    }
    return { organizationId, isNew, isOwned };
  };
  const insert = (organizationId: string) =>
    ownerId === null ? insertIn(db, organizationId) : db.transaction((tx) => insertIn(tx, organizationId));
  const find = async () => {
    const [found] = await db.query<{ organizationId: string }>`
      SELECT "organizationId" FROM public."OrganizationIdentity"
      WHERE "issuer" = ${identity.issuer} AND "externalId" = ${identity.externalId}`;
    return found && { ...found, isNew: false, isOwned: false };
  };
  return firstOf(insert, find, id, () => typeid('org').toString());
}

/** Inserts under this id; where that is taken, answers what a concurrent sign-in has inserted, or inserts under another id. */
async function firstOf<Stored>(
  insert: (id: string) => Promise<Stored | undefined>,
  find: () => Promise<Stored | undefined>,
  id: string,
  otherId: () => string,
): Promise<Stored> {
  const stored = (await insert(id)) ?? (await find()) ?? (await insert(otherId())) ?? (await find());
  if (stored === undefined) throw new Error('an identity was neither inserted nor found');
  return stored;
}
