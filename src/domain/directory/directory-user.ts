import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { columnsOf, countRows } from '../../database/pool/sql.ts';

/** What a directory says of a user: `attributes` are those besides the named ones. */
export interface DirectoryUserInput {
  userName: string;
  externalId: string | null;
  active: boolean;
  attributes: Prisma.InputJsonObject;
}

const userColumns = {
  userId: true,
  userName: true,
  externalId: true,
  active: true,
  attributes: true,
  version: true,
  createdAt: true,
  updatedAt: true,
} as const satisfies Prisma.ScimUserSelect;

/** A user as a directory keeps it; its id is that of the user. */
export type DirectoryUser = Prisma.ScimUserGetPayload<{ select: typeof userColumns }>;

export const columnsOfUser = columnsOf(userColumns);

/** What users are looked up by. Texts are compared as the attribute is: `externalId` and `id` exactly, others whatever their case. */
export type UserCondition =
  | { attribute: 'id' | 'externalId' | 'userName' | 'displayName'; value: string }
  | { attribute: 'email'; value: string; type: string | undefined }
  | { attribute: 'active'; value: boolean };

/** A page of a list, by its place: directories ask for no other. */
export interface Slice {
  offset: number;
  limit: number;
}

/** A user that the directory has not deleted. */
export async function findDirectoryUser(
  db: Database,
  organizationId: string,
  userId: string,
): Promise<DirectoryUser | undefined> {
  const [found] = await db.query<DirectoryUser>`
    SELECT ${columnsOfUser} FROM ${usersOf(organizationId)} AND "userId" = ${userId}`;
  return found;
}

/** The users that meet all conditions, oldest first, and how many there are. */
export async function findDirectoryUsers(
  db: Database,
  organizationId: string,
  { conditions, offset, limit }: Slice & { conditions: readonly UserCondition[] },
): Promise<{ total: number; users: DirectoryUser[] }> {
  const from = Prisma.join([usersOf(organizationId), ...conditions.map(isMet)], ' AND ');
  const total = await countRows(db, from);
  if (limit === 0 || offset >= total) return { total, users: [] };
  const users = await db.query<DirectoryUser>`
    SELECT ${columnsOfUser} FROM ${from} ORDER BY "createdAt", "userId" LIMIT ${limit} OFFSET ${offset}`;
  return { total, users };
}

/** The users of an organization that its directory has not deleted, as the SQL after FROM. */
export function usersOf(organizationId: string): Prisma.Sql {
  return Prisma.sql`public."ScimUser" WHERE "organizationId" = ${organizationId} AND "deletedAt" IS NULL`;
}

function isMet(condition: UserCondition): Prisma.Sql {
  const { value } = condition;
  switch (condition.attribute) {
    case 'id':
      return Prisma.sql`"userId" = ${value}`;
    case 'externalId':
      return Prisma.sql`"externalId" = ${value}`;
    case 'userName':
      return Prisma.sql`lower("userName") = lower(${value})`;
    case 'displayName':
      return Prisma.sql`lower("attributes" ->> 'displayName') = lower(${value})`;
    case 'active':
      return Prisma.sql`"active" = ${value}`;
    case 'email':
      return Prisma.sql`EXISTS (
        SELECT 1 FROM jsonb_array_elements("attributes" -> 'emails') e WHERE lower(e ->> 'value') = lower(${value})
        ${condition.type === undefined ? Prisma.empty : Prisma.sql`AND lower(e ->> 'type') = lower(${condition.type})`})`;
  }
}
