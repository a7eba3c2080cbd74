import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { Prisma } from '../../database/generated/prisma/client.ts';

/** Times of leases, in ms. `joinMs` must be the same in all processes of a database. */
interface LeaseTimes {
  /** How often a lease is renewed. */
  heartbeatMs: number;
  /** How long a lease lasts after a renewal. */
  leaseMs: number;
  /** How long a process caches whether there are other leases; a new lease is used only after that time. */
  joinMs: number;
}

const leaseTimes: LeaseTimes = { heartbeatMs: 500, leaseMs: 2_000, joinMs: 1_000 };

/** A lease expires in its process this much earlier, in ms, than in the database: clocks differ, and times are rounded. */
const marginMs = 100;

type Client = Pick<pg.Client, 'query'>;

/** Whether another process may hold a lease. True also where the row `intact` is missing: a crash empties the unlogged table. */
export const othersThan = (id: string) => Prisma.sql`
  SELECT NOT EXISTS (SELECT FROM public."Instance" WHERE "id" = 'intact')
    OR EXISTS (SELECT FROM public."Instance" WHERE "id" <> ${id} AND "leaseUntil" > clock_timestamp()) AS "hasOthers"`;

/**
 * The lease under which one process may answer from its caches. It is renewed on the connection that receives notifications, so
 * that a process that may have missed one loses its lease. A change is acknowledged once every holder has confirmed that it was
 * notified, or its lease has expired (`createPeers`).
 *
 * Every writer sees a new lease before it is used: a writer caches for at most `joinMs`, from before its query, that there are
 * no others, and a new lease is used only once `joinMs` have passed since it was committed. A process reads its monotonic
 * clock before it sends a statement, the database computes the expiry after that: so a lease expires first in its process.
 * The database's clock must not jump forward.
 */
export class CacheLease {
  readonly id: string = randomUUID();
  readonly times: LeaseTimes;
  #begins = 0;
  #ends = 0;
  #others = { askedAt: Number.NEGATIVE_INFINITY, exist: true };
  #heard = 0;
  #isConfirming = false;

  constructor(times: LeaseTimes = leaseTimes) {
    this.times = times;
  }

  /** Whether caches may be used now. */
  get isHeld(): boolean {
    if (this.#ends === 0) return false;
    const now = performance.now();
    return now >= this.#begins && now < this.#ends;
  }

  /** Whether others may hold a lease, from the cache; undefined where that is older than `joinMs`. */
  get hasOthers(): boolean | undefined {
    const { askedAt, exist } = this.#others;
    return performance.now() - askedAt < this.times.joinMs ? exist : undefined;
  }

  cacheOthers(askedAt: number, exist: boolean): void {
    this.#others = { askedAt, exist };
  }

  /**
   * Takes a lease on a connection that listens. Everything cached before must be invalidated. Earlier pings count as
   * confirmed: the changes before them were committed before anything is read under this lease.
   */
  async join(client: Client): Promise<void> {
    const sentAt = performance.now();
    await this.#writeRow(
      client,
      Prisma.sql`INSERT INTO public."Instance" ("id", "leaseUntil", "heard")
        VALUES (${this.id}, clock_timestamp() + ${this.times.leaseMs}::float8 * interval '1 millisecond', txid_current())
        ON CONFLICT ("id") DO UPDATE SET "leaseUntil" = EXCLUDED."leaseUntil", "heard" = EXCLUDED."heard" RETURNING "id"`,
      sentAt,
    );
    this.#begins = performance.now() + this.times.joinMs;
    this.#ends = sentAt + this.times.leaseMs - marginMs;
  }

  /** @throws where the lease has expired, or its row is gone */
  async renew(client: Client): Promise<void> {
    const sentAt = performance.now();
    const isRenewed = await this.#writeRow(
      client,
      Prisma.sql`UPDATE public."Instance"
        SET "leaseUntil" = clock_timestamp() + ${this.times.leaseMs}::float8 * interval '1 millisecond'
        WHERE "id" = ${this.id} RETURNING "id"`,
      sentAt,
    );
    if (!isRenewed || performance.now() >= this.#ends) throw new Error('The lease was over before it was renewed');
    this.#ends = sentAt + this.times.leaseMs - marginMs;
  }

  /**
   * Confirms a ping. Pings that arrive during the statement are coalesced into one confirmation. Notifications arrive in the
   * order of commits, so that all changes before the ping have been received.
   */
  async confirm(client: Client, ping: number): Promise<void> {
    if (Number.isSafeInteger(ping)) this.#heard = Math.max(this.#heard, ping);
    if (this.#isConfirming) return;
    this.#isConfirming = true;
    try {
      while (this.#heard > 0) {
        const heard = this.#heard;
        this.#heard = 0;
        // Any client of the database can send a notification: a number above the current transaction's must not confirm later
        // pings.
        await client.query(
          `UPDATE public."Instance" SET "heard" = greatest("heard", least($2::bigint, txid_current())) WHERE "id" = $1`,
          [this.id, heard],
        );
      }
    } finally {
      this.#isConfirming = false;
    }
  }

  /** Releases the lease in this process: caches may not be used any more. Its row in the table expires. */
  drop(): void {
    this.#ends = 0;
  }

  /** As `drop`, and deletes the row, so that no writer waits for this process. */
  async leave(client: Client): Promise<void> {
    const wasHeld = this.#ends > 0;
    this.drop();
    if (wasHeld) await client.query(`DELETE FROM public."Instance" WHERE "id" = $1`, [this.id]);
  }

  /**
   * Writes the own row, refreshes `hasOthers`, and deletes rows that expired a minute ago. Answers whether the row was written.
   */
  async #writeRow(client: Client, write: Prisma.Sql, sentAt: number): Promise<boolean> {
    const { text, values } = Prisma.sql`
      WITH "own" AS (${write}), "gone" AS (
        DELETE FROM public."Instance" WHERE "id" IN (
          SELECT "id" FROM public."Instance" WHERE "leaseUntil" < clock_timestamp() - interval '1 minute'
            AND "id" NOT IN ('intact', ${this.id}) FOR UPDATE SKIP LOCKED))
      SELECT EXISTS (SELECT FROM "own") AS "isWritten", (${othersThan(this.id)})`;
    const { rows } = await client.query<{ isWritten: boolean; hasOthers: boolean }>(text, values);
    const [{ isWritten, hasOthers } = { isWritten: false, hasOthers: true }] = rows;
    this.cacheOthers(sentAt, hasOthers);
    return isWritten;
  }
}
