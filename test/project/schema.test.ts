import {
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';

interface Element {
  path: string;
  description?: string | null | undefined;
}

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);
const elements: Element[] = types.flatMap((type) => [
  { path: type.name, description: type.description },
  ...within(type),
]);

describe('the schema', () => {
  it('describes every type, field, argument, input field and enum value', () => {
    const bare = elements.filter(({ description }) => !description?.trim()).map(({ path }) => path);

    expect(bare).toEqual([]);
  });

  it('describes in sentences that tell a client something, without notes to ourselves', () => {
    const odd = elements.filter(({ description }) =>
      /\b(TODO|FIXME|XXX|TBD|lorem|resolvers?|Pothos|Prisma|localhost)\b/i.test(description ?? ''),
    );

    expect(odd).toEqual([]);
  });

  it('answers every mutation with its success or typed errors, each with a code', () => {
    const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

    for (const { name, type } of mutations) {
      const members = schema.getPossibleTypes(getNamedType(type) as never).map(String);
      expect(members, name).toEqual(
        expect.arrayContaining(['ModelgateForbiddenError', 'ModelgateUnauthenticatedError']),
      );
    }
  });
});

function within(type: GraphQLNamedType): Element[] {
  if (isEnumType(type)) return type.getValues().map((value) => named(type.name, value));
  if (isInputObjectType(type)) return Object.values(type.getFields()).map((field) => named(type.name, field));
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    named(type.name, field),
    ...field.args.map((argument) => named(`${type.name}.${field.name}`, argument)),
  ]);
}

function named(parent: string, { name, description }: { name: string; description?: string | null | undefined }) {
  return { path: `${parent}.${name}`, description };
}
