import { kindOfSubject, type Subject } from '../../policy/subject.ts';
import type { Entity } from './entities.ts';

const kinds = { user: 'USER', service: 'API_KEY', team: 'TEAM', role: 'ROLE' } as const;

/** The types of subjects, in AuthZEN's words. */
export type SubjectType = keyof typeof kinds;

export function isSubjectType(type: string): type is SubjectType {
  return Object.hasOwn(kinds, type);
}

/** The id by which policies name a subject; null where it can name none of its type. A role may also be named without `role_`. */
export function subjectIdOf({ type, id }: Pick<Entity, 'type' | 'id'>): string | null {
  if (!isSubjectType(type)) return null;
  const full = type === 'role' && !id.startsWith('role_') ? `role_${id.toLowerCase()}` : id;
  return kindOfSubject(full) === kinds[type] ? full : null;
}

const roles = { OWNER: 'OWNER', ADMIN: 'ADMIN', MEMBER: 'MEMBER' } as const;

/** Teams of one subject that are read at most. */
const maxTeams = 100;

/**
 * The subject as the request describes it, by `role` and `teams` of its properties, where that differs from what is known; undefined where
 * it does not. Roles and teams that can be none here are ignored, since other decision points may mean something by them.
 */
export function describedAs(known: Subject, { properties: { role, teams } }: Entity): Subject | undefined {
  const roleSaid = typeof role === 'string' ? roles[role.toUpperCase() as keyof typeof roles] : undefined;
  const teamsSaid = Array.isArray(teams) ? teams.slice(0, maxTeams).filter(isTeam) : undefined;
  if (roleSaid === undefined && teamsSaid === undefined) return undefined;
  return { ...known, role: roleSaid ?? known.role, teams: teamsSaid ?? known.teams };
}

function isTeam(value: unknown): value is string {
  return typeof value === 'string' && kindOfSubject(value) === 'TEAM';
}
