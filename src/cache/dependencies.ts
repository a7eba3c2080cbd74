import type { Database } from '../database/pool/client.ts';
import type { Tag, Tags } from './tags.ts';

/** The decisions that an answer was made from. */
export interface DecisionsMade {
  /** The version of the catalog that they were made by. */
  readonly catalogVersion: number;
  /** The first moment at which one of them could change by time alone; null if there is none. */
  validUntil: Date | null;
}

/** What one request has read and decided: its answer is valid while all tags are current, until one of the decisions ends. */
export class Dependencies {
  readonly tags = new Set<Tag>();
  /** Whether tags cover all that was read. */
  isCacheable = true;
  /** Null where nothing was decided. */
  decisions: DecisionsMade | null = null;

  track(tag: Tag): void {
    this.tags.add(tag);
  }

  markUncacheable(): void {
    this.isCacheable = false;
  }

  /** Takes a decision that is told, or that what is told depends on, such as one by which a list is filtered. */
  addDecision({ catalogVersion, validUntil }: DecisionsMade): void {
    const { decisions } = this;
    if (decisions === null) this.decisions = { catalogVersion, validUntil };
    else if (validUntil !== null && (decisions.validUntil === null || validUntil < decisions.validUntil)) {
      decisions.validUntil = validUntil;
    }
  }
}

/** A request's only access to the database: each read takes the tags that cover it, or makes the answer uncacheable. */
export class TrackedDatabase {
  readonly #db: Database;
  readonly #tags: Tags;
  readonly #dependencies: Dependencies;

  constructor(db: Database, tags: Tags, dependencies: Dependencies) {
    this.#db = db;
    this.#tags = tags;
    this.#dependencies = dependencies;
  }

  /** For reads that no tags cover. Makes the answer uncacheable. */
  untracked(): Database {
    this.#dependencies.markUncacheable();
    return this.#db;
  }

  /** For reads that only a change of one of these organizations invalidates. Takes their tags: call it before the read. */
  of(organizationIds: readonly string[]): Database {
    for (const id of organizationIds) this.take(id);
    return this.#db;
  }

  /** Takes the tag of an organization, and adds it to the dependencies. */
  take(organizationId: string): Tag {
    const tag = this.#tags.take(organizationId);
    this.#dependencies.track(tag);
    return tag;
  }
}
