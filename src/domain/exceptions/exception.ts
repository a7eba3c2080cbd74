import type { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { columnsOf } from '../../database/pool/sql.ts';
import { idsOf } from '../input/id.ts';

const exceptionColumns = {
  organizationId: true,
  id: true,
  subjectId: true,
  models: true,
  state: true,
  until: true,
  reason: true,
  requestedById: true,
  decidedById: true,
  createdAt: true,
  decidedAt: true,
} as const satisfies Prisma.ModelExceptionSelect;

/** Models that a subject may use until a moment, though the policy does not allow them. */
export type ModelException = Prisma.ModelExceptionGetPayload<{ select: typeof exceptionColumns }>;

export const columnsOfException = columnsOf(exceptionColumns);

/** The exception of an organization with this id; undefined where it has none. */
export async function findException(
  db: Database,
  organizationId: string,
  id: string,
): Promise<ModelException | undefined> {
  const [found] = await db.query<ModelException>`
    SELECT ${columnsOfException} FROM public."ModelException"
    WHERE "organizationId" = ${organizationId} AND "id" = ANY(${idsOf('exc', [id])}::text[])`;
  return found;
}

/** The state of an exception in a ledger entry. Its reason is that of the entry. */
export function ledgerStateOf({
  subjectId,
  models,
  state,
  until,
}: Pick<ModelException, 'subjectId' | 'models' | 'state' | 'until'>) {
  return { subjectId, models, state, until: until.toISOString() };
}
