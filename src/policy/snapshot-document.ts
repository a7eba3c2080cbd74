import type { Exception } from './exception.ts';
import type { Snapshot } from './policy.ts';
import { documentOf, type PolicyDocument, policyOf } from './policy-value.ts';
import type { Subject } from './subject.ts';

/** What decisions on an organization are made by, as JSON: the service writes it, and the SDK reads it. */
export interface SnapshotDocument {
  organizationId: string;
  revision: number;
  catalogVersion: number;
  /** SHA-256 of that catalog, as `GET /catalog/{version}` sends it, in Base64url. */
  catalogHash: string;
  /** Without what is as by default. */
  policy: PolicyDocument;
  /** Those that are granted, and have not ended. `until` is in ISO 8601. */
  exceptions: readonly (Omit<Exception, 'until'> & { until: string })[];
  /** The names of the teams that the policy or an exception names, by their ids. */
  teams: Readonly<Record<string, string>>;
  /** The subjects that were asked for, by their ids. */
  subjects: Readonly<Record<string, Subject>>;
}

interface Facts extends Pick<SnapshotDocument, 'catalogVersion' | 'catalogHash' | 'teams' | 'subjects'> {
  /** Exceptions that have ended by then are left out. */
  now: Date;
}

/** The document of a snapshot. Equal snapshots have equal documents, to the order of their keys. */
export function snapshotDocumentOf(snapshot: Snapshot, { now, ...facts }: Facts): SnapshotDocument {
  const { organizationId, revision } = snapshot;
  return {
    organizationId,
    revision,
    catalogVersion: facts.catalogVersion,
    catalogHash: facts.catalogHash,
    policy: documentOf(snapshot),
    exceptions: snapshot.exceptions
      .filter(({ until }) => until > now)
      .map(({ id, subjectId, models, until }) => ({ id, subjectId, models, until: until.toISOString() })),
    teams: facts.teams,
    subjects: facts.subjects,
  };
}

/** The snapshot of a document, for `decide`. */
export function snapshotOf({ organizationId, revision, policy, exceptions }: SnapshotDocument): Snapshot {
  return {
    organizationId,
    revision,
    ...policyOf(policy),
    exceptions: exceptions.map(({ until, ...exception }) => ({ ...exception, until: new Date(until) })),
    updatedAt: null,
    updatedById: null,
  };
}

/** The ids of the teams that the policy or an exception names: only of these it matters who is in them. */
export function teamsNamedBy({ scopes, exceptions }: Pick<Snapshot, 'scopes' | 'exceptions'>): string[] {
  const named = [...Object.keys(scopes), ...exceptions.map(({ subjectId }) => subjectId)];
  return [...new Set(named)].filter((id) => id.startsWith('team_')).sort();
}
