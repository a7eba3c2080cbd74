import type { Catalog } from '../../catalog/catalog.ts';
import { Decisions, type Listeners } from '../../policy/decisions.ts';
import { namesTeams } from '../../policy/rules.ts';
import { anySubject, kindOfSubject, type Subject } from '../../policy/subject.ts';
import type { OrganizationState } from '../ledger/snapshot.ts';
import { type PolicyAt, stateAt } from '../policy/policy-history.ts';
import { withLoaded } from '../reading/loader.ts';
import type { SubjectKey } from '../subjects/subject.ts';

/** Who asks: a user or an API key, and its role in an organization. */
interface Caller {
  id: string | null;
  roleIn: (organizationId: string) => Subject['role'];
}

/** The loaders of the request, and what its decisions are made by besides. */
interface Sources {
  states: { load: (organizationId: string) => OrganizationState | Promise<OrganizationState> };
  subjects: { load: (key: SubjectKey) => Subject | Promise<Subject> };
  catalog: Catalog;
  now: Date;
}

/** Reads what decisions of one request are made by. It does not authorize. */
export class DecisionReader {
  readonly #caller: Caller;
  readonly #sources: Sources;
  readonly #listeners: Listeners;
  /** Those for the caller, by the state that was asked for last. */
  #own: Decisions<OrganizationState> | undefined;

  constructor(caller: Caller, sources: Sources, listeners: Listeners) {
    this.#caller = caller;
    this.#sources = sources;
    this.#listeners = listeners;
  }

  /**
   * The decisions for the caller, or for another subject of the organization; by the policy `at` a revision in place of the present
   * one where it is given. At once where all is cached.
   */
  of(
    organizationId: string,
    subjectId: string | null,
    at: PolicyAt | null,
  ): Decisions<OrganizationState> | Promise<Decisions<OrganizationState>> {
    return withLoaded(this.#sources.states.load(organizationId), (present) => {
      // A list asks for each of its rows.
      const isOwn = subjectId === null && at === null;
      if (isOwn && this.#own?.state === present) return this.#own;
      const state = at ? stateAt(present, at) : present;
      const subject =
        subjectId === null || subjectId === this.#caller.id
          ? this.#callerSubject(state)
          : this.#other(state, subjectId);
      return withLoaded(subject, (known) => {
        const decisions = new Decisions(state, known, this.#sources, this.#listeners);
        if (isOwn) this.#own = decisions;
        return decisions;
      });
    });
  }

  /** The decisions for whoever is described, which nothing is read of. */
  as(organizationId: string, subject: Subject): Decisions<OrganizationState> | Promise<Decisions<OrganizationState>> {
    return withLoaded(
      this.#sources.states.load(organizationId),
      (state) => new Decisions(state, subject, this.#sources, this.#listeners),
    );
  }

  /** The teams of the caller are read only where some rule is of a team. */
  #callerSubject(state: OrganizationState): Subject | Promise<Subject> {
    const { id, roleIn } = this.#caller;
    const subject = { ...anySubject, id, role: roleIn(state.organizationId) };
    if (id === null || kindOfSubject(id) !== 'USER' || !namesTeams(state, this.#sources.catalog)) return subject;
    // Its role may be of its token alone.
    return withLoaded(this.#other(state, id), ({ teams }) => ({ ...subject, teams }));
  }

  #other({ organizationId }: OrganizationState, subjectId: string): Subject | Promise<Subject> {
    return this.#sources.subjects.load({ organizationId, subjectId });
  }
}
