import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { countRows } from '../../database/pool/sql.ts';
import { ForbiddenError, ValidationError } from '../../errors/base.ts';
import { idOfRole, kindOfSubject } from '../../policy/subject.ts';
import { findUnknownSubjects, nobody } from '../subjects/subject.ts';
import type { ModelException } from './exception.ts';
import type { ExceptionsChange } from './exception-input.ts';

/**
 * Refuses a subject that the organization does not have: one of another organization is refused as one that does not exist.
 * @throws ValidationError
 */
export async function refuseAbsentSubject(tx: Database, organizationId: string, subjectId: string): Promise<void> {
  const unknown = await findUnknownSubjects(tx, organizationId, [subjectId]);
  if (unknown.length > 0) throw new ValidationError([{ path: 'subjectId', message: nobody }]);
}

/** Whether an exception for this subject is one for the actor: it is the actor, its role, or a team that it is in. */
export async function isForActor(
  tx: Database,
  { organizationId, actor, role }: Pick<ExceptionsChange, 'organizationId' | 'actor' | 'role'>,
  subjectId: string,
): Promise<boolean> {
  const { userId } = actor;
  if (subjectId === userId || (role && subjectId === idOfRole(role))) return true;
  if (userId === null || kindOfSubject(subjectId) !== 'TEAM') return false;
  const member = Prisma.sql`public."TeamMember"
    WHERE "organizationId" = ${organizationId} AND "teamId" = ${subjectId} AND "userId" = ${userId}`;
  return (await countRows(tx, member)) > 0;
}

/**
 * Refuses to grant an exception for the actor itself, unless the organization has no other owner or admin who could. Also one that the
 * actor has requested: it may have left the team since. Whether there is another one cannot be told where a token says the actor's
 * role: others may have theirs by tokens too. To be called under the organization's lock.
 *
 * @returns whether the actor grants it for itself
 * @throws ForbiddenError
 */
export async function refuseSelfGrant(
  tx: Database,
  change: ExceptionsChange,
  { subjectId, requestedById }: Pick<ModelException, 'subjectId' | 'requestedById'>,
): Promise<boolean> {
  const { organizationId, actor } = change;
  const isRequester = requestedById !== null && requestedById === actor.userId;
  if (!isRequester && !(await isForActor(tx, change, subjectId))) return false;

  const others = Prisma.sql`public."Membership"
    WHERE "organizationId" = ${organizationId} AND "role" IN ('OWNER', 'ADMIN') AND "userId" <> ${actor.userId}`;
  if (actor.roleIn(organizationId) !== null && (await countRows(tx, others)) === 0) return true;
  throw new ForbiddenError(
    'INSUFFICIENT_PERMISSIONS',
    'Nobody grants an exception for itself, its role or a team that it is in, or that it has requested; another Admin or Owner must',
    organizationId,
  );
}
