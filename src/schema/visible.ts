import { resolveNodes } from '@pothos/plugin-relay';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';
import { builder } from './builder.ts';
import { refusalOf } from './refusal.ts';

/** Which object is meant; `typename` is '' where there can be none. */
export interface NodeKey {
  typename: string;
  id: string;
}

/** The objects that the viewer may see, those of one type in one batch; a hidden one and an absent one are both null. */
export async function findVisible(keys: readonly NodeKey[], context: Context, info: GraphQLResolveInfo) {
  const known = keys.map((key) => (key.typename === '' ? null : key));
  const nodes = await Promise.all(await resolveNodes(builder, context, info, known));
  return Promise.all(
    nodes.map(async (node, index) => ((await isVisible(node, keys[index]?.typename ?? '', context)) ? node : null)),
  );
}

/** Asks the scopes that stand on the type, the one place that says who may see an object. */
async function isVisible(node: unknown, typename: string, context: Context): Promise<boolean> {
  if (node === null || node === undefined) return false;

  const { authScopes } = builder.configStore.getTypeConfig(typename, 'Object').pothosOptions;
  if (authScopes === undefined) return true;
  try {
    const scopes = typeof authScopes === 'function' ? await authScopes(node as never, context) : authScopes;
    if (typeof scopes === 'boolean') return scopes;
    await builder.runAuthScopes(context, scopes, ({ failure }) => refusalOf(failure));
    return true;
  } catch (error) {
    if (error instanceof UserError && error.code !== 'SERVICE_UNAVAILABLE') return false;
    throw error;
  }
}
