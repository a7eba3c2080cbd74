import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type Limits, limitsOf } from '../../src/limits.ts';
import { type Service, startService } from '../kit/service.ts';

const standard = await startService({ introspection: 'everyone' });
const narrowed = { depth: 2, aliases: 1, directives: 3, tokens: 50, documentLength: 300 };
const narrow = await startService({ limits: narrowed });

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

/** Documents of each kind, with exactly so many of what is limited. */
const documents: Record<keyof typeof narrowed | 'repetitions' | 'changes', (size: number) => string> = {
  // An organization leads to its settings, and these back to the organization.
  depth: (size) => {
    const path = Array.from({ length: size - 2 }, (_, level) => (level % 2 === 0 ? 'modelSettings' : 'organization'));
    return `{ ${['organization(id: "org_x")', ...path].join(' { ')} { __typename ${'} '.repeat(size)}`;
  },
  aliases: (size) => `{ ${times(size, (index) => `a${index}: __typename`)} }`,
  changes: (size) =>
    `mutation { ...M ${times(size - 1, (index) => `c${index}: createOrganization(input: { name: "x" }) { __typename }`)} }
     fragment M on Mutation { createOrganization(input: { name: "x" }) { __typename } }`,
  repetitions: (size) =>
    `{ ${times(size + 1, (index) => (index % 2 === 0 ? 'caller { kind }' : '... { caller { kind } }'))} }`,
  directives: (size) => `{ __typename ${times(size, () => '... @skip(if: true) { __typename }')} }`,
  tokens: (size) =>
    `{ ${times((size - 2) >> 2, () => '...{ __typename }')} ${times((size - 2) % 4, () => '__typename')} }`,
  documentLength: (size) => '{ __typename } #'.padEnd(size, 'x'),
};

const ask = (service: Service, query: string) => service.ask<object, Record<string, never>>(query);

async function expectRefused(service: Service, query: string, message: RegExp) {
  service.takeStatements();
  const answer = await ask(service, query);

  expect(answer).not.toHaveProperty('data');
  expect(answer.errors).toMatchObject([{ extensions: { code: 'VALIDATION_ERROR' } }]);
  expect(answer.errors?.[0]?.message).toMatch(message);
  expect(service.takeStatements()).toEqual([]);
}

describe('a document', () => {
  it.each<[keyof typeof documents, keyof Limits, RegExp]>([
    ['depth', 'depth', /depth limit of 12 exceeded, found 13/],
    ['aliases', 'aliases', /Aliases limit of 30 exceeded, found 31/],
    ['repetitions', 'aliases', /Repetitions limit of 30 exceeded, found 31/],
    ['changes', 'changes', /Changes limit of 10 exceeded, found 11/],
    ['directives', 'directives', /Directives limit of 9 exceeded, found 10/],
    ['tokens', 'tokens', /Token limit of 1500 exceeded/],
    ['documentLength', 'documentLength', /Document length limit of 100000 exceeded, found 100001/],
  ])('may be at the limit of its %s, and is refused beyond', async (kind, limit, message) => {
    const max = limitsOf()[limit];

    expect(await ask(standard, documents[kind](max))).toHaveProperty('data');
    await expectRefused(standard, documents[kind](max + 1), message);
  });

  it.each<[keyof typeof narrowed, RegExp]>([
    ['depth', /limit of 2 exceeded, found 3/],
    ['aliases', /limit of 1 exceeded, found 2/],
    ['directives', /limit of 3 exceeded, found 4/],
    ['tokens', /limit of 50 exceeded/],
    ['documentLength', /limit of 300 exceeded, found 301/],
  ])('has the limit of its %s that the service is set up with', async (kind, message) => {
    expect(await ask(narrow, documents[kind](narrowed[kind]))).toHaveProperty('data');
    await expectRefused(narrow, documents[kind](narrowed[kind] + 1), message);
  });

  it('is measured with its fragments, as often as they are spread', async () => {
    const spread = `fragment A on Query { ...B ...B } fragment B on Query { ${times(16, (index) => `a${index}: __typename`)} }`;

    await expectRefused(standard, `{ ...A } ${spread}`, /Aliases limit of 30 exceeded, found 32/);
  });
});

describe('introspection', () => {
  const everything = {
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  };

  it('as every tool asks for it is allowed, deep as it is', async () => {
    const { data, errors } = await ask(standard, getIntrospectionQuery(everything));

    expect(errors).toBe(undefined);
    expect(data).toHaveProperty('__schema.types');
  });

  it.each([
    [
      'nested',
      '{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }',
      /introspection depth/i,
    ],
    [
      'wide',
      `{ __schema { types { ${times(29, (index) => `a${index}: fields { args { type { fields { name } } } }`)} } } }`,
      /Complexity limit/,
    ],
    [
      'often',
      `{ ${times(9, (index) => `a${index}: __schema { types { fields { args { type { name } } } } }`)} }`,
      /Complexity limit/,
    ],
  ])('that is %s is refused', async (_, query, message) => {
    await expectRefused(standard, query, message);
  });
});
