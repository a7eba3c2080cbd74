import type { Refusal } from './refusal.ts';

/** How many names that the catalog does not have are counted each by itself, in an hour, by one process. */
export interface NameLimits {
  ofSubject: number;
  ofOrganization: number;
  inAll: number;
}

/** The limit of a subject is the smaller one, so that one caller cannot use up the names of its organization. */
export const nameLimits: NameLimits = { ofSubject: 20, ofOrganization: 200, inAll: 10_000 };

interface NamesOfOrganization {
  size: number;
  bySubject: Map<string, Set<string>>;
}

/** Bounds the rows of unknown names: callers can invent them without end. */
export class NameLimit {
  readonly #limits: NameLimits;
  #hour = 0;
  #size = 0;
  #organizations = new Map<string, NamesOfOrganization>();

  constructor(limits: NameLimits) {
    this.#limits = limits;
  }

  /** Whether the name is counted by itself in this hour, a number that grows. A name that was, stays so. */
  admits({ organizationId, subjectId, modelKey }: Refusal, hour: number): boolean {
    if (hour > this.#hour) {
      this.#hour = hour;
      this.#size = 0;
      this.#organizations = new Map();
    }
    const organization = this.#organizations.get(organizationId) ?? { size: 0, bySubject: new Map() };
    const names = organization.bySubject.get(subjectId) ?? new Set();
    if (names.has(modelKey)) return true;

    const { ofSubject, ofOrganization, inAll } = this.#limits;
    if (names.size >= ofSubject || organization.size >= ofOrganization || this.#size >= inAll) return false;
    names.add(modelKey);
    organization.bySubject.set(subjectId, names);
    organization.size += 1;
    this.#organizations.set(organizationId, organization);
    this.#size += 1;
    return true;
  }
}
