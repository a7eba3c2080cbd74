import SchemaBuilder, { BasePlugin, brandWithType, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import {
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/context.ts';
import { ServiceUnavailableError } from '../../src/errors/base.ts';
import { builder } from '../../src/schema/builder.ts';
import { schema as served } from '../../src/schema/schema.ts';

/** A row that the owner of its organization sees, whatever its type is, and nobody else. */
const seenByOwner = { id: 'usr_x', userId: 'usr_x', organizationId: 'usr_x' };

/** In the place of every resolver, whoever may ask: the row that the root object holds, in a list where one is answered. */
class OneRowPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    _resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { type }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    return async (row) => (type.kind === 'List' ? [row, Promise.resolve(row)] : row);
  }
}

const schema = schemaOfOneRow();

/** Without the scopes of fields, which would hide what the types hide. */
function schemaOfOneRow() {
  const name = 'oneRow' as never;
  SchemaBuilder.registerPlugin(name, OneRowPlugin as never);
  const { options } = builder;
  const { plugins = [] } = options;
  // The last plugin is the innermost: what others wrap a resolver in stands around its row too.
  options.plugins = [...plugins, name];
  try {
    return builder.toSchema({ disableScopeAuth: true });
  } finally {
    options.plugins = plugins;
  }
}

interface Route {
  path: string;
  parentType: GraphQLObjectType;
  field: GraphQLField<unknown, unknown>;
  type: GraphQLObjectType;
}

/** Every field that answers a type with `visible`: by itself, in a list, or as a member of an interface or a union. */
const routes: Route[] = Object.values(schema.getTypeMap())
  .filter(isObjectType)
  .flatMap((parentType) =>
    Object.values(parentType.getFields()).flatMap((field) =>
      possibleTypes(field.type)
        .filter(isGuarded)
        .map((type) => ({ path: `${parentType.name}.${field.name} as ${type.name}`, parentType, field, type })),
    ),
  );

function possibleTypes(type: GraphQLOutputType): readonly GraphQLObjectType[] {
  const named = getNamedType(type);
  if (isAbstractType(named)) return schema.getPossibleTypes(named);
  return isObjectType(named) ? [named] : [];
}

function isGuarded({ extensions }: GraphQLObjectType): boolean {
  const { visible } = (extensions.pothosOptions ?? {}) as { visible?: unknown };
  return visible !== undefined;
}

/** What a field answers in which there is nothing but one row. */
async function answerOf({ field, parentType, type }: Route, context: Pick<Context, 'viewer' | 'knownUsers'>) {
  const row = { ...seenByOwner };
  brandWithType(row, type.name as never);
  const info = { schema, parentType, fieldName: field.name, returnType: field.type, path: { key: field.name } };
  const rest = { onRefusal: () => {}, countChange: () => {}, invalidate: () => {}, awaitPeers: async () => {} };
  const answer = await field.resolve?.(row, { input: {} }, { ...context, ...rest }, info as never);
  return isListType(getNullableType(field.type)) ? await Promise.all(answer as unknown[]) : [answer];
}

const memberships = (...ids: string[]) => new Map(ids.map((id) => [id, 'OWNER' as const]));
const viewer = { kind: 'USER', isVouchedFor: false, service: null } as unknown as Context['viewer'];
const knownUsers = { load: async () => null } as unknown as Context['knownUsers'];
const owner = { knownUsers, viewer: { ...viewer, userId: 'usr_x', memberships: memberships('usr_x') } };
const coOwner = { knownUsers, viewer: { ...viewer, userId: 'usr_y', memberships: memberships('usr_x') } };
const outsider = { knownUsers, viewer: { ...viewer, userId: 'usr_y', memberships: memberships('usr_y') } };
const anonymous = {
  knownUsers,
  viewer: { ...viewer, kind: 'ANONYMOUS', userId: null, memberships: memberships() } as const,
};

/** Who does not see the row: the catalog's is for all who are signed in, and a user's own for that user alone. */
function blindTo(type: string) {
  if (type === 'Model') return [anonymous];
  return type === 'ModelConfig' || type === 'User' ? [anonymous, outsider, coOwner] : [anonymous, outsider];
}

describe('visible', () => {
  it('is said by every type of object that has an id', () => {
    const nodes = served.getPossibleTypes(served.getType('Node') as never);

    expect(nodes.filter((type) => !isGuarded(type))).toEqual([]);
    expect(routes.length).toBeGreaterThan(60);
  });

  it.each(routes)('hides a row from everyone who may not see it: $path', async (route) => {
    const answers = await Promise.all(
      blindTo(route.type.name).map((context) => answerOf(route, context).catch((error: unknown) => [error])),
    );

    expect(answers.flat().filter((value) => value !== null && !(value instanceof Error))).toEqual([]);
  });

  it.each(routes)('shows a row to who may see it: $path', async (route) => {
    const shown = await answerOf(route, owner);

    expect(shown).toEqual(shown.map(() => seenByOwner));
  });

  it('is not answered by what cannot be read: a fault is told, also where what is hidden is null', async () => {
    const [route] = routes.filter(({ path }) => path === 'Query.node as User');
    const fault = new ServiceUnavailableError();
    const failing = {
      ...outsider,
      knownUsers: { load: () => Promise.reject(fault) } as unknown as Context['knownUsers'],
    };

    expect(route && (await answerOf(route, failing).catch((error: unknown) => error))).toBe(fault);
  });
});
