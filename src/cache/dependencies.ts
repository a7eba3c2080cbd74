import type { Database } from '../database/pool/client.ts';
import type { Tag, Tags } from './tags.ts';

/** The tags of what one request has read: its answer is valid while all of them are current. */
export class Dependencies {
  readonly tags = new Set<Tag>();
  /** Whether tags cover all that was read. */
  isCacheable = true;

  track(tag: Tag): void {
    this.tags.add(tag);
  }

  markUncacheable(): void {
    this.isCacheable = false;
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
