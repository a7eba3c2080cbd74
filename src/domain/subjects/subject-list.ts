import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';

/** The kinds of subjects that an organization has any number of. */
export type ListedKind = 'USER' | 'TEAM' | 'API_KEY';

interface Asked {
  organizationId: string;
  kind: ListedKind;
  /** Ids after this one alone. */
  after: string | null;
  limit: number;
  now: Date;
}

/** A page of the ids of an organization's members, teams or active API keys, in their order. */
export async function findSubjectIds(
  db: Database,
  { organizationId, kind, after, limit, now }: Asked,
): Promise<string[]> {
  const { id, table, isListed } = sources(now)[kind];
  const found = await db.query<{ id: string }>`
    SELECT s.${id} AS "id" FROM ${table} s
    WHERE s."organizationId" = ${organizationId} AND ${isListed}
      ${after === null ? Prisma.empty : Prisma.sql`AND s.${id} > ${after}`}
    ORDER BY s.${id} LIMIT ${limit}`;
  return found.map((row) => row.id);
}

function sources(now: Date) {
  const all = Prisma.sql`true`;
  const isActive = Prisma.sql`s."revokedAt" IS NULL AND (s."expiresAt" IS NULL OR s."expiresAt" > ${now})`;
  return {
    USER: { id: Prisma.sql`"userId"`, table: Prisma.sql`public."Membership"`, isListed: all },
    TEAM: { id: Prisma.sql`"id"`, table: Prisma.sql`public."Team"`, isListed: all },
    API_KEY: { id: Prisma.sql`"id"`, table: Prisma.sql`public."ApiKey"`, isListed: isActive },
  } satisfies Record<ListedKind, object>;
}
