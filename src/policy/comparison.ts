import type { Catalog } from '../catalog/catalog.ts';
import { idOf, type Model } from '../catalog/model.ts';
import { modelsOf } from './alias.ts';
import { indexOfDefault, preferredDefault } from './default-chain.ts';
import type { Exception } from './exception.ts';
import { differenceOf, isEmpty, type ModelSet } from './model-set.ts';
import { allowedAt, decideBy, reasonsTold } from './policy.ts';
import type { Policy } from './policy-value.ts';
import type { Reason } from './reasons.ts';
import { type Governed, type Rules, rulesOf } from './rules.ts';
import { anySubject, type Subject } from './subject.ts';

/** What a subject may use by one of two policies only. */
export interface Difference {
  blocked: ModelSet;
  allowed: ModelSet;
  /** Whether it may use some model before, and none after. */
  leavesNone: boolean;
}

interface Facts {
  catalog: Catalog;
  exceptions: readonly Exception[];
}

/** A model by its provider and what that calls it. */
type ModelRef = Parameters<typeof idOf>[0];

/** What two policies decide at one moment. Subjects with the same rules are compared once. */
export class PolicyComparison {
  readonly #before: Governed;
  readonly #after: Governed;
  readonly #catalog: Catalog;
  readonly #now: Date;
  readonly #allowed = new Map<Rules['against'], ModelSet>();
  readonly #differences = new Map<Rules['against'], Map<Rules['against'], Difference>>();

  constructor(before: Policy, after: Policy, { catalog, exceptions }: Facts, now: Date) {
    this.#before = { ...before, exceptions };
    this.#after = { ...after, exceptions };
    this.#catalog = catalog;
    this.#now = now;
  }

  of(subject: Subject): Difference {
    const { before, after } = this.#rules(subject);
    const known = this.#differences.get(before.against)?.get(after.against);
    if (known) return known;

    const [was, is] = [this.#allowedBy(before), this.#allowedBy(after)];
    const difference = {
      blocked: differenceOf(was, is),
      allowed: differenceOf(is, was),
      leavesNone: isEmpty(is) && !isEmpty(was),
    };
    const others = this.#differences.get(before.against) ?? new Map<Rules['against'], Difference>();
    this.#differences.set(before.against, others.set(after.against, difference));
    return difference;
  }

  /** The differences for these subjects, each once with the sum of their counts: the first, then those of most. */
  differences(
    subjects: readonly { subject: Subject; count: number }[],
  ): { difference: Difference; subject: Subject; count: number }[] {
    const found = new Map<Difference, { difference: Difference; subject: Subject; count: number }>();
    for (const { subject, count } of subjects) {
      const difference = this.of(subject);
      const known = found.get(difference);
      if (known) known.count += count;
      else found.set(difference, { difference, subject, count });
    }
    const [first, ...others] = found.values();
    return [first ?? [], others.toSorted((one, other) => other.count - one.count)].flat();
  }

  /** Every reason against a model for a subject, by both policies. */
  reasons(subject: Subject, model: Model): { before: Reason[]; after: Reason[] } {
    const { before, after } = this.#rules(subject);
    return { before: reasonsTold(before, model, this.#now), after: reasonsTold(after, model, this.#now) };
  }

  /** The effective defaults of a subject with these default configurations, by both policies. */
  defaults(subject: Subject, configured: readonly ModelRef[]): { from: Model | null; to: Model | null } {
    const { before, after } = this.#rules(subject);
    return {
      from: this.#defaultBy(this.#before, before, configured),
      to: this.#defaultBy(this.#after, after, configured),
    };
  }

  /** The aliases that stand for other models, for whoever has no rules of its own. */
  aliases(): { name: string; from: Model | null; to: Model | null }[] {
    const names = new Set([...Object.keys(this.#before.aliases), ...Object.keys(this.#after.aliases)]);
    const { before, after } = this.#rules(anySubject);
    return [...names]
      .sort()
      .map((name) => ({
        name,
        from: this.#resolve(this.#before, before, name),
        to: this.#resolve(this.#after, after, name),
      }))
      .filter(({ from, to }) => from !== to);
  }

  #rules(subject: Subject): { before: Rules; after: Rules } {
    return {
      before: rulesOf(this.#before, this.#catalog, subject),
      after: rulesOf(this.#after, this.#catalog, subject),
    };
  }

  #allowedBy(rules: Rules): ModelSet {
    const known = this.#allowed.get(rules.against) ?? allowedAt(rules, this.#catalog, this.#now).models;
    this.#allowed.set(rules.against, known);
    return known;
  }

  #resolve(policy: Policy, rules: Rules, name: string): Model | null {
    if (!Object.hasOwn(policy.aliases, name)) return null;
    const found = modelsOf(policy, this.#catalog, name).map((model) => this.#decide(rules, model));
    return found.find(({ allowed }) => allowed)?.model ?? null;
  }

  #defaultBy(policy: Policy, rules: Rules, configured: readonly ModelRef[]): Model | null {
    const { defaultModelKey } = policy;
    const ofConfigs = configured.map((ref) => this.#decide(rules, this.#catalog.byId(idOf(ref))));
    const named = defaultModelKey === null ? [] : modelsOf(policy, this.#catalog, defaultModelKey);
    const preferred = preferredDefault(named.map((model) => this.#decide(rules, model)));
    const chain = [...ofConfigs, ...(preferred ? [preferred] : [])].map((access) => ({ access, config: null }));
    return chain[indexOfDefault(chain)]?.access.model ?? null;
  }

  #decide(rules: Rules, model: Model | undefined) {
    return decideBy(rules, { organizationId: '', revision: 0 }, this.#catalog, model, this.#now);
  }
}
