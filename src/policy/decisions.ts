import type { Catalog } from '../catalog/catalog.ts';
import type { Model } from '../catalog/model.ts';
import { modelsOf } from './alias.ts';
import type { ModelSet } from './model-set.ts';
import { type AllowedModels, allowedAt, decideBy, earlier, type ModelAccess, type Snapshot } from './policy.ts';
import { type Rules, rulesOf } from './rules.ts';
import type { Subject } from './subject.ts';

/** Called with each decision: those that an answer was made from, and of these the ones that the client is told. */
export interface Listeners {
  onEvaluated: (decided: Pick<ModelAccess, 'catalogVersion' | 'validUntil'>) => void;
  onTold?: ((access: ModelAccess) => void) | undefined;
}

/** The decisions for one subject, by one state of its organization and one catalog at one moment: so they agree. */
export class Decisions<State extends Snapshot = Snapshot> {
  readonly state: State;
  readonly catalog: Catalog;
  readonly now: Date;
  readonly #rules: Rules;
  readonly #listeners: Listeners;
  #allowed: AllowedModels | undefined;

  constructor(state: State, subject: Subject, at: { catalog: Catalog; now: Date }, listeners: Listeners) {
    this.state = state;
    this.catalog = at.catalog;
    this.now = at.now;
    this.#rules = rulesOf(state, at.catalog, subject);
    this.#listeners = listeners;
  }

  get subject(): Subject {
    return this.#rules.subject;
  }

  /** What all subjects that are decided for alike have in common: the same object, while the policy and the catalog are the same. */
  get shared(): object {
    return this.#rules.against;
  }

  /** Decides on one model. The answer is cached no longer than the decision is valid. */
  evaluate(model: Model | undefined): ModelAccess {
    const access = decideBy(this.#rules, this.state, this.catalog, model, this.now);
    this.#listeners.onEvaluated(access);
    return access;
  }

  /** All models that are allowed, as a set: for lists, which depend on every decision. */
  allowed(): ModelSet {
    this.#allowed ??= allowedAt(this.#rules, this.catalog, this.now);
    this.#listeners.onEvaluated({ catalogVersion: this.catalog.version, validUntil: this.#allowed.validUntil });
    return this.#allowed.models;
  }

  /** The same, for the client to be told: metrics count it. */
  decide(model: Model | undefined): ModelAccess {
    const access = this.evaluate(model);
    this.#listeners.onTold?.(access);
    return access;
  }

  /** Decides on all models that a name means, in order. */
  evaluateName(name: string): ModelAccess[] {
    return modelsOf(this.state, this.catalog, name).map((model) => this.evaluate(model));
  }

  /**
   * Decides on a name, for the client to be told: on the first model of an alias that is allowed, else on its first. With `narrower`,
   * only what that allows too is allowed.
   */
  decideName(name: string, narrower?: Decisions): ModelAccess {
    return this.decideFirst(modelsOf(this.state, this.catalog, name), narrower);
  }

  /** The same for the models that a name means, where these are known. Without closures: the SDK decides a million times a second. */
  decideFirst(models: readonly (Model | undefined)[], narrower?: Decisions): ModelAccess {
    let told: ModelAccess | undefined;
    for (const model of models) {
      const own = this.evaluate(model);
      const access = narrower && own.allowed ? both(own, narrower.evaluate(model)) : own;
      if (!told || (access.allowed && !told.allowed)) told = access;
    }
    told ??= this.evaluate(undefined);
    this.#listeners.onTold?.(told);
    return told;
  }

  /** Notes that the client is told a decision which was made before, by the same state and catalog, and is valid now. */
  retell(access: ModelAccess): void {
    this.#listeners.onEvaluated(access);
    this.#listeners.onTold?.(access);
  }
}

/** An access that is allowed, unless the other one is not. */
function both(access: ModelAccess, other: ModelAccess): ModelAccess {
  const validUntil = earlier(access.validUntil, other.validUntil);
  return { ...(other.allowed ? access : other), subject: access.subject, validUntil };
}
