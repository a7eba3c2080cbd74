import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, type GraphQLSchema, isEnumType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composers, type Subgraph } from './composers.ts';

const subgraph = (name: string, file: string): Subgraph => ({
  name,
  url: `http://${name}.test/graphql`,
  sdl: readFileSync(join(import.meta.dirname, file), 'utf8'),
});

const modelgate = subgraph('modelgate', '../../schema.subgraph.graphql');
/** Relay-style as ours, with `Node`, `PageInfo` and `node` of its own. */
const products = subgraph('products', 'products.graphql');
/** Extends `Organization` and `User`, and refers to `Model` and `ModelConfig`. */
const billing = subgraph('billing', 'billing.graphql');
/** Has what most services have: roles, errors, a viewer, none of it like ours. */
const accounts = subgraph('accounts', 'accounts.graphql');
/** Refers to an entity of every kind, by either key of a model, and provides names. */
const orders = subgraph('orders', 'orders.graphql');

describe.each(Object.entries(composers))('%s', (_, compose) => {
  function composed(...subgraphs: Subgraph[]): GraphQLSchema {
    const { errors, publicSdl = '' } = compose(subgraphs);
    expect(errors).toEqual([]);
    return buildSchema(publicSdl, { assumeValidSDL: true });
  }

  it('composes the subgraph alone, without what is between it and its gateway', () => {
    const fields = fieldsOf(composed(modelgate), 'Query');

    expect(fields).toEqual(expect.arrayContaining(['caller', 'organization', 'models']));
    for (const field of ['_entities', '_service', 'node', 'nodes']) expect(fields).not.toContain(field);
  });

  it('composes it with another in the style of Relay', () => {
    const schema = composed(modelgate, products);

    expect(fieldsOf(schema, 'Query')).toEqual(expect.arrayContaining(['organization', 'node', 'nodes', 'products']));
    expect(fieldsOf(schema, 'PageInfo').sort()).toEqual(['endCursor', 'hasNextPage', 'hasPreviousPage', 'startCursor']);
  });

  it('composes it with one that extends its entities, and with all of them', () => {
    for (const schema of [composed(modelgate, billing), composed(modelgate, billing, products)]) {
      expect(fieldsOf(schema, 'Organization')).toEqual(expect.arrayContaining(['modelSettings', 'invoices']));
      expect(fieldsOf(schema, 'User')).toEqual(expect.arrayContaining(['email', 'invoices']));
    }
  });

  it('composes it with one that has roles, a viewer and errors of its own, and each keeps what it has', () => {
    const schema = composed(modelgate, accounts, billing, products);

    expect(fieldsOf(schema, 'Query')).toEqual(expect.arrayContaining(['caller', 'viewer', 'user', 'organization']));
    expect(fieldsOf(schema, 'User')).toEqual(expect.arrayContaining(['name', 'givenName', 'invoices']));
    expect(valuesOf(schema, 'ModelgateRole')).toEqual(['ADMIN', 'MEMBER', 'OWNER']);
    expect(valuesOf(schema, 'Role')).toEqual(['BILLING', 'GUEST', 'OWNER']);
    expect(fieldsOf(schema, 'ModelgateValidationError').sort()).toEqual(['code', 'issues', 'message']);
    expect(fieldsOf(schema, 'ValidationError').sort()).toEqual(['code', 'issues', 'path', 'text']);
  });

  it.each(['Role', 'Permission', 'Error', 'ValidationError', 'NotFoundError', 'ValidationIssue'])(
    'would not compose it with that one by a name that both have: %s',
    (name) => {
      const former = name === 'Error' ? 'UserError' : name;
      const sdl = modelgate.sdl.replace(new RegExp(`\\bModelgate${name}\\b`, 'g'), former);

      expect(compose([{ ...modelgate, sdl }, accounts]).errors.join()).toContain(former);
    },
  );

  it('composes it with one that refers to every kind of entity and provides their names', () => {
    const schema = composed(modelgate, accounts, billing, orders, products);

    expect(fieldsOf(schema, 'Membership')).toEqual(expect.arrayContaining(['role', 'budget']));
    expect(fieldsOf(schema, 'Model')).toEqual(expect.arrayContaining(['lifecycle', 'tokens']));
  });

  it('would not let it refer by a key that we do not have', () => {
    const sdl = modelgate.sdl.replace('@key(fields: "provider modelId")', '');

    expect(compose([{ ...modelgate, sdl }, orders]).errors.join()).toContain('modelId');
  });

  it('lets another take a field over, or a whole question', () => {
    const user = `type User @key(fields: "id") {\n  id: ID!\n  email: String @override(from: "modelgate")`;
    const ours = `type Query {\n  organization(id: ID!): Organization @override(from: "modelgate")`;
    const sdl = billing.sdl
      .replace('import: ["@key"]', 'import: ["@key", "@override"]')
      .replace('type User @key(fields: "id") {\n  id: ID!', user)
      .replace('type Query {', ours);

    expect(fieldsOf(composed(modelgate, { ...billing, sdl }), 'User')).toContain('email');
  });

  it('would tell of two subgraphs that both answer one field', () => {
    const clashing = { ...billing, sdl: billing.sdl.replace('type User @key(fields: "id") {', '$&\n  email: String') };

    expect(compose([modelgate, clashing]).errors.join()).toContain('email');
  });
});

it.each(['name', 'displayName'])('@apollo/composition lets no other provide a %s that is not shareable', (field) => {
  const sdl = modelgate.sdl.replaceAll(new RegExp(`^(  ${field}: String!?) @shareable`, 'gm'), '$1');

  expect(composers['@apollo/composition']?.([{ ...modelgate, sdl }, orders]).errors.join()).toContain(field);
});

function fieldsOf(schema: GraphQLSchema, name: string): string[] {
  const type = schema.getType(name);
  return type && 'getFields' in type ? Object.keys(type.getFields()) : [];
}

function valuesOf(schema: GraphQLSchema, name: string): string[] {
  const type = schema.getType(name);
  return isEnumType(type)
    ? type
        .getValues()
        .map((value) => value.name)
        .sort()
    : [];
}
