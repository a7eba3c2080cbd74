import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { type Checkpoint, signCheckpoint } from './checkpoint.ts';
import type { SigningKey } from './signing-key.ts';

/** How many organizations a transaction looks at. */
const batchSize = 200;

interface CheckpointRun {
  key: SigningKey;
  now: Date;
  /** Called with the checkpoints of each batch that are stored. */
  onCheckpoints: (checkpoints: readonly Checkpoint[]) => void;
}

/**
 * Signs the newest entry of each organization that has changed since its last checkpoint, unless that one is of the same day
 * (UTC). Looks at an organization and its last checkpoint by their keys, whatever the length of the ledger, and holds a batch in
 * memory. False where another process is at it, which then need not be done twice.
 */
export async function writeCheckpoints(db: Database, { key, now, onCheckpoints }: CheckpointRun): Promise<boolean> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const from: string = after;
    const batch = await db.transaction((tx) => writeBatch(tx, from, key, now));
    if (!batch) return false;
    if (batch.stored.length > 0) onCheckpoints(batch.stored);
    after = batch.last;
  }
  return true;
}

interface Batch {
  stored: Checkpoint[];
  /** The last organization that was looked at; absent where there are no more. */
  last?: string;
}

async function writeBatch(tx: Database, after: string, key: SigningKey, now: Date): Promise<Batch | undefined> {
  const [lock] = await tx.query<{ isMine: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtext('modelgate checkpoints')) AS "isMine"`;
  if (!lock?.isMine) return undefined;

  const today = new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000);
  const found = await tx.query<{ id: string; number: number | null; hash: string | null }>`
    SELECT o."id", r."number", encode(r."hash", 'hex') AS "hash"
    FROM (SELECT "id", "revision" FROM public."Organization" WHERE "id" > ${after} ORDER BY "id" LIMIT ${batchSize}) o
    LEFT JOIN LATERAL (
      SELECT "number", "at" FROM public."LedgerCheckpoint"
      WHERE "organizationId" = o."id" ORDER BY "number" DESC LIMIT 1
    ) c ON true
    LEFT JOIN public."Revision" r
      ON r."organizationId" = o."id" AND r."number" = o."revision" AND o."revision" > coalesce(c."number", 0)
        AND (c."at" IS NULL OR c."at" < ${today})
    ORDER BY o."id"`;
  const at = now.toISOString();
  const due = found.flatMap(({ id: organizationId, number, hash }) =>
    number === null || hash === null ? [] : [{ organizationId, number, hash, at }],
  );
  const last = found.length === batchSize ? found.at(-1)?.id : undefined;
  return { stored: await store(tx, due, key), ...(last !== undefined && { last }) };
}

async function store(tx: Database, due: readonly Checkpoint[], key: SigningKey): Promise<Checkpoint[]> {
  if (due.length === 0) return [];
  const signed = await Promise.all(due.map(async (one) => ({ ...one, token: await signCheckpoint(one, key) })));
  const columns = Prisma.sql`"organizationId", "number", "at", "token"`;
  const stored = await tx.query<{ organizationId: string }>`
    INSERT INTO public."LedgerCheckpoint" (${columns})
    SELECT ${columns} FROM jsonb_to_recordset(${JSON.stringify(signed)}::jsonb)
      AS c("organizationId" text, "number" int, "at" timestamptz, "token" text)
    ON CONFLICT DO NOTHING RETURNING "organizationId"`;
  const ids = new Set(stored.map(({ organizationId }) => organizationId));
  return due.filter(({ organizationId }) => ids.has(organizationId));
}
