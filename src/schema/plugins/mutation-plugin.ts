import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors/base.ts';

/**
 * What holds for every mutation: the context is told of a refusal, which is data to the client but shall be called by
 * its code in the log; it forgets what it read before, so that what is selected of the result is read afresh; and a change is
 * acknowledged only when no other process answers with what was before. It stands between Errors, which makes the error data, and
 * ScopeAuth, which refuses.
 */
export const mutationPlugin = 'mutation';

class MutationPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { parentType }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (parentType !== 'Mutation') return resolver;

    return async (source, args, context, info) => {
      const { invalidate: forget, awaitPeers, onTypedError } = context as Context;
      let result: unknown;
      try {
        result = await resolver(source, args, context, info);
      } catch (error) {
        if (error instanceof UserError) onTypedError(error);
        throw error;
      } finally {
        forget();
      }
      await awaitPeers();
      return result;
    };
  }
}

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      mutation: MutationPlugin<Types>;
    }
  }
}

SchemaBuilder.registerPlugin(mutationPlugin, MutationPlugin);
