import type { Database } from '../../database/pool/client.ts';
import { ValidationError } from '../../errors/base.ts';
import { subjectId } from '../../policy/policy-fields.ts';
import { anySubject, noMember, type Subject, subjectNamed } from '../../policy/subject.ts';
import { issuesOf } from '../input/validation.ts';
import { isActive } from '../teams/team.ts';

/** A subject of an organization by its id. */
export interface SubjectKey {
  organizationId: string;
  subjectId: string;
}

interface Row {
  index: number;
  role: Subject['role'];
  teams: string[];
  /** Whether a token has named its teams in the organization: it may be a member by its tokens alone. */
  isSaid: boolean;
  exists: boolean;
}

/**
 * The subjects with these ids, in one statement: users with their teams and the role of their membership, which is null where
 * tokens alone make them members; `noMember` where the organization has no such member, team or active API key.
 */
export async function findSubjects(db: Database, keys: readonly SubjectKey[]): Promise<Subject[]> {
  const asked = keys.map((key, index) => ({ index, ...key }));
  const found = await db.query<Row>`
    SELECT k."index",
      (SELECT m."role"::text FROM public."Membership" m
       WHERE m."organizationId" = k."organizationId" AND m."userId" = k."subjectId") AS "role",
      to_json(ARRAY(SELECT m."teamId" FROM public."TeamMember" m
        WHERE m."userId" = k."subjectId" AND m."organizationId" = k."organizationId" AND ${isActive}
        ORDER BY m."teamId")) AS "teams",
      EXISTS (SELECT 1 FROM public."TeamsSaid" m
        WHERE m."userId" = k."subjectId" AND m."organizationId" = k."organizationId" AND ${isActive}) AS "isSaid",
      EXISTS (SELECT 1 FROM public."Team" t WHERE t."organizationId" = k."organizationId" AND t."id" = k."subjectId")
        OR EXISTS (SELECT 1 FROM public."ApiKey" a
          WHERE a."organizationId" = k."organizationId" AND a."id" = k."subjectId" AND a."revokedAt" IS NULL) AS "exists"
    FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) AS k("index" int, "organizationId" text, "subjectId" text)`;
  const byIndex = new Map(found.map((row) => [row.index, row]));
  return keys.map(({ subjectId }, index) => {
    const { role = null, teams = [], isSaid = false, exists = false } = byIndex.get(index) ?? {};
    const named = subjectNamed(subjectId);
    if (named.role !== null || exists) return named;
    const isMember = role !== null || isSaid || teams.length > 0;
    return { ...(isMember ? anySubject : noMember), id: subjectId, role, teams };
  });
}

/**
 * The id of a subject that a client asks about, whether or not there is one. `path`: where the client has said it.
 * @throws ValidationError for what can be none
 */
export function parseSubjectId(id: string, path = 'subjectId'): string {
  const { success, data, error } = subjectId.safeParse(id);
  if (success) return data;
  throw new ValidationError(issuesOf(error).map(({ message }) => ({ path, message })));
}

/** What is said of a subject that the organization does not have, whether or not there is one elsewhere. */
export const nobody = 'names no member, team or API key of this organization';

/** Of these ids, those that name no subject of the organization. */
export async function findUnknownSubjects(
  db: Database,
  organizationId: string,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const found = await findSubjects(
    db,
    ids.map((subjectId) => ({ organizationId, subjectId })),
  );
  return ids.filter((_, index) => found[index]?.isMember !== true);
}
