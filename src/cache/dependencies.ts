import type { Database } from '../database/pool/client.ts';
import type { Tag, Tags } from './tags.ts';

/** What one request has read: its answer is valid while every one of the tags is current. */
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

/** The only ways of a request to the database: what it reads is covered by tags, or its answer is never cached. */
export class TrackedDatabase {
  readonly #db: Database;
  readonly #tags: Tags;
  readonly #dependencies: Dependencies;

  constructor(db: Database, tags: Tags, dependencies: Dependencies) {
    this.#db = db;
    this.#tags = tags;
    this.#dependencies = dependencies;
  }

  /** For anything. */
  untracked(): Database {
    this.#dependencies.markUncacheable();
    return this.#db;
  }

  /** For what changes with a revision of one of these organizations alone; to be asked for right before it is read. */
  of(organizationIds: readonly string[]): Database {
    for (const id of organizationIds) this.take(id);
    return this.#db;
  }

  /** The tag of an organization, which what is read from now on depends on. */
  take(organizationId: string): Tag {
    const tag = this.#tags.take(organizationId);
    this.#dependencies.track(tag);
    return tag;
  }
}
