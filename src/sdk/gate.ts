import { lifecycleOf } from '../catalog/lifecycle.ts';
import type { Model } from '../catalog/model.ts';
import { modelsOf } from '../policy/alias.ts';
import { Decisions } from '../policy/decisions.ts';
import type { ModelAccess } from '../policy/policy.ts';
import { exactName } from '../policy/review.ts';
import { allowedModels } from './change.ts';
import type { Source } from './source.ts';
import type { State } from './state.ts';
import { described } from './subjects.ts';
import type { AllowedModel, ConnectOptions, Decision, Question, Reason, Subject, Warning } from './types.ts';

/** Names whose meaning is kept. */
const maxNames = 10_000;

const unheard = { onEvaluated: () => {} };

/** Decides by the state that a source keeps up to date. */
export class Decider {
  readonly #source: Pick<Source, 'state' | 'staleMs' | 'maxStaleMs'>;
  readonly #deniesStale: boolean;
  /** What names mean by a state: to look that up takes as long as the rest of a decision. */
  #named: { state: State | undefined; models: Map<string, (Model | undefined)[]> } = {
    state: undefined,
    models: new Map(),
  };
  #time = new Date();

  constructor(
    source: Pick<Source, 'state' | 'staleMs' | 'maxStaleMs'>,
    { onStale = 'deny' }: Pick<ConnectOptions, 'onStale'>,
  ) {
    this.#source = source;
    this.#deniesStale = onStale === 'deny';
  }

  decide({ model: asked, subject }: Question): Decision {
    const { staleMs } = this.#source;
    const now = this.#now();
    // What is no name names no model.
    const name = typeof asked === 'string' ? asked : '';
    const access = this.#access(name, subject, now);
    const { model, allowed, exception, reasons, validUntil, revision, catalogVersion } = access;
    const isStale = staleMs > this.#source.maxStaleMs;
    const isDenied = isStale && this.#deniesStale;
    const warnings: Warning[] = [];
    if (model && allowed && lifecycleOf(model, now) === 'DEPRECATED') warnings.push('DEPRECATED');
    if (exception) warnings.push('EXCEPTION');
    if (isStale && !isDenied) warnings.push('STALE');
    return {
      allowed: allowed && !isDenied,
      reasons: isDenied ? ['STALE', ...reasons] : (reasons as readonly Reason[]),
      warnings,
      model: model ? exactName(model) : null,
      validUntil,
      revision,
      catalogVersion,
      staleMs,
    };
  }

  models(subject: Subject | undefined): AllowedModel[] {
    const { state, staleMs, maxStaleMs } = this.#source;
    if (staleMs > maxStaleMs && this.#deniesStale) return [];
    const now = new Date();
    const { known, narrower } = described(state.document, subject);
    const allowed = allowedModels(state, known, now);
    const both = narrower && new Set(allowedModels(state, narrower, now));
    return allowed
      .filter((model) => both === undefined || both.has(model))
      .map((model) => {
        const { provider, modelId, displayName, kind, contextWindow, maxOutputTokens } = model;
        return { model: exactName(model), provider, modelId, displayName, kind, contextWindow, maxOutputTokens };
      });
  }

  #access(name: string, subject: Subject | undefined, now: Date): ModelAccess {
    const { state } = this.#source;
    const { snapshot, catalog, document } = state;
    if (state !== this.#named.state) this.#named = { state, models: new Map() };
    const { models } = this.#named;
    let named = models.get(name);
    if (!named) {
      named = modelsOf(snapshot, catalog, name);
      if (models.size >= maxNames) models.clear();
      models.set(name, named);
    }
    const { known, narrower } = described(document, subject);
    const at = { catalog, now };
    const others = narrower && new Decisions(snapshot, narrower, at, unheard);
    return new Decisions(snapshot, known, at, unheard).decideFirst(named, others);
  }

  /** The present time, as the same object within a millisecond. */
  #now(): Date {
    const ms = Date.now();
    if (this.#time.getTime() !== ms) this.#time = new Date(ms);
    return this.#time;
  }
}
