import { isDeepStrictEqual } from 'node:util';
import { type Revision as DatabaseRevision, Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { documentOfLists, noLists } from '../../policy/policy-value.ts';
import { idsOf } from '../input/id.ts';
import { groupByOrganization, inOrderOf, type Page } from '../reading/page.ts';
import { isWithin, type OrganizationScope } from '../reading/read-scope.ts';

export type Revision = DatabaseRevision;

/** The change of one field: entries added and removed. A plain value counts as a list of one, null as an empty one. */
export interface FieldChange {
  field: string;
  added: string[];
  removed: string[];
}

interface Content {
  subjectId: string;
  before: unknown;
  after: unknown;
}

// The salt is not read: some who see an entry must not have it.
const columns = Prisma.sql`"id", "organizationId", "number", "at", "actorId", "actorApiKeyId", "actorScimTokenId", "actorPlatformKeyId",
  "impersonatedBy", "action", "subjectId", "before", "after", "reason", "restoredFrom", NULL AS "salt", "hash"`;

/** A page of the revisions of each organization, in one batch: newest first, keyed by number. */
export async function findRevisions(
  db: Database,
  organizationIds: readonly string[],
  { after, before, limit, inverted }: Page<number>,
): Promise<Revision[][]> {
  const found = await db.query<Revision>`
    SELECT r.* FROM unnest(${[...organizationIds]}::text[]) AS o("id") CROSS JOIN LATERAL (
      SELECT ${columns} FROM public."Revision"
      WHERE "organizationId" = o."id"
        ${after === undefined ? Prisma.empty : Prisma.sql`AND "number" < ${after}`}
        ${before === undefined ? Prisma.empty : Prisma.sql`AND "number" > ${before}`}
      ORDER BY "number" ${inverted ? Prisma.sql`ASC` : Prisma.sql`DESC`} LIMIT ${limit}) r`;
  return groupByOrganization(found, organizationIds);
}

/** Revisions of these organizations by id, in the order of the ids; null for one that none of them has. */
export async function findRevisionsById(
  db: Database,
  organizations: OrganizationScope,
  ids: readonly string[],
): Promise<(Revision | null)[]> {
  const found = await db.query<Revision>`
    SELECT ${columns} FROM public."Revision" r
    WHERE "id" = ANY(${idsOf('rev', ids)}::text[]) AND ${isWithin(organizations, Prisma.sql`r."organizationId"`)}`;
  return inOrderOf(ids, found);
}

/**
 * The fields that differ in two states of a subject, such as those of a revision; in alphabetical order. The entries of a policy's
 * maps are fields of their own, such as `scopes.team_….disabledModels`.
 */
export function changesOf({ before, after }: { before: unknown; after: unknown }): FieldChange[] {
  const [old, now] = [flattened(objectOf(before)), flattened(objectOf(after))];
  const fields = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort();
  return fields
    .filter((field) => !isDeepStrictEqual(old[field], now[field]))
    .map((field) => {
      const [was, is] = [new Set(entriesOf(old[field])), new Set(entriesOf(now[field]))];
      return {
        field,
        added: [...is].filter((entry) => !was.has(entry)),
        removed: [...was].filter((entry) => !is.has(entry)),
      };
    });
}

/** The user whose own configuration an entry is about, who alone sees its content; null where it is about no such thing. */
export function ownerOf({ subjectId, before, after }: Content): string | null {
  if (!subjectId.startsWith('cfg_')) return null;
  const { userId } = objectOf(after ?? before);
  return typeof userId === 'string' ? userId : null;
}

/** Visibility: whether a revision is about another user's own configuration. Its entry may be shown, its content not. */
export function isHiddenFrom(viewerId: string | null, content: Content): boolean {
  const owner = ownerOf(content);
  return owner !== null && owner !== viewerId;
}

function flattened({ aliases, scopes, ...state }: Record<string, unknown>): Record<string, unknown> {
  // A subject without lists of its own and one whose lists say nothing are the same.
  const used = Object.entries(objectOf(scopes)).map(([id, lists]) => [
    id,
    documentOfLists({ ...noLists, ...objectOf(lists) }),
  ]);
  const fields = [...within('aliases', aliases), ...within('scopes', Object.fromEntries(used))];
  return { ...state, ...Object.fromEntries(fields) };
}

function within(path: string, value: unknown): [string, unknown][] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => within(`${path}.${key}`, inner));
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function entriesOf(value: unknown): string[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((entry) =>
    typeof entry === 'string' ? entry : JSON.stringify(entry),
  );
}
