import { typeid } from 'typeid-js';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { userIdForm } from '../input/id.ts';
import { commitWithin } from '../ledger/ledger.ts';
import { type Identity, idOf } from './identity.ts';
import { addMember, findRole } from './membership.ts';
import { setMemberRole } from './membership-change.ts';
import { insertOrganization } from './organization.ts';

/** An organization, by its name or its id, and who shall own it. */
export interface Bootstrap {
  organization: { name: string } | { id: string };
  /** `keepsIds`: a subject of the issuer that looks like the id of a user becomes its id. */
  owner: Identity & { keepsIds: boolean };
  /** Whether the owner is added to the organization of this name, where there is one already. */
  adds: boolean;
}

/** What was done, if anything. `TAKEN`: there are organizations of the name already, and the user owns none of them. */
export type Bootstrapped =
  | { outcome: 'CREATED' | 'ADDED' | 'UNCHANGED'; organizationId: string; name: string | null; userId: string }
  | { outcome: 'TAKEN'; organizationIds: string[] }
  | { outcome: 'ABSENT' };

/** The operator, whom nobody authorizes. A trigger tells the processes that serve of what it changes. */
const operator = {
  userId: null,
  apiKeyId: null,
  reauthorize: async () => {},
  roleIn: () => null,
  invalidate: () => {},
};

/**
 * Makes a user, who need not have signed in before, the owner of a new organization, or of one that there is already. Run
 * again, it changes nothing.
 */
export function bootstrap(db: Database, { organization, owner, adds }: Bootstrap): Promise<Bootstrapped> {
  return db.transaction(async (tx) => {
    // Names are not unique: two runs at the same time would both create an organization.
    await tx.query`SELECT 1 FROM pg_advisory_xact_lock(hashtext('modelgate bootstrap'))`;
    const { userId, isStored } = await findUser(tx, owner);
    const found = await findCandidates(tx, organization, userId);
    const owned = found.find(({ isOwned }) => isOwned);
    if (owned) return { outcome: 'UNCHANGED', organizationId: owned.id, name: owned.name, userId };

    const [present] = found;
    if (present) {
      if ('name' in organization && !(adds && found.length === 1)) {
        return { outcome: 'TAKEN', organizationIds: found.map(({ id }) => id) };
      }
      if (!isStored) await insertUser(tx, owner, userId);
      await makeOwner(tx, present.id, userId);
      return { outcome: 'ADDED', organizationId: present.id, name: present.name, userId };
    }
    if ('id' in organization) return { outcome: 'ABSENT' };
    if (!isStored) await insertUser(tx, owner, userId);
    const { name } = organization;
    const organizationId = typeid('org').toString();
    await insertOrganization(tx, {
      organizationId,
      name,
      ownerId: userId,
      issuer: owner.issuer,
      actor: operator,
    });
    return { outcome: 'CREATED', organizationId, name, userId };
  });
}

/** The user of an identity, with the id that it gets at its first sign-in where it has none yet. The id of a user is one too. */
async function findUser(tx: Database, owner: Bootstrap['owner']): Promise<{ userId: string; isStored: boolean }> {
  const { issuer, externalId, keepsIds } = owner;
  const id = keepsIds && userIdForm.test(externalId) ? externalId : idOf('usr', owner);
  const [found] = await tx.query<{ ownId: string | null; hasUser: boolean; isTaken: boolean }>`
    SELECT (SELECT i."userId" FROM public."UserIdentity" i
            WHERE i."issuer" = ${issuer} AND i."subject" = ${externalId}) AS "ownId",
           EXISTS (SELECT 1 FROM public."User" WHERE "id" = ${externalId}) AS "hasUser",
           EXISTS (SELECT 1 FROM public."UserIdentity" WHERE "userId" = ${id} AND "isOriginal") AS "isTaken"`;
  if (found?.hasUser) return { userId: externalId, isStored: true };
  const ownId = found?.ownId ?? null;
  if (ownId !== null) return { userId: ownId, isStored: true };
  // The user of that id was made for another identity.
  return { userId: found?.isTaken ? typeid('usr').toString() : id, isStored: false };
}

/** Organizations of this id or name, with the role of the user in each; first the one that it owns. */
function findCandidates(tx: Database, organization: Bootstrap['organization'], userId: string) {
  const isMeant =
    'id' in organization ? Prisma.sql`o."id" = ${organization.id}` : Prisma.sql`o."name" = ${organization.name}`;
  return tx.query<{ id: string; name: string | null; isOwned: boolean }>`
    SELECT o."id", o."name", m."role" IS NOT DISTINCT FROM 'OWNER' AS "isOwned"
    FROM public."Organization" o
    LEFT JOIN public."Membership" m ON m."organizationId" = o."id" AND m."userId" = ${userId}
    WHERE ${isMeant} ORDER BY "isOwned" DESC, o."id" LIMIT 20`;
}

/** Inserts the rows of a user who has not signed in yet. Its first token completes the profile. */
async function insertUser(tx: Database, { issuer, externalId }: Identity, userId: string): Promise<void> {
  await tx.query`INSERT INTO public."User" ("id") VALUES (${userId}) ON CONFLICT DO NOTHING`;
  await tx.query`
    INSERT INTO public."UserIdentity" ("issuer", "subject", "userId") VALUES (${issuer}, ${externalId}, ${userId})
    ON CONFLICT ("issuer", "subject") DO NOTHING`;
}

async function makeOwner(tx: Database, organizationId: string, userId: string): Promise<void> {
  const change = { organizationId, actor: operator };
  if (await findRole(tx, organizationId, userId)) {
    await setMemberRole(tx, change, { userId, role: 'OWNER' });
    return;
  }
  await commitWithin(tx, change, async () => ({
    action: 'MEMBER_ADDED',
    subjectId: userId,
    before: null,
    after: { role: 'OWNER' },
    apply: () => addMember(tx, { organizationId, userId, role: 'OWNER' }),
  }));
}
