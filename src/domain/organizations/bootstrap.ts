import { typeid } from 'typeid-js';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import type { Limits } from '../../limits.ts';
import { addressOwner, type NamedUser, type Owner, operator, userOwner } from './bootstrap-owner.ts';
import { insertOrganization } from './organization.ts';

/** An organization, by its name or its id, and who shall own it. */
export interface Bootstrap {
  organization: { name: string } | { id: string };
  /** The issuer of the owner's tokens, whose tokens alone may name a new organization. */
  issuer: string;
  /** A user; or an e-mail address, which is invited. */
  owner: NamedUser | { email: string };
  /** Whether the owner is added to the organization of this name, where there is one already. */
  adds: boolean;
  limits: Limits;
}

/** An organization, and its owner: a user, or somebody who is invited. Once the invitation was accepted both are null. */
export interface Owned {
  organizationId: string;
  name: string | null;
  userId: string | null;
  invitationId: string | null;
}

/** What was done, if anything. `TAKEN`: there are organizations of the name already, and the owner owns none of them. */
export type Bootstrapped =
  | ({ outcome: 'CREATED' | 'ADDED' | 'UNCHANGED' } & Owned)
  | { outcome: 'TAKEN'; organizationIds: string[] }
  | { outcome: 'ABSENT' };

/**
 * Makes somebody, who need not have signed in before, the owner of a new organization, or of one that there is already. Run
 * again, it changes nothing.
 * @throws ValidationError where an address is invited already, to be no owner
 */
export function bootstrap(db: Database, { organization, issuer, owner: named, adds, limits }: Bootstrap) {
  return db.transaction(async (tx): Promise<Bootstrapped> => {
    // Names are not unique: two runs at the same time would both create an organization.
    await tx.query`SELECT 1 FROM pg_advisory_xact_lock(hashtext('modelgate bootstrap'))`;
    const owner = 'email' in named ? addressOwner(tx, named.email, limits) : await userOwner(tx, { issuer, ...named });
    const found = await findPresent(tx, organization, owner);
    const result = async (outcome: 'CREATED' | 'ADDED' | 'UNCHANGED', organizationId: string, name: string | null) => {
      const invitationId = await owner.findInvitation(organizationId);
      return { outcome, organizationId, name, userId: owner.userId, invitationId };
    };

    const [present] = found;
    if (present?.isOwned) return result('UNCHANGED', present.id, present.name);
    if (present) {
      if ('name' in organization && !(adds && found.length === 1)) {
        return { outcome: 'TAKEN', organizationIds: found.map(({ id }) => id) };
      }
      await owner.join(present.id);
      return result('ADDED', present.id, present.name);
    }
    if ('id' in organization) return { outcome: 'ABSENT' };
    const { name } = organization;
    const organizationId = typeid('org').toString();
    await owner.insert();
    await insertOrganization(tx, { organizationId, name, ownerId: owner.userId, issuer, actor: operator });
    if (owner.userId === null) await owner.join(organizationId);
    return result('CREATED', organizationId, name);
  });
}

/** The organizations of this id or name; first the one that the owner owns. */
function findPresent(tx: Database, organization: Bootstrap['organization'], { owns }: Owner) {
  const isMeant =
    'id' in organization ? Prisma.sql`o."id" = ${organization.id}` : Prisma.sql`o."name" = ${organization.name}`;
  return tx.query<{ id: string; name: string | null; isOwned: boolean }>`
    SELECT o."id", o."name", ${owns} AS "isOwned" FROM public."Organization" o
    WHERE ${isMeant} ORDER BY "isOwned" DESC, o."id" LIMIT 20`;
}
