import type { Catalog } from '../catalog/catalog.ts';
import { idOf, type Model } from '../catalog/model.ts';
import { type Difference, PolicyComparison } from './comparison.ts';
import type { Exception } from './exception.ts';
import { hasModel, isEmpty, noModels, positionsOf, unionOf } from './model-set.ts';
import type { Policy } from './policy-value.ts';
import type { Reason } from './reasons.ts';
import { allowedBy } from './selector-index.ts';
import { anySubject, type Subject, subjectNamed } from './subject.ts';

/** A model by its provider and what that calls it; it need not be in the catalog. */
interface ModelRef {
  provider: string;
  modelId: string;
}

export type Counted = ModelRef & { count: number };

/** Members whose rules are the same: those of their role, of the teams that matter, and their own. */
export interface MemberClass {
  subject: Subject;
  count: number;
  /** Their default configurations, of those who have one of their own. */
  ownDefaults: readonly Counted[];
  /** Their own enabled configurations, without those of the viewer. */
  hiddenConfigs: readonly Counted[];
}

/** What the comparison of two policies needs besides them: the state of one organization. */
export interface PolicyFacts {
  catalog: Catalog;
  /** Those that are in force. */
  exceptions: readonly Exception[];
  viewer: Subject;
  /** The enabled configurations that the viewer sees: shared ones, and its own. */
  configs: readonly (ModelRef & { id: string; isOwn: boolean })[];
  /** The model of the enabled default configuration that the organization shares. */
  sharedDefault: ModelRef | null;
  members: readonly MemberClass[];
  /** The API keys with rules of their own. */
  apiKeys: readonly Subject[];
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
  /** Of somebody, or of the organization. Those used most first, then in the catalog's order. */
  newlyBlocked: readonly ModelImpact[];
  newlyAllowed: readonly ModelImpact[];
  /** The ids of visible configurations that are usable before and refused after. */
  modelConfigIds: readonly string[];
  hiddenModelConfigCount: number;
  defaults: readonly DefaultImpact[];
  aliases: readonly AliasImpact[];
  /** Members who may use some model before, and none after. */
  membersLeftWithoutModel: number;
  /** Exceptions in force by which somebody keeps a model that is refused after and not before. */
  exceptionsThatLift: number;
  /** Of what is newly blocked. */
  recentUses: bigint;
  recentCost: bigint | null;
}

/** A model that somebody may use by one of two policies only. */
export interface ModelImpact {
  model: Model;
  /** Every reason against it: for whoever has no rules of its own where it is so for them, else for most of whom it is so. */
  before: readonly Reason[];
  after: readonly Reason[];
  /** How many members it is so for. */
  members: number;
  recentUses: bigint;
  recentUsers: number;
}

/** Another effective default for some members; null for none. */
export interface DefaultImpact {
  from: Model | null;
  to: Model | null;
  members: number;
}

/** Another model that an alias stands for, for whoever has no rules of its own; null for none. */
export interface AliasImpact {
  name: string;
  from: Model | null;
  to: Model | null;
}

/** Compares two policies by what each decides now. The only comparison: each preview, difference and restore calls it. */
export function impactOf(before: Policy, after: Policy, facts: PolicyFacts, now: Date): PolicyImpact {
  const comparison = new PolicyComparison(before, after, facts, now);
  const { catalog, recentUse, members } = facts;
  const ofAll = comparison.of(anySubject);
  const differences = comparison.differences([
    { subject: anySubject, count: 0 },
    ...members,
    ...facts.apiKeys.map((subject) => ({ subject, count: 0 })),
  ]);
  const newlyBlocked = modelImpacts(comparison, facts, differences, 'blocked');
  const newlyAllowed = modelImpacts(comparison, facts, differences, 'allowed');

  const bare = new PolicyComparison(before, after, { catalog, exceptions: [] }, now);
  const inForce = facts.exceptions.filter(({ until }) => until > now);

  const isIn = ({ blocked }: Difference, ref: ModelRef) => {
    const model = catalog.byId(idOf(ref));
    return model !== undefined && hasModel(blocked, model.position);
  };
  const ofViewer = comparison.of(facts.viewer);
  const hidden = members.map(({ subject, hiddenConfigs }) => {
    const difference = comparison.of(subject);
    return sum(hiddenConfigs.filter((config) => isIn(difference, config)).map(({ count }) => count));
  });
  const costs = newlyBlocked.map(({ model }) => recentUse.get(model.id)?.cost ?? null).filter((cost) => cost !== null);

  return {
    newlyBlocked,
    newlyAllowed,
    modelConfigIds: facts.configs.filter((one) => isIn(one.isOwn ? ofViewer : ofAll, one)).map(({ id }) => id),
    hiddenModelConfigCount: sum(hidden),
    defaults: defaultImpacts(comparison, facts),
    aliases: comparison.aliases(),
    membersLeftWithoutModel: sum(differences.map(({ count, difference }) => (difference.leavesNone ? count : 0))),
    exceptionsThatLift: inForce.filter((exception) => isNeeded(exception, bare, facts)).length,
    recentUses: newlyBlocked.reduce((total, { recentUses }) => total + recentUses, 0n),
    recentCost: costs.length === 0 ? null : costs.reduce((total, cost) => total + cost),
  };
}

type Counts = ReturnType<PolicyComparison['differences']>;

function modelImpacts(
  comparison: PolicyComparison,
  { catalog, recentUse }: PolicyFacts,
  differences: Counts,
  side: 'blocked' | 'allowed',
): ModelImpact[] {
  const sets = differences.map(({ difference }) => difference[side]);
  const positions = positionsOf(unionOf(noModels(catalog.models.length), ...sets));
  const impacts = positions.flatMap((position): ModelImpact[] => {
    const model = catalog.models[position];
    const concerned = differences.filter((_, index) => hasModel(sets[index] ?? noModels(0), position));
    const [most] = concerned;
    if (!model || !most) return [];
    const { uses = 0n, users = 0 } = recentUse.get(model.id) ?? {};
    const members = sum(concerned.map(({ count }) => count));
    return [{ model, ...comparison.reasons(most.subject, model), members, recentUses: uses, recentUsers: users }];
  });
  return impacts.toSorted((one, other) => Number(other.recentUses - one.recentUses));
}

/** The changes of effective defaults, most members first: one for each pair of models. */
function defaultImpacts(comparison: PolicyComparison, { members, sharedDefault }: PolicyFacts): DefaultImpact[] {
  const changes = new Map<string, DefaultImpact>();
  for (const { subject, count, ownDefaults } of members) {
    const without = count - sum(ownDefaults.map((own) => own.count));
    for (const own of [{ count: without, ref: null }, ...ownDefaults.map((ref) => ({ count: ref.count, ref }))]) {
      const { from, to } = comparison.defaults(
        subject,
        [own.ref, sharedDefault].flatMap((ref) => ref ?? []),
      );
      if (from === to) continue;
      const key = `${from?.id} ${to?.id}`;
      changes.set(key, { from, to, members: own.count + (changes.get(key)?.members ?? 0) });
    }
  }
  return [...changes.values()]
    .filter((change) => change.members > 0)
    .toSorted((one, other) => other.members - one.members);
}

/** Whether an exception gives its subject something that, without exceptions, is allowed before and refused after. */
function isNeeded(exception: Exception, bare: PolicyComparison, { catalog }: PolicyFacts): boolean {
  const { blocked } = bare.of(subjectNamed(exception.subjectId));
  const lifted = positionsOf(allowedBy(catalog, exception.models));
  return !isEmpty(blocked) && lifted.some((position) => hasModel(blocked, position));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
