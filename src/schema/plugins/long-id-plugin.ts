import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import { type GraphQLFieldResolver, GraphQLID, type GraphQLInputType, getNamedType, isInputObjectType } from 'graphql';
import { ValidationError } from '../../errors/base.ts';
import { maxIdLength } from '../../limits.ts';

/**
 * Checks the length of the ids in every field's arguments first. A long id is refused: it is neither looked up nor quoted in
 * errors, however often a document contains it. Placed between Errors, which turns the error of a mutation into data, and
 * ScopeAuth, which would quote the id.
 */
export const longIdPlugin = 'longId';

type Resolver<Types extends SchemaTypes> = GraphQLFieldResolver<unknown, Types['Context'], object>;

class LongIdPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(resolver: Resolver<Types>, { args }: PothosOutputFieldConfig<Types>): Resolver<Types> {
    return Object.keys(args).length === 0 ? resolver : withCheckedIds(resolver);
  }

  override wrapSubscribe(
    subscriber: Resolver<Types> | undefined,
    { args }: PothosOutputFieldConfig<Types>,
  ): Resolver<Types> | undefined {
    return subscriber && Object.keys(args).length > 0 ? withCheckedIds(subscriber) : subscriber;
  }
}

function withCheckedIds<Types extends SchemaTypes>(resolver: Resolver<Types>): Resolver<Types> {
  let paths: readonly (readonly string[])[] | undefined;
  return (source, args, context, info) => {
    paths ??= pathsOfIds(info.parentType.getFields()[info.fieldName]?.args ?? []);
    for (const path of paths) refuseLongId(args, path);
    return resolver(source, args, context, info);
  };
}

/** The paths of ids in a field's arguments: arguments themselves, or fields of its input object. */
function pathsOfIds(args: readonly { name: string; type: GraphQLInputType }[]): string[][] {
  return args.flatMap(({ name, type }) => {
    const named = getNamedType(type);
    if (named === GraphQLID) return [[name]];
    return isInputObjectType(named)
      ? pathsOfIds(
          Object.values(named.getFields()).filter((field) => !isInputObjectType(getNamedType(field.type))),
        ).map((path) => [name, ...path])
      : [];
  });
}

/** @throws ValidationError */
function refuseLongId(args: object, path: readonly string[]): void {
  const value = path.reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], args);
  const ids: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!ids.some((id) => typeof id === 'string' && id.length > maxIdLength)) return;
  const shownPath = path.filter((name) => name !== 'input').join('.');
  throw new ValidationError([{ path: shownPath, message: `must not be longer than ${maxIdLength} characters` }]);
}

declare global {
  namespace PothosSchemaTypes {
    interface Plugins<Types extends SchemaTypes> {
      longId: LongIdPlugin<Types>;
    }
  }
}

SchemaBuilder.registerPlugin(longIdPlugin, LongIdPlugin);
