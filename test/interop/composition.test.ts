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

  it('would tell of two subgraphs that both answer one field', () => {
    const clashing = { ...billing, sdl: billing.sdl.replace('type User @key(fields: "id") {', '$&\n  email: String') };

    expect(compose([modelgate, clashing]).errors.join()).toContain('email');
  });
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
