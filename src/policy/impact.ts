import type { Catalog } from '../catalog/catalog.ts';
import { idOf, type Model } from '../catalog/model.ts';
import { indexOfDefault } from './default-chain.ts';
import { reasonsAgainst } from './policy.ts';
import type { Policy } from './policy-value.ts';
import type { Reason } from './reasons.ts';

/** A model by its provider and what that calls it; it need not be in the catalog. */
interface ModelRef {
  provider: string;
  modelId: string;
}

/** What the comparison of two policies needs besides them: the state of one organization. */
export interface PolicyFacts {
  catalog: Catalog;
  /** The enabled configurations that the viewer sees. */
  configs: readonly (ModelRef & { id: string })[];
  /** The enabled configurations that it does not see, counted by their model. */
  hiddenConfigs: readonly (ModelRef & { count: number })[];
  /** The model of the enabled default configuration that the organization shares. */
  sharedDefault: ModelRef | null;
  /** Members by their rules. Today these differ in their own default configuration alone: null where they have none. */
  members: readonly { ownDefault: ModelRef | null; count: number }[];
  /** What was used lately, by the ids of models. */
  recentUse: ReadonlyMap<string, RecentUse>;
}

/** The use of a model in a recent period. */
export interface RecentUse {
  uses: bigint;
  /** US dollars, in units of 10^-12; null where the price of no use is known. */
  cost: bigint | null;
  /** Distinct users, as applications named them. */
  users: number;
}

/** What another policy would change for an organization. */
export interface PolicyImpact {
  /** Those used most first, then in the catalog's order. */
  newlyBlocked: readonly ModelImpact[];
  newlyAllowed: readonly ModelImpact[];
  /** The ids of visible configurations that are usable before and refused after. */
  modelConfigIds: readonly string[];
  hiddenModelConfigCount: number;
  defaults: readonly DefaultImpact[];
  /** Members who may use some model before, and none after. */
  membersLeftWithoutModel: number;
  /** Of what is newly blocked. */
  recentUses: bigint;
  recentCost: bigint | null;
}

/** A model that is allowed by one of two policies only. */
export interface ModelImpact {
  model: Model;
  before: readonly Reason[];
  after: readonly Reason[];
  recentUses: bigint;
  recentUsers: number;
}

/** Another effective default for some members; null for none. */
export interface DefaultImpact {
  from: Model | null;
  to: Model | null;
  members: number;
}

/** Compares two policies by what each decides now. The only comparison: each preview, difference and restore calls it. */
export function impactOf(before: Policy, after: Policy, facts: PolicyFacts, now: Date): PolicyImpact {
  const { catalog, recentUse } = facts;
  const impacts = catalog.models.map((model): ModelImpact => {
    const { uses = 0n, users = 0 } = recentUse.get(model.id) ?? {};
    const reasons = { before: reasonsAgainst(before, model, now), after: reasonsAgainst(after, model, now) };
    return { model, ...reasons, recentUses: uses, recentUsers: users };
  });
  const newlyBlocked = impacts.filter((impact) => isAllowed(impact.before) && !isAllowed(impact.after));
  const newlyAllowed = impacts.filter((impact) => !isAllowed(impact.before) && isAllowed(impact.after));

  const blocked = new Set(newlyBlocked.map(({ model }) => model.id));
  const isBlocked = (ref: ModelRef) => blocked.has(idOf(ref));
  const isAnyLeft = impacts.some((impact) => isAllowed(impact.after));
  const costs = newlyBlocked.map(({ model }) => recentUse.get(model.id)?.cost ?? null).filter((cost) => cost !== null);

  return {
    newlyBlocked: newlyBlocked.toSorted(byUse),
    newlyAllowed: newlyAllowed.toSorted(byUse),
    modelConfigIds: facts.configs.filter(isBlocked).map(({ id }) => id),
    hiddenModelConfigCount: sum(facts.hiddenConfigs.filter(isBlocked).map(({ count }) => count)),
    defaults: defaultImpacts(before, after, facts, now),
    membersLeftWithoutModel: newlyBlocked.length > 0 && !isAnyLeft ? sum(facts.members.map(({ count }) => count)) : 0,
    recentUses: newlyBlocked.reduce((total, { recentUses }) => total + recentUses, 0n),
    recentCost: costs.length === 0 ? null : costs.reduce((total, cost) => total + cost),
  };
}

/** The changes of effective defaults, most members first: one for each pair of models. */
function defaultImpacts(before: Policy, after: Policy, facts: PolicyFacts, now: Date): DefaultImpact[] {
  const changes = new Map<string, DefaultImpact>();
  for (const { ownDefault, count } of facts.members) {
    const from = defaultOf(before, ownDefault, facts, now);
    const to = defaultOf(after, ownDefault, facts, now);
    if (from === to) continue;
    const key = `${from?.id} ${to?.id}`;
    changes.set(key, { from, to, members: count + (changes.get(key)?.members ?? 0) });
  }
  return [...changes.values()]
    .filter(({ members }) => members > 0)
    .toSorted((one, other) => other.members - one.members);
}

/** The effective default of a member with this default configuration of its own. */
function defaultOf(
  policy: Policy,
  ownDefault: ModelRef | null,
  { catalog, sharedDefault }: PolicyFacts,
  now: Date,
): Model | null {
  const configured = [ownDefault, sharedDefault].filter((ref) => ref !== null).map((ref) => catalog.byId(idOf(ref)));
  const named = policy.defaultModelKey === null ? [] : [catalog.find(policy.defaultModelKey)];
  const chain = [...configured, ...named].map((model) => ({
    access: { model, allowed: isAllowed(reasonsAgainst(policy, model, now)) },
    config: null,
  }));
  return chain[indexOfDefault(chain)]?.access.model ?? null;
}

function isAllowed(reasons: readonly Reason[]): boolean {
  return reasons.length === 0;
}

function byUse(one: ModelImpact, other: ModelImpact): number {
  return Number(other.recentUses - one.recentUses);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
