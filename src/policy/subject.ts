/** For whom is decided: what it is, and what it belongs to. The nearest rules first: its own, those of its teams, those of its role. */
export interface Subject {
  /** The id of the user or the API key; null where none is asked for. */
  id: string | null;
  teams: readonly string[];
  role: 'OWNER' | 'ADMIN' | 'MEMBER' | null;
  /** Whether it belongs to the organization. */
  isMember: boolean;
}

/** Whoever has no rules but those of the organization. */
export const anySubject: Subject = Object.freeze({ id: null, teams: [], role: null, isMember: true });

/** Whoever does not belong to the organization. */
export const noMember: Subject = Object.freeze({ ...anySubject, isMember: false });

const roles = ['OWNER', 'ADMIN', 'MEMBER'] as const;

/** The ids by which policies and exceptions name roles. */
export const roleIds = ['role_owner', 'role_admin', 'role_member'] as const;

/** The id by which policies and exceptions name a role. */
export function idOfRole(role: NonNullable<Subject['role']>): (typeof roleIds)[number] {
  return idsOfRoles[role];
}

const idsOfRoles = { OWNER: 'role_owner', ADMIN: 'role_admin', MEMBER: 'role_member' } as const;

/** What an id names: a user, a team, a role or an API key; undefined where it names no subject. */
export function kindOfSubject(id: string): 'USER' | 'TEAM' | 'ROLE' | 'API_KEY' | undefined {
  if (roleIds.some((one) => one === id)) return 'ROLE';
  const [, prefix] = subjectIdPattern.exec(id) ?? [];
  return kinds.get(prefix as 'usr');
}

const kinds = new Map([
  ['usr', 'USER'],
  ['user', 'USER'],
  ['team', 'TEAM'],
  ['api', 'API_KEY'],
] as const satisfies [string, string][]);

/** The id of a user, a team or an API key, or that of a role. */
export const subjectIdPattern = /^(?:(usr|user|team|api)_[\w-]{1,120}|role_(?:owner|admin|member))$/;

/** What an id names, without what that belongs to. */
export function subjectNamed(id: string): Subject {
  switch (kindOfSubject(id)) {
    case 'TEAM':
      return { ...anySubject, teams: [id] };
    case 'ROLE':
      return { ...anySubject, role: roles[roleIds.indexOf(id as (typeof roleIds)[number])] ?? null };
    default:
      return { ...anySubject, id };
  }
}

/** The ids of the rules that a subject has besides those of the organization. */
export function idsOfSubject({ id, teams, role }: Subject): string[] {
  return [...(id === null ? [] : [id]), ...teams, ...(role === null ? [] : [idOfRole(role)])];
}
