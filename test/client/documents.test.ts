import { createHash } from 'node:crypto';
import {
  type DefinitionNode,
  type DocumentNode,
  type GraphQLInterfaceType,
  getNamedType,
  isAbstractType,
  isUnionType,
  Kind,
  parse,
  type SelectionNode,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import * as client from '../../clients/typescript/src/index.ts';
import { schema } from '../../src/schema/schema.ts';
import persisted from '../../src/server/request/persisted-documents.json' with { type: 'json' };
import { clientOperations } from './client-operations.ts';

const errors = schema
  .getPossibleTypes(schema.getType('ModelgateError') as GraphQLInterfaceType)
  .map(({ name }) => name);

/** The fields of Query, Mutation and Subscription, but for those of gateways. */
const rootFields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]
  .flatMap((type) => Object.keys(type?.getFields() ?? {}))
  .filter((name) => !name.startsWith('_'));

function rootFieldsOf({ definitions }: DocumentNode): string[] {
  return definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION
      ? node.selectionSet.selections.flatMap((selection) => (selection.kind === Kind.FIELD ? selection.name.value : []))
      : [],
  );
}

/** The type that a selection is for: that of a fragment. */
function conditionOf({ definitions }: DocumentNode, selection: SelectionNode): string | undefined {
  if (selection.kind === Kind.FIELD) return undefined;
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection.typeCondition?.name.value;
  const isSpread = (node: DefinitionNode) =>
    node.kind === Kind.FRAGMENT_DEFINITION && node.name.value === selection.name.value;
  const fragment = definitions.find(isSpread);
  return fragment?.kind === Kind.FRAGMENT_DEFINITION ? fragment.typeCondition.name.value : undefined;
}

describe("the client's documents", () => {
  it('ask for every field of Query, Mutation and Subscription', () => {
    const asked = new Set(clientOperations.flatMap(({ document }) => rootFieldsOf(document)));

    expect(rootFields).toContain('updateModelSettings');
    expect(rootFields.filter((name) => !asked.has(name))).toEqual([]);
  });

  it('are those that the service knows by their ids', () => {
    const known = clientOperations.map(({ document }) => [client.idOf(document), client.textOf(document)]);

    expect(persisted).toMatchObject(Object.fromEntries(known));
  });
});

describe.each(clientOperations)('$name', ({ document }) => {
  const text = client.textOf(document);

  it('is the tree that graphql parses from its text, and has the id of that text', () => {
    // Other tests of the same process hand it to clients, which note their own things beside.
    const { kind, definitions } = document as DocumentNode;

    expect({ kind, definitions }).toEqual(parse(text, { noLocation: true }));
    expect(client.idOf(document)).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
  });

  it('is valid, and selects what each object is, so that a cache that knows its id alone can normalize', () => {
    const anonymous: string[] = [];
    visit(document, {
      Field: ({ name, selectionSet }) => {
        const names = selectionSet?.selections.map((one) => (one.kind === Kind.FIELD ? one.name.value : ''));
        if (names && !names.includes('__typename')) anonymous.push(name.value);
      },
    });

    expect(validate(schema, document)).toEqual([]);
    expect(anonymous).toEqual([]);
  });

  it('spreads each error of a result by its own type, and all others by their interface', () => {
    const lacking: string[] = [];
    const types = new TypeInfo(schema);
    visit(
      document,
      visitWithTypeInfo(types, {
        Field: ({ selectionSet }) => {
          const result = getNamedType(types.getType());
          if (!isUnionType(result) || !selectionSet) return;
          const conditions = selectionSet.selections.map((selection) => conditionOf(document, selection));
          const wanted = ['ModelgateError', ...result.getTypes().map(({ name }) => name)];
          lacking.push(...wanted.filter((name) => !conditions.includes(name)));
        },
      }),
    );

    expect(lacking).toEqual([]);
  });

  it('has no fragment on an interface or union but that of all errors, for caches that are told no possibleTypes', () => {
    const conditions: string[] = [];
    visit(document, {
      enter: (node) =>
        void ('typeCondition' in node && node.typeCondition && conditions.push(node.typeCondition.name.value)),
    });

    expect(conditions.filter((name) => isAbstractType(schema.getType(name)) && name !== 'ModelgateError')).toEqual([]);
  });
});

describe('isModelgateError', () => {
  it('is not mistaken: no data of a result has both a code and a message', () => {
    const data = Object.values(schema.getTypeMap())
      .filter((type) => isUnionType(type) && type.name.endsWith('Result'))
      .flatMap((type) => (isUnionType(type) ? type.getTypes() : []))
      .filter(({ name }) => !errors.includes(name));

    expect(data.filter((type) => 'code' in type.getFields() && 'message' in type.getFields())).toEqual([]);
  });
});
