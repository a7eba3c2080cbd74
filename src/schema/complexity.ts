import { type GraphQLField, getNamedType, getNullableType, isLeafType, isListType, isObjectType } from 'graphql';
import { anonymous } from '../auth/viewer.ts';
import type { Context } from '../context.ts';
import { maxDocumentTokens } from '../domain/policy/policy-document.ts';
import { daysKept } from '../domain/refusals/refusal-period.ts';
import { type Granularity, pointsIn } from '../domain/usage/usage-period.ts';
import { maxTargets } from '../policy/alias.ts';
import { type ConnectionArguments, pageSizeOf } from './connection.ts';

type Arguments = Record<string, unknown> & ConnectionArguments;

/** What prices depend on besides arguments. The viewer is used by the fields of `pricedByViewer` alone. */
export type PriceContext = Pick<Context, 'limits' | 'catalog' | 'viewer'>;

/** The names of the fields whose price depends on the viewer. */
const pricedByViewer: ReadonlySet<string> = new Set(['memberships']);

/** Points of a mutation, besides those of the entries of its lists. */
const changeCost = 10;

/** Points of a scalar value: it takes a fifth of the time of an object. */
const valueCost = 0.2;

/** Lists of an input that have users of a team: thousands, each of which costs as much as a value. */
const usersOfTeam: ReadonlySet<string> = new Set(['userIds', 'addUserIds', 'removeUserIds']);

/** Points of an object that is looked up by its id. */
const referenceCost = 3;

/** Points of a membership of the viewer: each leads to another organization, with its own authorization and statements. */
const membershipCost = 4;

/** Points of reading an organization's model settings, whose lists may be long: every decision about a model reads them. */
const settingsCost = 6;

/**
 * The fields of an organization that read its settings. The same fields of Query, which name one organization, cost no more; those
 * that are decided for each of many users do.
 */
const readsSettings: ReadonlySet<string> = new Set([
  'modelSettings',
  'policy',
  'policyDiff',
  'scopePolicies',
  'scopePolicy',
  'models',
  'pendingModels',
  'modelGroups',
  'modelAliases',
  'modelConfigs',
  'effectiveDefaultModel',
]);

/** Points of a period whose refusals are added up, for each of its days. */
const refusalDayCost = 1;

/** The number of entries that a list without pages is priced with, unless it is in `sizes`; lists of scalars have fewer. */
const listSize = 10;
const valuesSize = 5;

/**
 * Points of comparing two policies: each decides about every model of the catalog. With lists of 250 entries that takes about half a
 * millisecond of CPU, in which a page of configurations or of models with their access earns some 30 points.
 */
const impactCost = 45;

/** Points of the causes of a decision: to find their revisions searches up to 300 entries of the ledger. */
const causesCost = 40;

/**
 * Characters of a document that cost a point. Each of the first may be a token of its own, up to as many as a document may have, and
 * to parse these takes up to 100 ms; a long text in few tokens takes as much.
 */
const documentCharacters = 200;
const charactersOfTokens = 8;

/** Fields that are a policy as a document: to write it takes up to 2 ms. */
const documents: ReadonlySet<string> = new Set(['policyDocument', 'document']);

/** An open JSON object has up to 16 KiB, which are read and copied, but not parsed. */
const jsonCost = 10;

/** The maximum number of entries of lists without pages, by the names of their fields, or of what they are lists of. */
const sizes: Record<string, (args: Arguments, context: PriceContext) => number> = {
  ModelAlias: (_args, { limits }) => limits.inputList,
  // On average: of a policy with as many aliases as it may have.
  ModelCandidate: (_args, { limits }) => Math.min(maxTargets, Math.ceil(limits.policyEntries / limits.inputList)),
  // Entries have up to 200 characters, and so take longer to serialize than other values.
  disabledModels: (_args, { limits }) => limits.inputList / 5,
  allowedModels: (_args, { limits }) => limits.inputList / 5,
  approvedModels: (_args, { limits }) => limits.inputList / 5,
  coveredBy: (_args, { limits }) => limits.inputList / 5,
  allowCoveredBy: (_args, { limits }) => limits.inputList / 5,
  // Those of one selector.
  warnings: () => 1,
  // Those of two lists; an exception has one.
  deadSelectors: (_args, { limits }) => (2 * limits.inputList) / 5,
  // Each entry is compared with every name of the catalog.
  selectorWarnings: (_args, { limits }) => limits.inputList,
  // A revision has one or two long lists, or some ten short ones.
  changes: () => 3,
  added: () => 20,
  removed: () => 20,
  // The mutation has paid for each record; this is the price of serializing it again.
  rejected: (_args, { limits }) => limits.usageBatch / 20,
  newlyBlocked: sizeAskedFor,
  newlyAllowed: sizeAskedFor,
  modelConfigs: sizeAskedFor,
  // One for each pair of models; an organization whose members have more of their own is none that we know of.
  defaults: () => 100,
  modelGroups: (_args, { catalog }) => catalog.groups.length,
  options: (_args, { catalog }) => Math.ceil(catalog.models.length / catalog.groups.length),
  modelsInUse: (_args, { catalog }) => catalog.models.length,
  invitations: (_args, { limits }) => limits.pageSize,
  scimTokens: (_args, { limits }) => limits.scimTokens,
  memberships: ({ first }, { viewer }) => Math.min(first ?? Number.POSITIVE_INFINITY, viewer.memberships.size),
  modelConfigUsage: ({ first }, { limits }) => first ?? limits.usageModels,
  modelUsageSeries: ({ from, to, granularity }) => pointsIn(from as Date, to as Date, granularity as Granularity),
};

/** The points of a field, and how often the fields below it count. */
interface FieldPrice {
  field: number;
  multiplier: number;
}

/** The prices of all fields, for a service with these limits and this catalog. */
export function createPriceList(service: Omit<PriceContext, 'viewer'>) {
  return {
    price: priceOf,
    isPerRequest: ({ name }: { name: string }) => pricedByViewer.has(name),
    fixed: { ...service, viewer: anonymous },
  };
}

/**
 * The price of a field: an object costs a point, a page or a list one for each entry that it may have, and a value a fifth.
 */
function priceOf(args: Arguments, context: PriceContext, definition: GraphQLField<unknown, never>): FieldPrice {
  const { field, multiplier } = answerPriceOf(args, context, definition);
  const { name } = definition;
  const isOfEach = name === 'availableModels' || (readsSettings.has(name) && !('organizationId' in args));
  return { field: field + (isOfEach ? settingsCost : 0) + periodCostOf(args, definition), multiplier };
}

/** The size of a list that has an argument for it, without pages. */
function sizeAskedFor(args: Arguments, { limits }: PriceContext): number {
  return pageSizeOf(args, limits.pageSize);
}

function periodCostOf({ from, to }: Arguments, { name }: { name: string }): number {
  if (name !== 'refusals') return 0;
  return refusalDayCost * Math.min(daysKept, pointsIn(from as Date, to as Date, 'DAY'));
}

/** The price of the answer, without that of the settings that are read for it. */
function answerPriceOf(
  args: Arguments,
  context: PriceContext,
  { type, name }: GraphQLField<unknown, never>,
): FieldPrice {
  const { limits } = context;
  const named = getNamedType(type);
  // Every mutation takes one input, and no other field does.
  if (args.input)
    return single(changeCost + Object.entries(args.input).reduce((sum, entry) => sum + inputCostOf(entry, limits), 0));

  const isList = isListType(getNullableType(type));
  // A negative size is refused later: here it must not reduce the price of other fields.
  const sizeOf = [name, named.name].find((one) => Object.hasOwn(sizes, one));
  const size = isList && sizeOf !== undefined ? Math.max(0, sizes[sizeOf]?.(args, context) ?? 0) : undefined;
  if (isLeafType(named)) {
    if (isList) return single(valueCost * (size ?? valuesSize));
    if (name === 'totalCount') return single(1);
    if (documents.has(name)) return single(settingsCost + limits.inputList / 5);
    return single(named.name === 'JSONObject' ? jsonCost : valueCost);
  }
  // There is one of it, whatever the size of the page.
  if (named.name === 'PageInfo') return { field: 0, multiplier: 0 };
  if (isObjectType(named) && 'pageInfo' in named.getFields()) {
    const entries = pageSizeOf(args, limits.pageSize);
    return { field: 1 + entries, multiplier: Math.max(1, entries) };
  }
  // The entry is priced with its page.
  if (named.name.endsWith('Edge')) return { field: 0, multiplier: 1 };
  if (named.name === 'PolicyImpact') return single(impactCost);
  if (named.name === 'ModelAccessCause') return { field: causesCost, multiplier: 5 };
  if (named.name === 'ScopePolicy' && isList) return scopesPrice(args, limits);
  if (!isList) return single(name === 'node' && !('id' in args) ? 0 : 1);

  // Objects that are looked up by ids are read and authorized one by one.
  const ids = Object.values(args).find(Array.isArray);
  if (ids) return { field: ids.length * referenceCost, multiplier: ids.length };
  const entries = size ?? listSize;
  return { field: entries * (name === 'memberships' ? membershipCost : 1), multiplier: entries };
}

/** There are as many scopes as a list may have entries; all of them together have no more entries than a policy. */
function scopesPrice({ subjectId }: Arguments, { inputList, policyEntries }: PriceContext['limits']): FieldPrice {
  if (typeof subjectId === 'string') return single(1);
  return { field: inputList, multiplier: Math.ceil(policyEntries / inputList) };
}

function single(field: number): FieldPrice {
  return { field, multiplier: 1 };
}

function inputCostOf([name, value]: [string, unknown], limits: PriceContext['limits']): number {
  if (name === 'document' && typeof value === 'string') return documentCostOf(value, limits);
  if (!Array.isArray(value)) return 0;
  return value.length * (usersOfTeam.has(name) ? valueCost : 1);
}

function documentCostOf({ length }: string, limits: PriceContext['limits']): number {
  const tokens = Math.min(length, maxDocumentTokens(limits));
  return Math.ceil(length / documentCharacters + tokens / charactersOfTokens);
}
