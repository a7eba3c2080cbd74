import { ValidationError } from '../errors/base.ts';
import { builder } from './builder.ts';
import { findNodes } from './find-nodes.ts';
import { decodeId } from './id.ts';

builder.queryFields((t) => ({
  node: t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    hiddenAsNull: true,
    description: 'The object with this id; null where there is none, or none that the caller may see.',
    args: { id: t.arg.id({ required: true, description: 'An id of any type of object: `org_…`, `mdl_…`, `rev_…`.' }) },
    authScopes: { signedIn: true },
    resolve: async (_root, { id }, context, info) => (await findNodes([decodeId(id)], context, info))[0],
  }),
  nodes: t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    hiddenAsNull: true,
    description:
      'The objects with these ids (at most 100, unless the service is set up otherwise), in their order; null for each that does not exist or is not visible.',
    args: { ids: t.arg.idList({ required: true, description: 'Ids of any types of objects.' }) },
    authScopes: { signedIn: true },
    resolve: (_root, { ids }, context, info) => {
      const { pageSize } = context.limits;
      if (ids.length > pageSize) {
        throw new ValidationError([{ path: 'ids', message: `must not have more than ${pageSize} entries` }]);
      }
      return findNodes(ids.map(decodeId), context, info);
    },
  }),
}));
