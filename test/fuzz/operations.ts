import fc, { type Arbitrary } from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { schema } from '../../src/schema/schema.ts';
import type { Argument, Selection } from './document.ts';
import { misfits, mostly, perhaps } from './oddities.ts';
import { EnumValue, type Value } from './value.ts';
import type { Values } from './values.ts';

const maxDepth = 4;
/** How often, in a hundred times, a field is selected, or given where it need not be. */
const share = { leaf: 40, object: 22, argument: 35, revision: 8 };

export interface RootField {
  kind: 'query' | 'mutation' | 'subscription';
  name: string;
}

/** All root fields of the schema. */
export const rootFields: readonly RootField[] = (['query', 'mutation', 'subscription'] as const).flatMap((kind) =>
  Object.keys(rootTypeOf(kind).getFields()).map((name) => ({ kind, name })),
);

function rootTypeOf(kind: RootField['kind']) {
  const type = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }[kind];
  if (!type) throw new Error(`There is no ${kind}`);
  return type;
}

/** A root field with arguments and selections that mostly fit. */
export function rootSelections(values: Values): (field: RootField) => Arbitrary<Selection> {
  const make = createSelections(values);
  return ({ kind, name }) => {
    const field = rootTypeOf(kind).getFields()[name];
    if (!field) throw new Error(`There is no ${name}`);
    return make(field, name, maxDepth);
  };
}

function createSelections(values: Values) {
  const argumentOf = (argument: GraphQLArgument, about: string): Arbitrary<Argument | undefined> => {
    const given = fc.record({
      name: fc.constant(argument.name),
      type: fc.constant(String(argument.type)),
      value: inputOf(argument.type, argument.name, about),
      isVariable: fc.boolean(),
    });
    if (isRequiredArgument(argument)) return mostly<Argument | undefined>(given, fc.constant(undefined), 1);
    return perhaps(given, argument.name === 'first' ? 70 : Math.round(share.argument / 2));
  };

  const fieldOf = (field: GraphQLField<unknown, unknown>, about: string, depth: number): Arbitrary<Selection> => {
    const named = getNamedType(field.type);
    return fc.record({
      name: fc.constant(field.name),
      alias: mostly<string | undefined>(fc.constant(undefined), fc.constantFrom('a', 'b', '__x', 'constructor'), 4),
      arguments: fc.tuple(...field.args.map((argument) => argumentOf(argument, about))).map(present),
      selections: isCompositeType(named) ? selectionsOf(named, about, depth - 1) : fc.constant(undefined),
      directive: mostly<string>(fc.constant(''), fc.constantFrom('@include(if: true)', '@skip(if: true)'), 1),
    });
  };

  const known = new Map<string, Arbitrary<Selection[]>>();
  const selectionsOf = (type: GraphQLNamedType, about: string, depth: number): Arbitrary<Selection[]> => {
    const key = `${type.name} ${about} ${depth}`;
    const made = known.get(key) ?? makeSelections(type, about, depth);
    known.set(key, made);
    return made;
  };
  const makeSelections = (type: GraphQLNamedType, about: string, depth: number): Arbitrary<Selection[]> => {
    const typename: Selection = { name: '__typename', arguments: [] };
    const fields =
      isObjectType(type) || (isAbstractType(type) && 'getFields' in type) ? Object.values(type.getFields()) : [];
    const parts = fields
      .filter((field) => depth > 0 || isLeafType(getNamedType(field.type)))
      .map((field) =>
        perhaps(fieldOf(field, about, depth), isLeafType(getNamedType(field.type)) ? share.leaf : shareOf(field)),
      );
    const fragments = isAbstractType(type)
      ? schema.getPossibleTypes(type).map((possible) =>
          perhaps(
            fc.record({
              on: fc.constant(possible.name),
              isNamed: fc.boolean(),
              selections: selectionsOf(possible, about, depth),
            }),
            about === 'node' || about === 'nodes' || about === '_entities' ? 40 : 70,
          ),
        )
      : [];
    return fc.tuple(...parts, ...fragments).map((chosen) => [typename, ...present<Selection>(chosen)]);
  };

  const inputOf = (type: GraphQLInputType, name: string, about: string): Arbitrary<Value> => {
    if (isNonNullType(type)) return mostly(fitting(type.ofType, name, about), misfits, 2);
    return fc.oneof(
      { weight: 90, arbitrary: fitting(type, name, about) },
      { weight: 6, arbitrary: fc.constant(null) },
      { weight: 2, arbitrary: misfits },
    );
  };

  const fitting = (type: GraphQLInputType, name: string, about: string): Arbitrary<Value> => {
    if (isListType(type)) {
      const entry = inputOf(type.ofType, name, about);
      return mostly<Value>(
        fc.array(entry, { minLength: 1, maxLength: 3 }),
        fc.oneof(fc.constant<Value>([]), long(entry)),
        6,
      );
    }
    if (isInputObjectType(type)) {
      const entries = Object.values(type.getFields()).map((field) => entryOf(field, about));
      const extra = mostly<Value>(fc.constant({}), fc.constantFrom<Value>({ unknown: 1 }, { __proto: null }), 1);
      return fc
        .tuple(extra, ...entries)
        .map(([more, ...given]): Value => ({ ...(more as object), ...Object.assign({}, ...given) }));
    }
    if (isEnumType(type)) {
      const names = type.getValues().map((value) => new EnumValue(value.name));
      return mostly<Value>(
        fc.constantFrom(...names),
        fc.constantFrom<Value>(new EnumValue('WRONG'), 'READ', 1, new EnumValue('null')),
        3,
      );
    }
    if (type.name === 'DateTime') return values.time;
    if (type.name === 'JSONObject') return values.settings;
    if (type.name === '_Any') return values.representation;
    if (type.name === 'Int') return values.number(name);
    if (type.name === 'Boolean') return fc.boolean();
    return type.name === 'ID' ? values.id(name, about) : values.text(name, about);
  };

  const entryOf = (field: GraphQLInputField, about: string): Arbitrary<Record<string, Value>> => {
    const given = inputOf(field.type, field.name, about).map((value) => ({ [field.name]: value }));
    if (isRequiredInputField(field)) return mostly<Record<string, Value>>(given, fc.constant({}), 1);
    const percent = field.name === 'expectedRevision' ? share.revision : share.argument;
    return mostly<Record<string, Value>>(fc.constant({}), given, percent);
  };

  return fieldOf;
}

/** Connections below each other soon cost more than one request may. */
function shareOf({ type }: GraphQLField<unknown, unknown>): number {
  return getNamedType(type).name.endsWith('Connection') ? Math.round(share.object / 2) : share.object;
}

function long(entry: Arbitrary<Value>): Arbitrary<Value> {
  return fc
    .tuple(entry, fc.constantFrom(99, 101, 251, 1_001))
    .map(([one, length]) => Array.from({ length }, () => one));
}

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}
