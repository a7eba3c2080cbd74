import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';

/**
 * Tells the context of mutations that are refused: the answer is data, but the log shall call it by its code. It stands
 * between Errors, which makes the error data, and ScopeAuth, which refuses.
 */
export const refusalPlugin = 'refusal';

class RefusalPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { parentType }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (parentType !== 'Mutation') return resolver;

    return async (source, args, context, info) => {
      try {
        return await resolver(source, args, context, info);
      } catch (error) {
        if (error instanceof UserError) (context as Context).onRefusal(error);
        throw error;
      }
    };
  }
}

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      refusal: RefusalPlugin<Types>;
    }
  }
}

SchemaBuilder.registerPlugin(refusalPlugin, RefusalPlugin);
