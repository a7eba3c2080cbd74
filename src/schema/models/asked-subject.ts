import { may, type Permission } from '../../auth/permissions.ts';
import { viewerIdOf } from '../../auth/viewer.ts';
import type { Context } from '../../context.ts';
import type { PolicyAt } from '../../domain/policy/policy-history.ts';
import { parseSubjectId } from '../../domain/subjects/subject.ts';

/** The arguments of a field that decides for a subject of an organization. */
export interface Asked {
  organizationId: string;
  subjectId?: string | null | undefined;
}

/** What the argument `subjectId` means. */
export const subjectDescription =
  'For whom: a user (`usr_…`), a team, a role (`role_member`) or an API key. Absent: for the caller. Another than the caller is for owners, admins and services that may read. Whoever does not belong to the organization is refused everything, by `NOT_A_MEMBER`.';

/** The subject, where that is not the caller itself. */
function otherSubject({ subjectId }: Asked, { viewer }: Context): string | null {
  return typeof subjectId === 'string' && subjectId !== viewerIdOf(viewer) ? subjectId : null;
}

/** Whether the decisions are those for the caller itself. */
export function isForCaller(asked: Asked, context: Context): boolean {
  return otherSubject(asked, context) === null;
}

/**
 * The scope of a field that decides for a subject, and that each row of a list may have. The named scopes are evaluated only for
 * viewers who are denied: it takes longer than the rest of such a field.
 */
export function readsAccess(asked: Asked, context: Context): true | { $all: Partial<Record<Permission, string>> } {
  const { organizationId } = asked;
  const needed = isForCaller(asked, context) ? ofCaller : ofOthers;
  if (needed.every((permission) => may(context.viewer, permission, organizationId))) return true;
  return { $all: Object.fromEntries(needed.map((permission) => [permission, organizationId])) };
}

const ofCaller = ['readOrganization'] as const;
const ofOthers = ['readOrganization', 'readSubjects'] as const;

/**
 * The decisions for the subject that is asked about; by the policy `at` a revision where it is given. Authorize before.
 * @throws ValidationError for what can be the id of no subject
 */
export function decisionsFor(asked: Asked, context: Context, at: PolicyAt | null = null) {
  const other = otherSubject(asked, context);
  return context.decisions(asked.organizationId, other === null ? null : parseSubjectId(other), at);
}
