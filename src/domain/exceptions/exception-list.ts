import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import type { ExceptionState } from '../../policy/exception-state.ts';
import { idsOf } from '../input/id.ts';
import { groupByOrganization, inOrderOf, type Page } from '../reading/page.ts';
import { isWithin, type OrganizationScope } from '../reading/read-scope.ts';
import { columnsOfException, type ModelException } from './exception.ts';

/** Which exceptions of an organization are listed. */
export interface ExceptionFilter {
  state: ExceptionState | null;
  subjectId: string | null;
  /** Those for these subjects and for the viewer's teams alone; null: all. */
  ownIds: readonly string[] | null;
}

/** Who lists them, and when. */
export interface ExceptionListing {
  userId: string | null;
  now: Date;
}

/** The sort key: newest first. */
export type ExceptionKey = [createdAt: string, id: string];

export function keyOfException({ createdAt, id }: ModelException): ExceptionKey {
  return [createdAt.toISOString(), id];
}

/** A page of the exceptions of each organization. */
export async function findExceptions(
  db: Database,
  listing: ExceptionListing,
  organizationIds: readonly string[],
  { after, before, limit, inverted, ...filter }: Page<ExceptionKey> & ExceptionFilter,
): Promise<ModelException[][]> {
  const direction = inverted ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const found = await db.query<ModelException>`
    SELECT e.* FROM unnest(${[...organizationIds]}::text[]) AS o("id") CROSS JOIN LATERAL (
      SELECT ${columnsOfException} FROM ${rowsOf(filter, listing)}
        ${after === undefined ? Prisma.empty : Prisma.sql`AND ("createdAt", "id") < ${placeOf(after)}`}
        ${before === undefined ? Prisma.empty : Prisma.sql`AND ("createdAt", "id") > ${placeOf(before)}`}
      ORDER BY "createdAt" ${direction}, "id" ${direction} LIMIT ${limit}) e`;
  return groupByOrganization(found, organizationIds);
}

/** How many entries the whole list of each organization has. */
export async function countExceptions(
  db: Database,
  listing: ExceptionListing,
  organizationIds: readonly string[],
  filter: ExceptionFilter,
): Promise<{ count: number }[][]> {
  const found = await db.query<{ organizationId: string; count: number }>`
    SELECT o."id" AS "organizationId", e."count"
    FROM unnest(${[...organizationIds]}::text[]) AS o("id") CROSS JOIN LATERAL (
      SELECT count(*)::int AS "count" FROM ${rowsOf(filter, listing)}) e`;
  return groupByOrganization(found, organizationIds);
}

/** Exceptions of these organizations by id, in the order of the ids; null for any other. */
export async function findExceptionsById(
  db: Database,
  organizations: OrganizationScope,
  ids: readonly string[],
): Promise<(ModelException | null)[]> {
  const found = await db.query<ModelException>`
    SELECT ${columnsOfException} FROM public."ModelException" e
    WHERE "id" = ANY(${idsOf('exc', ids)}::text[]) AND ${isWithin(organizations, Prisma.sql`e."organizationId"`)}`;
  return inOrderOf(ids, found);
}

/** What an exception is found by in its organization. */
export interface ExceptionPlace {
  organizationId: string;
  id: string;
}

/** Exceptions of these organizations, in their order; null for one that is not there. */
export async function findExceptionsOf(
  db: Database,
  places: readonly ExceptionPlace[],
): Promise<(ModelException | null)[]> {
  const ids = places.map(({ id }) => id);
  const found = await db.query<ModelException>`
    SELECT ${columnsOfException} FROM public."ModelException"
    WHERE "organizationId" = ANY(${places.map(({ organizationId }) => organizationId)}::text[]) AND "id" = ANY(${ids}::text[])`;
  return inOrderOf(ids, found);
}

/** The rows of the organization `o`. */
function rowsOf({ state, subjectId, ownIds }: ExceptionFilter, { userId, now }: ExceptionListing): Prisma.Sql {
  const isOwn = Prisma.sql`AND ("subjectId" = ANY(${[...(ownIds ?? [])]}::text[]) OR "subjectId" IN (
    SELECT m."teamId" FROM public."TeamMember" m WHERE m."userId" = ${userId} AND m."organizationId" = o."id"))`;
  return Prisma.sql`public."ModelException" WHERE "organizationId" = o."id"
    ${ownIds === null ? Prisma.empty : isOwn}
    ${subjectId === null ? Prisma.empty : Prisma.sql`AND "subjectId" = ${subjectId}`}
    ${state === null ? Prisma.empty : Prisma.sql`AND ${isIn(state, now)}`}`;
}

function isIn(state: ExceptionState, now: Date): Prisma.Sql {
  if (state === 'EXPIRED') return Prisma.sql`"state" = 'GRANTED' AND "until" <= ${now}`;
  if (state === 'GRANTED') return Prisma.sql`"state" = 'GRANTED' AND "until" > ${now}`;
  return Prisma.sql`"state" = ${state}::text::public."ModelExceptionState"`;
}

function placeOf([createdAt, id]: ExceptionKey): Prisma.Sql {
  return Prisma.sql`(${createdAt}::timestamptz(3), ${id})`;
}
