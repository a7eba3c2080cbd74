import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';

/**
 * Resolves the id of a node at once. Relay's own resolver is an async function, and an object of which one field is a promise
 * is one itself: that costs more than all else that is done with a short row. It takes the place of the innermost resolver:
 * no plugin may stand after it.
 */
export const nodeIdPlugin = 'nodeId';

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>;

class NodeIdPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: Resolver<Types>,
    { name, parentType }: PothosOutputFieldConfig<Types>,
  ): Resolver<Types> {
    const { pothosOptions } = this.buildCache.getTypeConfig(parentType);
    return name === 'id' && isNode<Types>(pothosOptions) ? pothosOptions.id.resolve : resolver;
  }
}

function isNode<Types extends SchemaTypes>(options: object): options is { id: { resolve: Resolver<Types> } } {
  return 'id' in options && typeof options.id === 'object' && options.id !== null && 'resolve' in options.id;
}

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      nodeId: NodeIdPlugin<Types>;
    }
  }
}

SchemaBuilder.registerPlugin(nodeIdPlugin, NodeIdPlugin);
