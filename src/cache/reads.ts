import type { Database } from '../database/pool/client.ts';
import type { Freshness, Mark } from './freshness.ts';

/** What one request has read: its answer would be given again for as long as all of the marks are current. */
export class Reads {
  readonly marks = new Set<Mark>();
  /** Whether marks cover all that was read. */
  isRepeatable = true;

  note(mark: Mark): void {
    this.marks.add(mark);
  }

  spoil(): void {
    this.isRepeatable = false;
  }
}

/** The only ways of a request to the database: what it reads is covered by marks, or its answer is never remembered. */
export class Source {
  readonly #db: Database;
  readonly #freshness: Freshness;
  readonly #reads: Reads;

  constructor(db: Database, freshness: Freshness, reads: Reads) {
    this.#db = db;
    this.#freshness = freshness;
    this.#reads = reads;
  }

  /** For anything. */
  direct(): Database {
    this.#reads.spoil();
    return this.#db;
  }

  /** For what changes with a revision of one of these organizations alone; to be asked for right before it is read. */
  of(organizationIds: readonly string[]): Database {
    for (const id of organizationIds) this.mark(id);
    return this.#db;
  }

  /** The mark of an organization, which what is read from now on rests on. */
  mark(organizationId: string): Mark {
    const mark = this.#freshness.open(organizationId);
    this.#reads.note(mark);
    return mark;
  }
}
