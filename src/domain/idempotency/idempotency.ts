import { createHash } from 'node:crypto';
import type { Database } from '../../database/pool/client.ts';
import { IdempotencyInProgressError, IdempotencyKeyReusedError } from '../../errors/base.ts';
import { InvalidProviderKeyError } from '../../errors/models.ts';
import type { Sealed, Vault } from '../vault/vault.ts';

/** An idempotent request: it has its effect once, however often it is retried. */
export interface Attempt {
  /** The owner of the key: the same key of another caller is another request. */
  callerId: string;
  key: string;
  /** The content of the request: the same key must not be sent with another one. */
  asked: string;
  /** The caller's access, once the work is done: an answer is not replayed to a caller that has lost any of the access that it had then. */
  access: () => readonly string[];
  /** Whether the caller has this access now. */
  hasAccess: (db: Database, place: string) => boolean | Promise<boolean>;
}

/** The result of the work. Where `keep` is false, the transaction is rolled back: the answer must not claim an effect. */
export interface Outcome<Answer> {
  answer: Answer;
  keep: boolean;
}

interface Stored extends Sealed {
  fingerprint: Uint8Array;
}

interface ReplayableAnswer {
  /** The caller's access when the answer was stored. Stored answers have this name: it cannot be renamed. */
  standing: readonly string[];
  answer: unknown;
}

const placeOf = ({ callerId, key }: Attempt) => ({ organizationId: callerId, provider: 'idempotent-answer', id: key });

/**
 * Does the work once in 24 hours, and replays its answer to retries. The work and its stored answer are one transaction:
 * both are committed, or neither. `work` must use the database that it is given.
 *
 * @throws IdempotencyKeyReusedError, IdempotencyInProgressError
 */
export async function once<Answer>(
  db: Database,
  vault: Vault,
  attempt: Attempt,
  work: (db: Database) => Promise<Outcome<Answer>>,
): Promise<{ answer: Answer; isReplay: boolean }> {
  const fingerprint = createHash('sha256').update(attempt.asked).digest();
  let discarded: Outcome<Answer> | undefined;
  try {
    return await db.transaction(async (tx) => {
      discarded = undefined;
      const stored = await claim(tx, attempt);
      if (stored) return { answer: (await replay(tx, vault, attempt, stored, fingerprint)) as Answer, isReplay: true };

      const outcome = await work(tx);
      if (!outcome.keep) {
        discarded = outcome;
        throw new Error('What must not be stored is rolled back');
      }
      await store(tx, vault, attempt, { fingerprint, answer: outcome.answer });
      return { answer: outcome.answer, isReplay: false };
    });
  } catch (error) {
    if (discarded) return { answer: discarded.answer, isReplay: false };
    throw error;
  }
}

/** Locks the key until the end of the transaction, without waiting, and answers the stored answer, if there is one. */
async function claim(db: Database, { callerId, key }: Attempt): Promise<Stored | undefined> {
  const [lock] = await db.query<{ isMine: boolean }>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${JSON.stringify([callerId, key])}, 0)) AS "isMine"`;
  if (!lock?.isMine) throw new IdempotencyInProgressError();

  const [found] = await db.query<Stored>`
    SELECT "fingerprint", "sealed", "masterKeyId" FROM public."IdempotentAnswer"
    WHERE "callerId" = ${callerId} AND "key" = ${key} AND "at" > now() - interval '24 hours'`;
  return found;
}

async function replay(
  db: Database,
  vault: Vault,
  attempt: Attempt,
  { fingerprint, ...sealed }: Stored,
  requested: Buffer,
): Promise<unknown> {
  if (!requested.equals(fingerprint)) {
    throw new IdempotencyKeyReusedError('This Idempotency-Key was sent with another request', 422);
  }
  const stored = open(vault, attempt, sealed);
  const refusal = new IdempotencyKeyReusedError(
    'This request was carried out, but its answer can no longer be told',
    409,
  );
  if (!stored) throw refusal;
  for (const place of stored.standing) if (!(await attempt.hasAccess(db, place))) throw refusal;
  return stored.answer;
}

/** Decrypts a stored answer; undefined where the vault cannot, as when its master key was removed. */
function open(vault: Vault, attempt: Attempt, sealed: Sealed): ReplayableAnswer | undefined {
  try {
    return JSON.parse(vault.open({ ...placeOf(attempt), ...sealed }));
  } catch (error) {
    if (error instanceof InvalidProviderKeyError) return undefined;
    throw error;
  }
}

/** Stores the answer, and deletes up to ten that are older than 24 hours. */
async function store(
  db: Database,
  vault: Vault,
  attempt: Attempt,
  { fingerprint, answer }: { fingerprint: Buffer; answer: unknown },
): Promise<void> {
  const { sealed, masterKeyId } = vault.seal(placeOf(attempt), JSON.stringify({ standing: attempt.access(), answer }));
  await db.query`
    WITH "expired" AS (
      DELETE FROM public."IdempotentAnswer" WHERE ("callerId", "key") IN (
        SELECT "callerId", "key" FROM public."IdempotentAnswer"
        WHERE "at" <= now() - interval '24 hours' AND ("callerId", "key") <> (${attempt.callerId}, ${attempt.key})
        ORDER BY "at" LIMIT 10 FOR UPDATE SKIP LOCKED))
    INSERT INTO public."IdempotentAnswer" ("callerId", "key", "fingerprint", "sealed", "masterKeyId")
    VALUES (${attempt.callerId}, ${attempt.key}, ${fingerprint}, ${sealed}, ${masterKeyId})
    ON CONFLICT ("callerId", "key") DO UPDATE SET "fingerprint" = EXCLUDED."fingerprint", "sealed" = EXCLUDED."sealed",
      "masterKeyId" = EXCLUDED."masterKeyId", "at" = EXCLUDED."at"`;
}
