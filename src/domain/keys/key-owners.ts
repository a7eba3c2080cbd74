import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { idsOf } from '../input/id.ts';
import { inOrderOf } from '../reading/page.ts';
import { isWithin, type OrganizationScope } from '../reading/read-scope.ts';

const kinds = {
  ApiKey: { prefix: 'api', table: Prisma.sql`public."ApiKey"` },
  ProviderKey: { prefix: 'key', table: Prisma.sql`public."ProviderKey"` },
} as const;

/** The organizations that own keys of a kind, in the order of the ids; null for a key that no organization in scope has. */
export async function findKeyOwners(
  db: Database,
  kind: keyof typeof kinds,
  scope: OrganizationScope,
  ids: readonly string[],
): Promise<(string | null)[]> {
  const { prefix, table } = kinds[kind];
  const found = await db.query<{ id: string; organizationId: string }>`
    SELECT k."id", k."organizationId" FROM ${table} k
    WHERE k."id" = ANY(${idsOf(prefix, ids)}::text[]) AND ${isWithin(scope, Prisma.sql`k."organizationId"`)}`;
  return inOrderOf(ids, found).map((key) => key?.organizationId ?? null);
}
