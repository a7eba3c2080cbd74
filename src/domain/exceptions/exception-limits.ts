import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { countRows } from '../../database/pool/sql.ts';
import { ValidationError } from '../../errors/base.ts';
import { refuseOneMore } from '../input/validation.ts';
import type { ExceptionsChange } from './exception-input.ts';

type Counted = Pick<ExceptionsChange, 'organizationId' | 'limits' | 'now'>;

/** Characters of the models of all exceptions that lift something: they are in the state that every decision is made from. */
const maxGrantedLength = 500_000;

/** Refuses one more exception where too many wait for a decision, or are granted and have not ended. @throws ValidationError */
export async function refuseTooMany(tx: Database, { organizationId, limits, now }: Counted): Promise<void> {
  const open = Prisma.sql`public."ModelException"
    WHERE "organizationId" = ${organizationId} AND ("state" = 'REQUESTED' OR ${lifts(now)})`;
  refuseOneMore(await countRows(tx, open), limits.exceptions, 'open exceptions');
}

/** Refuses one more request of a user, who could else use up the exceptions of the organization. @throws ValidationError */
export async function refuseTooManyRequests(
  tx: Database,
  { organizationId, limits }: Counted,
  userId: string | null,
): Promise<void> {
  const requested = Prisma.sql`public."ModelException"
    WHERE "organizationId" = ${organizationId} AND "state" = 'REQUESTED' AND "requestedById" = ${userId}`;
  refuseOneMore(await countRows(tx, requested), limits.exceptionRequests, 'requests of yours');
}

/** Refuses to grant what would make all that is granted too long. @throws ValidationError */
export async function refuseTooLong(
  tx: Database,
  { organizationId, now }: Counted,
  models: readonly string[],
): Promise<void> {
  const [granted] = await tx.query<{ length: number }>`
    SELECT coalesce(sum(char_length(array_to_string("models", ' '))), 0)::int AS "length" FROM public."ModelException"
    WHERE "organizationId" = ${organizationId} AND ${lifts(now)}`;
  if ((granted?.length ?? 0) + models.join(' ').length <= maxGrantedLength) return;
  const message = `are too long: those of all granted exceptions may have ${maxGrantedLength} characters at most`;
  throw new ValidationError([{ path: 'models', message }]);
}

function lifts(now: Date): Prisma.Sql {
  return Prisma.sql`("state" = 'GRANTED' AND "until" > ${now})`;
}
