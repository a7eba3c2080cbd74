import type { Role } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { insertOrganization, insertUser } from './first-sign-in.ts';
import type { Identity } from './identity.ts';
import { findOrAddRole } from './membership.ts';
import { isDue, isToUpdate, merge, type Profile, updateOrganizationName, updateUserProfile } from './profile.ts';
import { findSignIn, type SignIn, type StoredSignIn } from './sign-in.ts';
import { areToUpdate, type SaidTeams, setTeams } from './team-claims.ts';

/** What a trusted issuer asserts by a token: whom it names, and the organization, where it names one. */
export interface Assertion {
  userId: string;
  identity: Identity;
  profile: Profile;
  organization: OrganizationAssertion | null;
  /** The subject of whoever acts as the user. */
  impersonatedBy: string | null;
}

export interface OrganizationAssertion {
  id: string;
  identity: Identity;
  name: string | null;
  /** Null: roles are kept here, so that everybody becomes a member, and who comes first the owner. */
  role: Role | null;
  /** Null where the token does not say. */
  teams: SaidTeams | null;
}

/** What is stored once an assertion was taken in. */
export interface Provisioned {
  userId: string;
  organizationId: string | null;
  memberships: ReadonlyMap<string, Role>;
  deactivatedIn: readonly string[];
  profile: Profile;
  profileAt: Date | null;
  organizationName: string | null;
  organizationProfileAt: Date | null;
  /** The user's teams in the organization that come from tokens. */
  teams: readonly string[];
  teamsAt: Date | null;
  /** Whether this assertion has changed the memberships or the teams of the user. */
  isAccessChanged: boolean;
}

/**
 * Reads what is stored of whom a token names, and inserts or updates what differs from what the token says: rows of the user, the
 * organization and their identities, the profile, the teams. One statement where nothing differs.
 */
export async function provision(db: Database, assertion: Assertion, now: Date): Promise<Provisioned> {
  const { identity, profile, organization, impersonatedBy } = assertion;
  const { userId, stored } = await storedUser(db, assertion, now);
  // A name that the user has set stays, whatever tokens say.
  const known = stored.nameSetByUser ? { ...stored, name: profile.name } : stored;
  const provisioned: Provisioned = { ...stored, userId, profile: known, isAccessChanged: false };

  if (isToUpdate(profile, known, stored.profileAt, now)) {
    await updateUserProfile(db, { userId, identity, profile }, now);
    const isReplaced = isDue(stored.profileAt, now);
    provisioned.profile = isReplaced ? merge(profile, known) : merge(known, profile);
    if (isReplaced) provisioned.profileAt = now;
  }
  if (organization) await provisionOrganization(db, { provisioned, organization, stored, impersonatedBy }, now);
  return provisioned;
}

/** The user of the identity, inserted where it signs in for the first time, and what else is stored of the sign-in. */
async function storedUser(db: Database, { userId, identity, profile, organization }: Assertion, now: Date) {
  const signIn: SignIn = { userId, identity, organization };
  const stored = await findSignIn(db, signIn);
  if (stored.userId !== null) return { userId: stored.userId, stored };

  const inserted = await insertUser(db, { userId, identity, profile, hasUser: stored.hasUser }, now);
  // What was read is of another user, where the one that the identity would have had is not its own.
  if (inserted !== userId) return { userId: inserted, stored: await findSignIn(db, { ...signIn, userId: inserted }) };
  return { userId, stored: stored.hasUser ? stored : { ...stored, ...profile, profileAt: now } };
}

/** Takes in what the token says of its organization. Changes `provisioned`. */
async function provisionOrganization(
  db: Database,
  of: { provisioned: Provisioned; organization: OrganizationAssertion; stored: StoredSignIn } & Pick<
    Assertion,
    'impersonatedBy'
  >,
  now: Date,
): Promise<void> {
  const { provisioned, organization, stored, impersonatedBy } = of;
  const { identity, name, role, teams } = organization;
  const { userId } = provisioned;
  const join = (organizationId: string, ownRole: Role) => {
    provisioned.memberships = new Map([...provisioned.memberships, [organizationId, ownRole]]);
    provisioned.isAccessChanged = true;
  };
  let { organizationId } = stored;
  if (organizationId === null) {
    const ownerId = role === null ? userId : null;
    const inserted = await insertOrganization(db, { ...organization, ownerId, impersonatedBy }, now);
    organizationId = inserted.organizationId;
    if (inserted.isOwned) join(organizationId, 'OWNER');
    provisioned.organizationName = inserted.isNew ? name : stored.organizationName;
  }
  provisioned.organizationId = organizationId;
  if (stored.nameSetByOwner) provisioned.organizationName = name;

  const isOther = isToUpdate({ name }, { name: provisioned.organizationName }, stored.organizationProfileAt, now);
  if (name !== null && isOther) {
    await updateOrganizationName(db, { organizationId, identity, name }, now);
    provisioned.organizationName = name;
    provisioned.organizationProfileAt = now;
  }
  if (provisioned.deactivatedIn.includes(organizationId)) return;
  if (role === null && !provisioned.memberships.has(organizationId)) {
    join(organizationId, await findOrAddRole(db, organizationId, userId));
  }
  const storedTeams = { names: stored.teams, at: stored.teamsAt };
  if (teams && areToUpdate(teams, storedTeams)) {
    await setTeams(db, { organizationId, userId }, teams, storedTeams);
    provisioned.teams = teams.names;
    provisioned.teamsAt = teams.at;
    provisioned.isAccessChanged = true;
  }
}
