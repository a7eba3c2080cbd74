import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { Prisma } from '../../database/generated/prisma/client.ts';

/** How leases are kept, in ms. `joinMs` must be the same in all processes of a database. */
interface LeaseTimes {
  /** How often a lease is renewed. */
  heartbeatMs: number;
  /** How long a lease lasts from its last renewal on. */
  leaseMs: number;
  /** For how long it is taken as known which leases there are; a new lease is used only after that time. */
  joinMs: number;
}

const leaseTimes: LeaseTimes = { heartbeatMs: 500, leaseMs: 2_000, joinMs: 1_000 };

/** How much sooner than the database, in ms, a process takes its lease to be over: clocks differ, and times are rounded. */
const marginMs = 100;

type Client = Pick<pg.Client, 'query'>;

/** Whether a process other than this one may hold a lease: also where the table was emptied by a crash. */
export const othersThan = (id: string) => Prisma.sql`
  SELECT NOT EXISTS (SELECT FROM public."Instance" WHERE "id" = 'intact')
    OR EXISTS (SELECT FROM public."Instance" WHERE "id" <> ${id} AND "leaseUntil" > clock_timestamp()) AS "hasOthers"`;

/**
 * The right of one process to answer from its caches. It is renewed by the connection on which changes are heard, so that a
 * process that may have missed one loses it by itself; a change is acknowledged once every holder has confirmed that it
 * heard of it, or its lease is over (`createPeers`).
 *
 * Who joins is seen by every writer before it uses its lease: a writer knows for `joinMs` at most, from before it asked, that
 * there is nobody else, and the new lease is used only when `joinMs` have passed since it was in the table. All times are
 * taken by the process's monotonic clock before a statement is sent, the end of a lease by the database's after that: the
 * process stops first. The database's clock must not leap forward.
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

  /** Whether others may hold a lease; undefined where that was not asked for lately. */
  get hasOthers(): boolean | undefined {
    const { askedAt, exist } = this.#others;
    return performance.now() - askedAt < this.times.joinMs ? exist : undefined;
  }

  learnOthers(askedAt: number, exist: boolean): void {
    this.#others = { askedAt, exist };
  }

  /**
   * Begins anew on a connection that hears of changes: nothing that was cached before may be used any more. It hears no ping
   * of before; whoever sent one made its change before anything is read here.
   */
  async join(client: Client): Promise<void> {
    const sentAt = performance.now();
    await this.#beat(
      client,
      Prisma.sql`INSERT INTO public."Instance" ("id", "leaseUntil", "heard")
        VALUES (${this.id}, clock_timestamp() + ${this.times.leaseMs}::float8 * interval '1 millisecond', txid_current())
        ON CONFLICT ("id") DO UPDATE SET "leaseUntil" = EXCLUDED."leaseUntil", "heard" = EXCLUDED."heard" RETURNING "id"`,
      sentAt,
    );
    this.#begins = performance.now() + this.times.joinMs;
    this.#ends = sentAt + this.times.leaseMs - marginMs;
  }

  /** @throws where it was over before, or its row is gone */
  async renew(client: Client): Promise<void> {
    const sentAt = performance.now();
    const isRenewed = await this.#beat(
      client,
      Prisma.sql`UPDATE public."Instance"
        SET "leaseUntil" = clock_timestamp() + ${this.times.leaseMs}::float8 * interval '1 millisecond'
        WHERE "id" = ${this.id} RETURNING "id"`,
      sentAt,
    );
    if (!isRenewed || performance.now() >= this.#ends) throw new Error('The lease was over before it was renewed');
    this.#ends = sentAt + this.times.leaseMs - marginMs;
  }

  /** A ping was heard: confirms it, once for all that come meanwhile. Those who are told of changes were told of all before. */
  async hear(client: Client, ping: number): Promise<void> {
    if (Number.isSafeInteger(ping)) this.#heard = Math.max(this.#heard, ping);
    if (this.#isConfirming) return;
    this.#isConfirming = true;
    try {
      while (this.#heard > 0) {
        const heard = this.#heard;
        this.#heard = 0;
        // Anybody can notify: no ping has a number that is still to come.
        await client.query(
          `UPDATE public."Instance" SET "heard" = greatest("heard", least($2::bigint, txid_current())) WHERE "id" = $1`,
          [this.id, heard],
        );
      }
    } finally {
      this.#isConfirming = false;
    }
  }

  /** Caches may not be used any more. In the table the lease runs out. */
  drop(): void {
    this.#ends = 0;
  }

  /** As `drop`; nobody waits for the process from then on. */
  async leave(client: Client): Promise<void> {
    const wasHeld = this.#ends > 0;
    this.drop();
    if (wasHeld) await client.query(`DELETE FROM public."Instance" WHERE "id" = $1`, [this.id]);
  }

  /** Writes the own row, learns of others, and removes rows of processes that are long gone. Whether the row was written. */
  async #beat(client: Client, write: Prisma.Sql, sentAt: number): Promise<boolean> {
    const { text, values } = Prisma.sql`
      WITH "own" AS (${write}), "gone" AS (
        DELETE FROM public."Instance" WHERE "id" IN (
          SELECT "id" FROM public."Instance" WHERE "leaseUntil" < clock_timestamp() - interval '1 minute'
            AND "id" NOT IN ('intact', ${this.id}) FOR UPDATE SKIP LOCKED))
      SELECT EXISTS (SELECT FROM "own") AS "isWritten", (${othersThan(this.id)})`;
    const { rows } = await client.query<{ isWritten: boolean; hasOthers: boolean }>(text, values);
    const [{ isWritten, hasOthers } = { isWritten: false, hasOthers: true }] = rows;
    this.learnOthers(sentAt, hasOthers);
    return isWritten;
  }
}
