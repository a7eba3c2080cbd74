import { randomBytes } from 'node:crypto';
import { Prisma } from '../../database/generated/prisma/client.ts';

// The ledger is a chain: the hash of an entry is over the hash of the entry before it and its own canonical text. PostgreSQL
// computes both, wherever they are needed, so that they are the same to the byte. These fragments are of the entry "e".

/**
 * The canonical text of an entry: what is said of the change in the order of `jsonb`, without what is null, then the states
 * before and after it. A column that is added later must be null in the entries of today, so that their texts stay.
 */
export const canonicalText = Prisma.sql`(left(jsonb_strip_nulls(jsonb_build_object(
  'id', e."id", 'organizationId', e."organizationId", 'number', e."number",
  'at', to_char(e."at" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
  'actorId', e."actorId", 'actorApiKeyId', e."actorApiKeyId", 'actorScimTokenId', e."actorScimTokenId",
  'actorPlatformKeyId', e."actorPlatformKeyId",
  'impersonatedBy', e."impersonatedBy", 'action', e."action", 'subjectId', e."subjectId",
  'reason', e."reason", 'restoredFrom', e."restoredFrom", 'salt', e."salt"))::text, -1)
  || coalesce(', "before": ' || e."before"::text, '') || coalesce(', "after": ' || e."after"::text, '') || '}')`;

/**
 * The stored hash of the entry before; null where there is none, as before the first one. By its order, which only the primary key
 * has: a plan that was made while the table was small could take another index of the organization, and read all of its entries.
 */
export const previousHash = Prisma.sql`(SELECT p."hash" FROM public."Revision" p
  WHERE p."organizationId" = e."organizationId" AND p."number" < e."number" ORDER BY p."number" DESC LIMIT 1)`;

/** SHA-256 of the hash of the entry before (of nothing where that is null) and the canonical text. */
export function hashAfter(previous: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`sha256(coalesce(${previous}, '') || convert_to(${canonicalText}, 'UTF8'))`;
}

/** A salt that nobody can guess. */
export function newSalt(): string {
  return randomBytes(16).toString('base64url');
}
