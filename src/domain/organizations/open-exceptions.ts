import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';

/**
 * The exceptions of a user that are requested, or granted and have not ended: they end with the membership, so that whoever comes back
 * has none. `entry` is for the ledger. To be called under the organization's lock.
 */
export async function openExceptionsOf(tx: Database, organizationId: string, userId: string) {
  const isOpen = Prisma.sql`"organizationId" = ${organizationId} AND "subjectId" = ${userId}
    AND ("state" = 'REQUESTED' OR ("state" = 'GRANTED' AND "until" > now()))`;
  const open = await tx.query<{ id: string }>`SELECT "id" FROM public."ModelException" WHERE ${isOpen} ORDER BY "id"`;
  return {
    entry: open.length === 0 ? {} : { exceptionIds: open.map(({ id }) => id) },
    revoke: async (at: Date) => {
      if (open.length === 0) return;
      await tx.query`
        UPDATE public."ModelException" SET "state" = 'REVOKED', "decidedById" = NULL, "decidedAt" = ${at} WHERE ${isOpen}`;
    },
  };
}
