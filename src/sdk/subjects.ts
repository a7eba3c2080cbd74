import type { SnapshotDocument } from '../policy/snapshot-document.ts';
import { anySubject, type Subject as KnownSubject, subjectNamed } from '../policy/subject.ts';
import type { Subject } from './types.ts';

/** A subject as it is known, and as the question describes it where it says more: what is refused to either is refused. */
interface Described {
  known: KnownSubject;
  narrower: KnownSubject | undefined;
}

const anybody: Described = { known: anySubject, narrower: undefined };

/** The subject of a question. What the service has told of it counts; a question can only narrow that. */
export function described({ subjects, teams: names }: SnapshotDocument, subject: Subject | undefined): Described {
  if (!subject) return anybody;
  const { id, role, teams } = subject;
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
