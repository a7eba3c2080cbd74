import type { SnapshotDocument } from '../policy/snapshot-document.ts';
import { anySubject, type Subject as KnownSubject, subjectNamed } from '../policy/subject.ts';
import { SdkError } from './gate-error.ts';
import type { Subject } from './types.ts';

/** A subject as it is known, and as the question describes it where it says more: what is refused to either is refused. */
interface Described {
  known: KnownSubject;
  narrower: KnownSubject | undefined;
}

const anybody: Described = { known: anySubject, narrower: undefined };

/** The subject of a question. What the service has told of it counts; a question can only narrow that. @throws SdkError */
export function described({ subjects, teams: names }: SnapshotDocument, subject: Subject | undefined): Described {
  if (subject === undefined) return anybody;
  const { id, role, teams } = checked(subject);
  const told = id !== undefined && Object.hasOwn(subjects, id) ? subjects[id] : undefined;
  const known = told ?? (id === undefined ? anySubject : namedBy(id));
  if (role === undefined && teams === undefined) return { known, narrower: undefined };
  const said = {
    id: known.id,
    teams: teams ? idsOfTeams(names, teams) : known.teams,
    role: role ?? known.role,
    isMember: known.isMember,
  };
  return told ? { known, narrower: said } : { known: said, narrower: undefined };
}

/** A subject that cannot be read would have no rules. @throws SdkError */
function checked(subject: Subject): Subject {
  if (typeof subject !== 'object' || subject === null) throw refused('must be an object: { id, role, teams }');
  const { id, role, teams } = subject;
  if (id === undefined && role === undefined && teams === undefined)
    throw refused('names nobody: give id, role or teams, or no subject at all');
  if (id !== undefined && (typeof id !== 'string' || id === '')) throw refused('has an id that is no text');
  if (role !== undefined && role !== 'MEMBER' && role !== 'ADMIN' && role !== 'OWNER')
    throw refused("has a role that is none of 'OWNER', 'ADMIN' and 'MEMBER'");
  if (teams !== undefined && !(Array.isArray(teams) && teams.every((team) => typeof team === 'string')))
    throw refused('has teams that are no list of ids or names');
  return subject;
}

function refused(why: string): SdkError {
  return new SdkError('INVALID_SUBJECT', `The subject ${why}`);
}

/** Most ids are of users, which stand for themselves. */
function namedBy(id: string): KnownSubject {
  return id.startsWith('usr_') ? { id, teams: anySubject.teams, role: null, isMember: true } : subjectNamed(id);
}

/** Teams by their ids. A text that is no id is a name: of the teams that have it, or of one that no rule is of. */
function idsOfTeams(names: Readonly<Record<string, string>>, teams: readonly string[]): readonly string[] {
  const ids: string[] = [];
  for (const team of teams) {
    if (team.startsWith('team_')) ids.push(team);
    else for (const id in names) if (names[id] === team) ids.push(id);
  }
  return ids;
}
