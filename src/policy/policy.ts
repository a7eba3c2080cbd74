import type { Catalog } from '../catalog/catalog.ts';
import { hasRetired } from '../catalog/lifecycle.ts';
import type { Model } from '../catalog/model.ts';
import type { Exception } from './exception.ts';
import { allModels, differenceOf, hasModel, type ModelSet, noModels, unionOf } from './model-set.ts';
import type { Reason } from './reasons.ts';
import { retiredAt } from './retirements.ts';
import { type Governed, type Rules, rulesOf } from './rules.ts';
import type { Subject } from './subject.ts';

/** The immutable state that a decision needs, for one organization at one revision. */
export interface Snapshot extends Governed {
  organizationId: string;
  revision: number;
  updatedAt: Date | null;
  updatedById: string | null;
}

/** The answer to "may this subject use this model now?". */
export interface ModelAccess {
  organizationId: string;
  subject: Subject;
  model: Model | undefined;
  allowed: boolean;
  reasons: readonly Reason[];
  /** The exception by which alone it is allowed; null where there is none. */
  exception: Exception | null;
  /** With `catalogVersion` the stamp of the decision: under an equal stamp it stays the same until `validUntil`. */
  revision: number;
  catalogVersion: number;
  /** The next moment at which it could change by time alone; null if there is none. */
  validUntil: Date | null;
}

/** Every reason against a model before exceptions, most important first; empty where there is none. */
export function reasonsAgainst(rules: Rules, model: Model | undefined, now: Date): Reason[] {
  if (!model) return ['UNKNOWN_MODEL'];

  const found: Reason[] = [];
  if (hasRetired(model, now)) found.push('RETIRED');
  if (!rules.subject.isMember) found.push('NOT_A_MEMBER');
  for (const { reason, models } of rules.against) if (hasModel(models, model.position)) found.push(reason);
  return found;
}

/** The reasons that no exception lifts. */
const lasting: ReadonlySet<Reason> = new Set<Reason>(['UNKNOWN_MODEL', 'RETIRED', 'NOT_A_MEMBER']);

/** The exception that lifts all these reasons now, of several the one that ends last; null where there is none. */
export function exceptionTo(
  reasons: readonly Reason[],
  { exceptions }: Rules,
  model: Model | undefined,
  now: Date,
): Exception | null {
  if (!model || exceptions.length === 0 || reasons.length === 0 || reasons.some((reason) => lasting.has(reason))) {
    return null;
  }
  let found: Exception | null = null;
  for (const { exception, models } of exceptions) {
    if (exception.until > now && (!found || exception.until > found.until) && hasModel(models, model.position)) {
      found = exception;
    }
  }
  return found;
}

/** The reasons that `decide` gives: none where an exception lifts them. */
export function reasonsTold(rules: Rules, model: Model, now: Date): Reason[] {
  const found = reasonsAgainst(rules, model, now);
  return exceptionTo(found, rules, model, now) ? [] : found;
}

/** All models that `decide` allows, as a set, and the next moment at which that could change by time alone. */
export function allowedAt({ subject, against, exceptions }: Rules, catalog: Catalog, now: Date): AllowedModels {
  const size = catalog.models.length;
  if (!subject.isMember) return { models: noModels(size), validUntil: null };
  const retired = retiredAt(catalog, now);
  const inForce = exceptions.filter(({ exception }) => exception.until > now);
  const refused = unionOf(noModels(size), ...against.map(({ models }) => models));
  const allowed = unionOf(differenceOf(allModels(size), refused), ...inForce.map(({ models }) => models));
  return {
    models: differenceOf(allowed, retired.models),
    validUntil: inForce.reduce((first, { exception }) => earlier(first, exception.until), retired.until),
  };
}

/** What a subject may use. */
export interface AllowedModels {
  models: ModelSet;
  validUntil: Date | null;
}

/**
 * Whether the subject may use the model, and if not, why. The only implementation of the policy: every field that answers `allowed`
 * calls this. Reads are given it as `Decisions`, which note what an answer was made from, so that it is not cached for longer than
 * its decisions are valid.
 */
export function decide(
  snapshot: Snapshot,
  subject: Subject,
  catalog: Catalog,
  model: Model | undefined,
  now: Date,
): ModelAccess {
  return decideBy(rulesOf(snapshot, catalog, subject), snapshot, catalog, model, now);
}

/** `decide` by the rules of its subject, where many models are decided on. */
export function decideBy(
  rules: Rules,
  { organizationId, revision }: Pick<Snapshot, 'organizationId' | 'revision'>,
  { version: catalogVersion }: Pick<Catalog, 'version'>,
  model: Model | undefined,
  now: Date,
): ModelAccess {
  const against = reasonsAgainst(rules, model, now);
  const exception = against.length === 0 ? null : exceptionTo(against, rules, model, now);
  // What has retired stays so.
  const retirement = model && against[0] !== 'RETIRED' ? model.retirement : null;
  return {
    organizationId,
    subject: rules.subject,
    model,
    allowed: against.length === 0 || exception !== null,
    reasons: exception ? [] : against,
    exception,
    revision,
    catalogVersion,
    validUntil: exception ? earlier(retirement, exception.until) : retirement,
  };
}

/** The earlier of two moments, where null is none. */
export function earlier(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

/** Whether a model can be a default at all: only chat models can. */
export function canBeDefault(model: Model): boolean {
  return model.kind === 'CHAT';
}
