import type { Catalog } from '../catalog/catalog.ts';
import type { Exception } from './exception.ts';
import { addModel, allModels, differenceOf, isEmpty, type ModelSet, noModels, unionOf } from './model-set.ts';
import { entryOf, type Policy } from './policy-value.ts';
import type { Reason } from './reasons.ts';
import { allowedBy, blockedBy, namedBy, offeredBy } from './selector-index.ts';
import { anySubject, idOfRole, idsOfSubject, type Subject } from './subject.ts';

/** What decisions are made by, besides the catalog: the policy, and the exceptions to it. */
export interface Governed extends Policy {
  exceptions: readonly Exception[];
}

/** The rules of one subject, as sets of models: those of the organization, and of all that the subject belongs to. */
export interface Rules {
  subject: Subject;
  /** The models that the policy refuses, by the reason, most important first. */
  against: readonly { reason: Reason; models: ModelSet }[];
  exceptions: readonly { exception: Exception; models: ModelSet }[];
}

/** Subjects with rules of their own whose rules are kept. */
const maxKept = 1_000;

/** A policy, compiled for a catalog: rules of subjects are made when the first decision asks for them, and kept. */
class CompiledPolicy {
  readonly #policy: Governed;
  readonly #catalog: Catalog;
  /** Whom scopes and exceptions name. */
  readonly #named: ReadonlySet<string>;
  readonly #kept = new Map<string, Rules>();
  readonly namesTeams: boolean;
  #pending: ModelSet | null | undefined;

  constructor(policy: Governed, catalog: Catalog) {
    this.#policy = policy;
    this.#catalog = catalog;
    this.#named = new Set([...Object.keys(policy.scopes), ...policy.exceptions.map(({ subjectId }) => subjectId)]);
    this.namesTeams = [...this.#named].some((id) => id.startsWith('team_'));
  }

  isOf(catalog: Catalog): boolean {
    return catalog === this.#catalog;
  }

  /** The rules of a subject. All that have the same ones share them, but for the subject itself. */
  rulesOf(subject: Subject): Rules {
    const key = this.#keyOf(subject);
    let rules = this.#kept.get(key);
    if (!rules) {
      rules = this.#compile(key === '' ? anySubject : subject);
      if (this.#kept.size >= maxKept) this.#kept.clear();
      this.#kept.set(key, rules);
    }
    return { subject, against: rules.against, exceptions: rules.exceptions };
  }

  /** The ids of the subject that some rule is of; '' where none is. Without an array: this is done for each decision. */
  #keyOf({ id, teams, role }: Subject): string {
    if (this.#named.size === 0) return '';
    let key = id !== null && this.#named.has(id) ? id : '';
    for (const team of teams) if (this.#named.has(team)) key += ` ${team}`;
    const ofRole = role === null ? '' : idOfRole(role);
    return this.#named.has(ofRole) ? `${key} ${ofRole}` : key;
  }

  #compile(subject: Subject): Rules {
    const [policy, catalog] = [this.#policy, this.#catalog];
    const ids = idsOfSubject(subject);
    const lists = [policy, ...ids.flatMap((id) => entryOf(policy.scopes, id) ?? [])];
    const against = [
      refused('PROVIDER_DISABLED', union(lists.map((list) => offeredBy(catalog, list.disabledProviders)))),
      refused('MODEL_DISABLED', union(lists.map((list) => blockedBy(catalog, list.disabledModels)))),
      refused('NOT_ALLOWED', this.#notAllowed(subject)),
      refused('PENDING_REVIEW', this.pending()),
    ];
    const ofSubject = policy.exceptions.filter(({ subjectId }) => ids.includes(subjectId));
    return {
      subject,
      against: against.flat(),
      exceptions: ofSubject.map((exception) => ({ exception, models: allowedBy(catalog, exception.models) })),
    };
  }

  /** What is beyond the nearest allow lists, or that of the organization, which bounds them. */
  #notAllowed(subject: Subject): ModelSet | null {
    const { allowedModels, scopes } = this.#policy;
    const nearest = nearestAllowLists(scopes, subject).map(({ list }) => list);
    const bounds = [...(allowedModels ? [[allowedModels]] : []), ...(nearest.length > 0 ? [nearest] : [])];
    if (bounds.length === 0) return null;
    const all = allModels(this.#catalog.models.length);
    return union(bounds.map((lists) => differenceOf(all, union(lists.map((list) => allowedBy(this.#catalog, list))))));
  }

  /** Only the lists of the organization are a review: else a list of one team would allow a model for all others. */
  pending(): ModelSet | null {
    if (this.#pending === undefined) this.#pending = pendingModels(this.#policy, this.#catalog);
    return this.#pending;
  }
}

function refused(reason: Reason, models: ModelSet | null): [] | [Rules['against'][number]] {
  return models && !isEmpty(models) ? [{ reason, models }] : [];
}

/** The allow list of one subject. */
interface AllowList {
  subjectId: string;
  list: readonly string[];
}

/** The allow lists that count for a subject, whose union is what it may use: its own, else those of its teams, else that of its role. */
export function nearestAllowLists(scopes: Policy['scopes'], { id, teams, role }: Subject): AllowList[] {
  const levels = [id === null ? [] : [id], teams, role === null ? [] : [idOfRole(role)]];
  const found = levels.map((ids) =>
    ids.flatMap((subjectId): AllowList[] => {
      const list = entryOf(scopes, subjectId)?.allowedModels;
      return list ? [{ subjectId, list }] : [];
    }),
  );
  return found.find((lists) => lists.length > 0) ?? [];
}

/** The models that are newer than the last review, and that no list of the organization names exactly; null where none has to wait. */
export function pendingModels(policy: Policy, catalog: Catalog): ModelSet | null {
  const { newModels, reviewedAt, approvedModels, allowedModels, disabledModels } = policy;
  if (newModels === 'ALLOW' || reviewedAt === null) return null;
  const reviewed = new Date(reviewedAt);
  const newer = noModels(catalog.models.length);
  for (const model of catalog.models) if (model.added > reviewed) addModel(newer, model.position);
  const named = [approvedModels, allowedModels ?? [], disabledModels].map((list) => namedBy(catalog, list));
  return differenceOf(newer, union(named));
}

function union([first, ...others]: readonly ModelSet[]): ModelSet {
  return unionOf(first ?? new Uint32Array(), ...others);
}

const compiled = new WeakMap<Governed, CompiledPolicy>();

function compile(policy: Governed, catalog: Catalog): CompiledPolicy {
  const known = compiled.get(policy);
  if (known?.isOf(catalog)) return known;
  const made = new CompiledPolicy(policy, catalog);
  compiled.set(policy, made);
  return made;
}

/** The rules of a subject by a policy. Compiled once for the policy's identity, which must not be mutated. */
export function rulesOf(policy: Governed, catalog: Catalog, subject: Subject): Rules {
  return compile(policy, catalog).rulesOf(subject);
}

/** The models that wait for a review, for whoever it is; null where none does. Cached like the rules. */
export function pendingOf(policy: Governed, catalog: Catalog): ModelSet | null {
  return compile(policy, catalog).pending();
}

/** Whether some rule is of a team: only then the teams of a user matter. */
export function namesTeams(policy: Governed, catalog: Catalog): boolean {
  return compile(policy, catalog).namesTeams;
}
