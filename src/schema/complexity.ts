import { type GraphQLField, getNamedType, getNullableType, isLeafType, isListType, isObjectType } from 'graphql';
import { anonymous } from '../auth/viewer.ts';
import type { Context } from '../context.ts';
import { type Granularity, pointsIn } from '../domain/usage/usage-period.ts';
import { type ConnectionArguments, pageSizeOf } from './connection.ts';

type Arguments = Record<string, unknown> & ConnectionArguments;

/** What prices depend on, beside arguments: the service, and the viewer for those of `pricedByViewer`. */
export type PriceContext = Pick<Context, 'limits' | 'catalog' | 'viewer'>;

/** The fields whose price depends on who asks, by name. */
const pricedByViewer: ReadonlySet<string> = new Set(['memberships']);

/** Points of a change, beside one for each entry of its lists. */
const changeCost = 10;

/** Points of a value: it takes a fifth of the time that an object takes. */
const valueCost = 0.2;

/** Points of an object that is asked for by its id, beside others. */
const referenceCost = 3;

/** Points of a membership of the viewer: each leads to another organization, which is authorized and read by itself. */
const membershipCost = 4;

/** Points of what an organization says about models, whose lists are long: they are read wherever a model is decided about. */
const settingsCost = 6;

/** The fields of an organization that read it. Those of the query, which name one organization, are not dearer for it. */
const readsSettings: ReadonlySet<string> = new Set([
  'modelSettings',
  'models',
  'modelGroups',
  'modelConfigs',
  'effectiveDefaultModel',
]);

/** Entries that a list without pages is counted with, unless it is among those below; lists of values have fewer. */
const listSize = 10;
const valuesSize = 5;

/** An open JSON object has up to 16 KiB, which are read and copied, but not looked into. */
const jsonCost = 10;

/** What lists without pages may hold, by the names of their fields: entries of objects, or values. */
const sizes: Record<string, (args: Arguments, context: PriceContext) => number> = {
  // Each of up to 200 characters: written they take more time than other values.
  disabledModels: (_args, { limits }) => limits.inputList / 5,
  deadSelectors: (_args, { limits }) => limits.inputList / 5,
  // Each is compared with every name of the catalog.
  selectorWarnings: (_args, { limits }) => limits.inputList,
  // A change has one or two long lists, or some ten short ones.
  changes: () => 3,
  added: () => 20,
  removed: () => 20,
  // Each was paid for with its record; written they take time again.
  rejected: (_args, { limits }) => limits.usageBatch / 20,
  modelGroups: (_args, { catalog }) => catalog.groups.length,
  options: (_args, { catalog }) => Math.ceil(catalog.models.length / catalog.groups.length),
  modelsInUse: (_args, { catalog }) => catalog.models.length,
  invitations: (_args, { limits }) => limits.pageSize,
  memberships: ({ first }, { viewer }) => Math.min(first ?? Number.POSITIVE_INFINITY, viewer.memberships.size),
  modelConfigUsage: ({ first }, { limits }) => first ?? limits.usageModels,
  modelUsageSeries: ({ from, to, granularity }) => pointsIn(from as Date, to as Date, granularity as Granularity),
};

/** What a field costs itself, in points, and how often what is selected of it counts. */
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
  const isOfEach = readsSettings.has(definition.name) && !('organizationId' in args);
  return { field: field + (isOfEach ? settingsCost : 0), multiplier };
}

/** What is answered, without what is read for it. */
function answerPriceOf(
  args: Arguments,
  context: PriceContext,
  { type, name }: GraphQLField<unknown, never>,
): FieldPrice {
  const { limits } = context;
  const named = getNamedType(type);
  // Every mutation takes one input, and no other field does.
  if (args.input)
    return single(changeCost + Object.values(args.input).reduce((sum, value) => sum + lengthOf(value), 0));

  const isList = isListType(getNullableType(type));
  // What is asked for may be negative, and is refused later: it must not make up for what else is asked.
  const size = isList && Object.hasOwn(sizes, name) ? Math.max(0, sizes[name]?.(args, context) ?? 0) : undefined;
  if (isLeafType(named)) {
    if (isList) return single(valueCost * (size ?? valuesSize));
    if (name === 'totalCount') return single(1);
    return single(named.name === 'JSONObject' ? jsonCost : valueCost);
  }
  // There is one of it, whatever the length of its page.
  if (named.name === 'PageInfo') return { field: 0, multiplier: 0 };
  if (isObjectType(named) && 'pageInfo' in named.getFields()) {
    const entries = pageSizeOf(args, limits.pageSize);
    return { field: 1 + entries, multiplier: Math.max(1, entries) };
  }
  // An entry is counted with its page.
  if (named.name.endsWith('Edge')) return { field: 0, multiplier: 1 };
  if (!isList) return single(name === 'node' && !('id' in args) ? 0 : 1);

  // What is asked for by ids is looked for, and authorized, one by one.
  const asked = Object.values(args).find(Array.isArray);
  if (asked) return { field: asked.length * referenceCost, multiplier: asked.length };
  const entries = size ?? listSize;
  return { field: entries * (name === 'memberships' ? membershipCost : 1), multiplier: entries };
}

function single(field: number): FieldPrice {
  return { field, multiplier: 1 };
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
