import { typeid } from 'typeid-js';
import { z } from 'zod';
import { type Organization as DatabaseOrganization, Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { countRows } from '../../database/pool/sql.ts';
import type { Limits } from '../../limits.ts';
import { Name } from '../input/name.ts';
import { parseInput, refuseOneMore } from '../input/validation.ts';
import { commitWithin } from '../ledger/ledger.ts';
import { type Actor, trustedActor } from '../ledger/ledger-entry.ts';
import { inOrderOf } from '../reading/page.ts';
import { addMember } from './membership.ts';

export type Organization = DatabaseOrganization;

/** The columns of an organization. */
export const organizationColumns = Prisma.sql`
  "id", "name", "nameSetByOwner", "apiKeyManagers", "supportContact", "revision", "createdAt"`;

const NewOrganization = z.object({ name: Name });

/** The user who creates an organization, with its limits. */
export interface OrganizationCreation {
  userId: string;
  /** The issuer of the user's token, which alone may name the organization in tokens. */
  issuer: string | null;
  impersonatedBy: string | null;
  limits: Limits;
  invalidate: Actor['invalidate'];
}

/**
 * Creates an organization with this user as its owner, and answers its id. The creation is its first ledger entry.
 * @throws ValidationError, also where the user owns as many organizations as allowed
 */
export async function createOrganization(
  db: Database,
  { userId, issuer, impersonatedBy, limits, invalidate }: OrganizationCreation,
  input: unknown,
): Promise<string> {
  const { name } = parseInput(NewOrganization, input);
  const organizationId = typeid('org').toString();
  await db.transaction(async (tx) => {
    // Locks the user's row, so that concurrent creations are counted one after another.
    await tx.query`SELECT 1 FROM public."User" WHERE "id" = ${userId} FOR UPDATE`;
    const owned = await countRows(tx, Prisma.sql`public."Membership" WHERE "userId" = ${userId} AND "role" = 'OWNER'`);
    refuseOneMore(owned, limits.organizations, 'organizations that you own');
    // No reauthorization: no access can have been lost in an organization that does not exist yet.
    const actor = { ...trustedActor, userId, impersonatedBy, invalidate };
    await insertOrganization(tx, { organizationId, name, ownerId: userId, issuer, actor });
  });
  return organizationId;
}

/** The service that creates an organization, and whose tokens may name it: the first of these issuers, as by the command. */
export interface OwnerlessCreation {
  issuers: readonly { issuer: string }[];
  actor: Actor;
}

/**
 * Creates an organization that nobody owns yet, and answers its id. The creation is its first ledger entry, with the actor.
 * @throws ValidationError
 */
export async function createOwnerless(
  db: Database,
  { issuers, actor }: OwnerlessCreation,
  input: unknown,
): Promise<string> {
  const { name } = parseInput(NewOrganization, input);
  const organizationId = typeid('org').toString();
  const issuer = issuers[0]?.issuer ?? null;
  await db.transaction((tx) => insertOrganization(tx, { organizationId, name, ownerId: null, issuer, actor }));
  return organizationId;
}

interface FirstEntry {
  organizationId: string;
  name: string | null;
  /** Null: somebody is yet to become its owner. */
  ownerId: string | null;
  actor: Actor;
}

/** Inserts an organization and its first owner, and begins its ledger. Tokens of another issuer cannot name it. */
export async function insertOrganization(
  tx: Database,
  { issuer, ...entry }: FirstEntry & { issuer: string | null },
): Promise<void> {
  const { organizationId, name } = entry;
  await tx.query`INSERT INTO public."Organization" ("id", "name") VALUES (${organizationId}, ${name})`;
  if (issuer !== null) {
    await tx.query`
      INSERT INTO public."OrganizationIdentity" ("issuer", "externalId", "organizationId")
      VALUES (${issuer}, ${organizationId}, ${organizationId})`;
  }
  await beginLedger(tx, entry);
}

/** Appends the first entry of an organization that was just inserted, and makes its owner a member. */
export async function beginLedger(tx: Database, { organizationId, name, ownerId, actor }: FirstEntry): Promise<void> {
  await commitWithin(tx, { organizationId, actor }, async () => ({
    action: 'ORGANIZATION_CREATED',
    subjectId: organizationId,
    before: null,
    after: { name, ownerId },
    apply: async () => {
      if (ownerId !== null) await addMember(tx, { organizationId, userId: ownerId, role: 'OWNER' });
    },
  }));
}

/** Of these ids, those of organizations that exist. */
export async function findOrganizationIds(db: Database, ids: readonly string[]): Promise<string[]> {
  const found = await db.query<{ id: string }>`
    SELECT "id" FROM public."Organization" WHERE "id" = ANY(${[...ids]}::text[])`;
  return found.map(({ id }) => id);
}

/** Organizations by id, in the order of the ids; null for one that does not exist. */
export async function findOrganizations(db: Database, ids: readonly string[]): Promise<(Organization | null)[]> {
  const found = await db.query<Organization>`
    SELECT ${organizationColumns} FROM public."Organization" WHERE "id" = ANY(${[...ids]}::text[])`;
  return inOrderOf(ids, found);
}
