import { type GraphQLField, getNamedType, getNullableType, isLeafType, isListType, isObjectType } from 'graphql';
import type { Context } from '../context.ts';
import { type ConnectionArguments, pageSizeOf } from './connection.ts';

/** Points of a change, beside one for each entry of its lists. */
const changeCost = 10;

/** Entries that a list without pages is counted with. */
const listSize = 10;

/**
 * What a field costs, in points, and how often what is selected of it counts: an object costs one, a page or a list one
 * for each entry that it may have, and a value nothing.
 */
export function fieldComplexity(
  args: Record<string, unknown> & ConnectionArguments,
  { limits }: Context,
  { type, name }: GraphQLField<unknown, Context>,
) {
  const named = getNamedType(type);
  // Every mutation takes one input, and no other field does.
  if (args.input) return changeCost + Object.values(args.input).reduce((sum, value) => sum + lengthOf(value), 0);
  if (isLeafType(named) || named.name === 'PageInfo') return 0;
  if (isObjectType(named) && 'pageInfo' in named.getFields()) {
    const size = pageSizeOf(args, limits.pageSize);
    return { field: 1 + size, multiplier: Math.max(1, size) };
  }
  // An entry is counted with its page.
  if (named.name.endsWith('Edge')) return { field: 0, multiplier: 1 };
  if (!isListType(getNullableType(type))) return name === 'node' && !('id' in args) ? 0 : 1;

  const asked = Object.values(args).find(Array.isArray);
  const size = asked ? asked.length : listSize;
  return { field: size, multiplier: size };
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
