import { resolveNodes } from '@pothos/plugin-relay';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import { UserError, ValidationError } from '../errors.ts';
import { builder } from './builder.ts';
import { decodeId } from './id.ts';
import { refusalOf } from './refusal.ts';

const maxNodes = 100;

builder.queryFields((t) => ({
  node: t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description: 'The object with this id; null where there is none, or none that the caller may see.',
    args: { id: t.arg.id({ required: true, description: 'An id of any type of object: `org_…`, `mdl_…`, `rev_…`.' }) },
    authScopes: { signedIn: true },
    resolve: async (_root, { id }, context, info) => (await findVisible([id], context, info))[0],
  }),
  nodes: t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    description: `The objects with these ids (at most ${maxNodes}), in their order; null in the place of each that is not there or not visible.`,
    args: { ids: t.arg.idList({ required: true, description: 'Ids of any types of objects.' }) },
    authScopes: { signedIn: true },
    resolve: (_root, { ids }, context, info) => {
      if (ids.length > maxNodes) {
        throw new ValidationError([{ path: 'ids', message: `must not have more than ${maxNodes} entries` }]);
      }
      return findVisible(ids, context, info);
    },
  }),
}));

/** The objects that the viewer may see; a hidden one and an absent one are both null. */
async function findVisible(ids: readonly string[], context: Context, info: GraphQLResolveInfo) {
  const keys = ids.map((id) => decodeId(id));
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
