import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { type GraphQLFieldResolver, GraphQLID, type GraphQLInputType, getNamedType, isInputObjectType } from 'graphql';
import { ValidationError } from '../../errors/base.ts';
import { maxIdLength } from '../../limits.ts';

/**
 * Measures the ids of every field's arguments before anything is done with them: a long one is refused, is not looked up, and
 * not repeated, however often a document names it. Stands between Errors, which makes the refusal of a mutation data, and
 * ScopeAuth, which would tell the id again.
 */
export const longIdPlugin = 'longId';

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>;

class LongIdPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolver: Resolver<Types>, { args }: PothosOutputFieldConfig<Types>): Resolver<Types> {
    return Object.keys(args).length === 0 ? resolver : measured(resolver);
  }

  override wrapSubscribe(
    subscriber: Resolver<Types> | undefined,
    { args }: PothosOutputFieldConfig<Types>,
  ): Resolver<Types> | undefined {
    return subscriber && Object.keys(args).length > 0 ? measured(subscriber) : subscriber;
  }
}

function measured<Types extends SchemaTypes>(resolver: Resolver<Types>): Resolver<Types> {
  let places: readonly (readonly string[])[] | undefined;
  return (source, args, context, info) => {
    places ??= placesOfIds(info.parentType.getFields()[info.fieldName]?.args ?? []);
    for (const place of places) refuseLongId(args, place);
    return resolver(source, args, context, info);
  };
}

/** Where ids stand in the arguments of a field: they are arguments themselves, or fields of its one input object. */
function placesOfIds(args: readonly { name: string; type: GraphQLInputType }[]): string[][] {
  return args.flatMap(({ name, type }) => {
    const named = getNamedType(type);
    if (named === GraphQLID) return [[name]];
    return isInputObjectType(named)
      ? placesOfIds(
          Object.values(named.getFields()).filter((field) => !isInputObjectType(getNamedType(field.type))),
        ).map((place) => [name, ...place])
      : [];
  });
}

/** @throws ValidationError */
function refuseLongId(args: object, place: readonly string[]): void {
  const value = place.reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], args);
  const ids: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!ids.some((id) => typeof id === 'string' && id.length > maxIdLength)) return;
  const path = place.filter((name) => name !== 'input').join('.');
  throw new ValidationError([{ path, message: `must not be longer than ${maxIdLength} characters` }]);
}

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      longId: LongIdPlugin<Types>;
    }
  }
}

SchemaBuilder.registerPlugin(longIdPlugin, LongIdPlugin);
