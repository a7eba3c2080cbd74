import { setTimeout } from 'node:timers';
import type { Database } from '../../database/pool/client.ts';
import { NameLimit, type NameLimits, nameLimits } from './name-limit.ts';
import { otherNames, type Refusal } from './refusal.ts';
import { addRefusals, type RefusalCount } from './refusal-store.ts';

interface RefusalCounterOptions {
  db: Database;
  /** Called, once a minute at most, where counts could not be written, or did not fit into memory. */
  onFault: (fault: { error: unknown; lost: number }) => void;
  /** The interval, in ms, between two writes. What a crash of the process loses is at most the counts of one. */
  flushMs?: number | undefined;
  /** Rows in memory at most; when there are so many they are written at once. */
  maxRows?: number;
  limits?: NameLimits;
}

/** Rows of one statement: so many take some 100 ms. */
const rowsAtOnce = 2_000;

const hourMs = 3_600_000;
const minuteMs = 60_000;

/**
 * Counts refusals in memory, and adds the counts to the table every few seconds: a refusal sends no statement and is no row. Where
 * the database does not take them they are kept for the next attempt, up to `maxRows`. Where it takes them, and its answer is
 * lost, they count twice.
 */
export class RefusalCounter {
  readonly #db: Database;
  readonly #onFault: RefusalCounterOptions['onFault'];
  readonly #flushMs: number;
  readonly #maxRows: number;
  readonly #names: NameLimit;
  #pending = new Map<string, RefusalCount>();
  /** The pending rows of refusals that were met before: those of a cached answer are the same objects at each hit. */
  #rowOf = new Map<Refusal, RefusalCount>();
  #timer: NodeJS.Timeout | undefined;
  #writing = Promise.resolve();
  /** Whether a full memory must wait for the timer: it is being written, or that has failed. */
  #mustWait = false;
  #isClosed = false;
  #lost = 0;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor({ db, onFault, flushMs = 10_000, maxRows = 20_000, limits = nameLimits }: RefusalCounterOptions) {
    this.#db = db;
    this.#onFault = onFault;
    this.#flushMs = flushMs;
    this.#maxRows = maxRows;
    this.#names = new NameLimit(limits);
  }

  /** Counts refusals of this moment. Reads nothing, and never throws. */
  count(refusals: readonly Refusal[], at: Date): void {
    if (this.#isClosed) return;
    const hour = Math.floor(at.getTime() / hourMs);
    for (const refusal of refusals) {
      const row = this.#rowOf.get(refusal);
      if (row?.hour.getTime() === hour * hourMs) addTo(row, 1, at);
      else this.#countNew(refusal, hour, at);
    }
    this.#startTimer();
    if (this.#pending.size >= this.#maxRows && !this.#mustWait) {
      this.#mustWait = true;
      void this.flush();
    }
  }

  /** Writes what was counted before; resolves once that was attempted. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  /** Writes the rest. Nothing is counted from now on. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.flush();
  }

  #countNew(refusal: Refusal, hour: number, at: Date): void {
    const isOther = refusal.reason === 'UNKNOWN_MODEL' && !this.#names.admits(refusal, hour);
    const modelKey = isOther ? otherNames : refusal.modelKey;
    const row = this.#add({ ...refusal, modelKey, hour: new Date(hour * hourMs), count: 1, lastAt: at });
    if (row && this.#rowOf.size < this.#maxRows) this.#rowOf.set(refusal, row);
  }

  /** The row that it was added to; undefined where there is no place for it. */
  #add(row: RefusalCount): RefusalCount | undefined {
    const { organizationId, hour, subjectId, modelKey, reason, count, lastAt } = row;
    const key = `${organizationId}\n${hour.getTime()}\n${subjectId}\n${modelKey}\n${reason}`;
    const known = this.#pending.get(key);
    if (known) return addTo(known, count, lastAt);
    if (this.#pending.size < this.#maxRows) {
      this.#pending.set(key, row);
      return row;
    }
    this.#lost += count;
    return undefined;
  }

  #startTimer(): void {
    if (this.#isClosed) return;
    // It must not keep the process running.
    this.#timer ??= setTimeout(() => void this.flush(), this.#flushMs).unref();
  }

  async #write(): Promise<void> {
    const rows = [...this.#pending.values()];
    if (rows.length === 0) return;
    this.#pending = new Map();
    this.#rowOf = new Map();
    let error: unknown;
    let written = 0;
    try {
      for (; written < rows.length; written += rowsAtOnce) {
        await addRefusals(this.#db, rows.slice(written, written + rowsAtOnce));
      }
      this.#mustWait = false;
    } catch (caught) {
      error = caught;
      this.#mustWait = true;
      for (const row of rows.slice(written)) this.#add(row);
      this.#startTimer();
    }
    if (error !== undefined || this.#lost > 0) this.#tell(error);
  }

  #tell(error: unknown): void {
    const now = performance.now();
    if (now - this.#toldAt < minuteMs) return;
    this.#toldAt = now;
    this.#onFault({ error, lost: this.#lost });
    this.#lost = 0;
  }
}

function addTo(row: RefusalCount, count: number, at: Date): RefusalCount {
  row.count += count;
  if (at > row.lastAt) row.lastAt = at;
  return row;
}
