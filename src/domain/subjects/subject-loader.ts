import type { TrackedDatabase } from '../../cache/dependencies.ts';
import type { Tag } from '../../cache/tags.ts';
import type { Subject } from '../../policy/subject.ts';
import { ReadyLoader } from '../reading/loader.ts';
import { findSubjects, type SubjectKey } from './subject.ts';

/** Caches subjects across requests, each under two tags: its own, and that of its organization. It goes with the first of them. */
export class SubjectCache {
  readonly #subjects = new WeakMap<Tag, WeakMap<Tag, Subject>>();

  /** By tags that were just taken: those of before a change are others. */
  get([organization, own]: Tags): Subject | undefined {
    return this.#subjects.get(own)?.get(organization);
  }

  /** Caches a subject that was read after both tags were taken. Without a lease all tags are one, which is stale. */
  set([organization, own]: Tags, subject: Subject): void {
    if (!organization.isCurrent || !own.isCurrent) return;
    const known = this.#subjects.get(own);
    if (known) known.set(organization, subject);
    else this.#subjects.set(own, new WeakMap([[organization, subject]]));
  }
}

type Tags = readonly [organization: Tag, own: Tag];

interface Wanted extends SubjectKey {
  tags: Tags;
}

/** Loads the subjects of one request: at once where they are cached, all others of a moment in one statement. Does not authorize. */
export class SubjectLoader {
  readonly #source: TrackedDatabase;
  readonly #cache: SubjectCache;
  readonly #wanted = new Map<string, Wanted>();
  readonly #missing: ReadyLoader<string, Subject>;

  constructor(source: TrackedDatabase, cache: SubjectCache) {
    this.#source = source;
    this.#cache = cache;
    this.#missing = new ReadyLoader((names) => this.#read(names.map((name) => this.#wanted.get(name) as Wanted)));
  }

  load({ organizationId, subjectId }: SubjectKey): Subject | Promise<Subject> {
    const name = `${organizationId} ${subjectId}`;
    const known = this.#wanted.get(name);
    if (known) return this.#missing.load(name);

    const tags = [this.#source.take(organizationId), this.#source.take(subjectId)] as const;
    this.#wanted.set(name, { organizationId, subjectId, tags });
    const cached = this.#cache.get(tags);
    if (!cached) return this.#missing.load(name);
    this.#missing.prime(name, cached);
    return cached;
  }

  async #read(wanted: readonly Wanted[]): Promise<Subject[]> {
    const ids = wanted.flatMap(({ organizationId, subjectId }) => [organizationId, subjectId]);
    const found = await findSubjects(this.#source.of(ids), wanted);
    for (const [index, { tags }] of wanted.entries()) {
      const subject = found[index];
      if (subject) this.#cache.set(tags, subject);
    }
    return found;
  }

  clearAll(): void {
    this.#wanted.clear();
    this.#missing.clearAll();
  }
}
