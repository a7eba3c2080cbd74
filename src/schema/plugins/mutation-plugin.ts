import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors/base.ts';

/**
 * Wraps every mutation. A typed error is data for the client: it is passed to `onTypedError`, so that the log has its code.
 * After the mutation, the loaders are cleared and the tags of what it changed are invalidated, so that fields of the result are
 * read anew. A change is acknowledged only once no other process answers from an older cache. Placed between Errors, which
 * turns the error into data, and ScopeAuth, which throws denials.
 */
export const mutationPlugin = 'mutation';

/** Every mutation takes one input; those that can be tried have `dryRun` in it. */
interface MutationArguments {
  input?: { dryRun?: boolean };
}

class MutationPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { parentType }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (parentType !== 'Mutation') return resolver;

    return async (source, args, context, info) => {
      const { invalidate, awaitPeers, onTypedError, countChange } = context as Context;
      countChange({ isDryRun: (args as MutationArguments).input?.dryRun === true });
      let result: unknown;
      try {
        result = await resolver(source, args, context, info);
      } catch (error) {
        if (error instanceof UserError) onTypedError(error);
        throw error;
      } finally {
        invalidate();
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
