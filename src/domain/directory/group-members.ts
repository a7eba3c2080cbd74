import type { Database } from '../../database/pool/client.ts';
import { ScimError } from '../../errors/scim.ts';
import type { Limits } from '../../limits.ts';
import { refuseOneMore } from '../input/validation.ts';
import { usersOf } from './directory-user.ts';

/** What is done to the members of a group: to those present, or, where `replaces`, to none. */
export interface MembersChange {
  replaces: boolean;
  added: ReadonlySet<string>;
  removed: ReadonlySet<string>;
}

/** The users who join and leave a group. */
export interface MembersDifference {
  joining: string[];
  leaving: string[];
}

/**
 * What a change comes to for the present members. To be called under the organization's lock.
 * @throws ScimError for one who is no user of the directory, ValidationError for too many
 */
export async function differenceOf(
  tx: Database,
  { organizationId, teamId }: { organizationId: string; teamId: string },
  { replaces, added, removed }: MembersChange,
  limits: Limits,
): Promise<MembersDifference> {
  if (!replaces && added.size + removed.size === 0) return { joining: [], leaving: [] };
  await refuseUnknown(tx, organizationId, [...added]);
  const rows = await tx.query<{ userId: string }>`
    SELECT "userId" FROM public."TeamMember" WHERE "organizationId" = ${organizationId} AND "teamId" = ${teamId}`;
  const present = new Set(rows.map(({ userId }) => userId));
  const joining = [...added].filter((userId) => !present.has(userId));
  const leaving = [...present].filter((userId) => (replaces ? !added.has(userId) : removed.has(userId)));
  if (joining.length > 0) {
    refuseOneMore(present.size - leaving.length + joining.length - 1, limits.teamMembers, 'members of the group');
  }
  return { joining, leaving };
}

/** Applies it. */
export async function applyDifference(
  tx: Database,
  { organizationId, teamId }: { organizationId: string; teamId: string },
  { joining, leaving }: MembersDifference,
): Promise<void> {
  if (leaving.length > 0) {
    await tx.query`DELETE FROM public."TeamMember" WHERE "teamId" = ${teamId} AND "userId" = ANY(${leaving}::text[])`;
  }
  if (joining.length > 0) {
    await tx.query`
      INSERT INTO public."TeamMember" ("organizationId", "teamId", "userId")
      SELECT ${organizationId}, ${teamId}, a."id" FROM unnest(${joining}::text[]) AS a("id")`;
  }
}

/** Users of other directories are unknown as those who do not exist. */
async function refuseUnknown(tx: Database, organizationId: string, userIds: readonly string[]): Promise<void> {
  if (userIds.length === 0) return;
  // The known ones are read, and not who is missing: an anti-join with a list compares each of it with each user.
  const known = await tx.query<{ userId: string }>`
    SELECT "userId" FROM ${usersOf(organizationId)} AND "userId" = ANY(${[...userIds]}::text[])`;
  const knownIds = new Set(known.map(({ userId }) => userId));
  const unknown = userIds.find((id) => !knownIds.has(id));
  if (unknown !== undefined) {
    throw new ScimError('invalidValue', `members: there is no user ${JSON.stringify(unknown.slice(0, 200))}`);
  }
}
