import { describe, expect, it } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { startService } from '../kit/service.ts';

const { fetch, logLines, takeStatements } = await startService();

/** About a megabyte of JSON, by saying a text again and again. */
const megabyte = (text: string) => text.repeat(Math.floor(990_000 / (JSON.stringify(text).length - 2)));
const doubling = Array.from({ length: 100 }, (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`).join(
  ' ',
);
const nestedDoubling = Array.from(
  { length: 40 },
  (_, n) => `fragment F${n} on Organization { modelSettings { organization { ...F${n + 1} } } revision ...F${n + 1} }`,
).join(' ');

async function send(body: string, accept = 'application/graphql-response+json') {
  const response = await fetch(
    new Request('http://localhost/graphql', {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json' },
      body,
    }),
  );
  const answer: { data?: unknown; errors?: { extensions: { code: string } }[] } = await response.json();
  return { status: response.status, ...answer };
}

/** An error with its code and without data, as the fault of whoever asked; and the service goes on. */
async function expectRefused(body: string) {
  takeStatements();
  const strict = await send(body);
  const lenient = await send(body, 'application/json');

  for (const answer of [strict, lenient]) {
    expect(answer).not.toHaveProperty('data');
    expect(answer.errors?.[0]?.extensions.code).toBe('VALIDATION_ERROR');
    expect(answer.status).toBeLessThan(500);
  }
  expect(strict.status).toBeGreaterThanOrEqual(400);
  expect(takeStatements()).toEqual([]);
  expect(logLines().filter(({ level }) => level === 50)).toEqual([]);
  expect(await send('{"query":"{ __typename }"}')).toEqual({ status: 200, data: { __typename: 'Query' } });
}

describe('a hostile document', () => {
  it.each([
    ['of tokens', megabyte('{ ')],
    ['of fields', `{ ${megabyte('a ')} }`],
    ['of aliases', `{ ${megabyte('a:__typename ')} }`],
    ['of directives', `{ __typename ${megabyte('@skip(if:true) ')} }`],
    ['of comments', `${megabyte('#\n')} { __typename }`],
    ['of one comment', `{ __typename } #${megabyte('x')}`],
    ['of one string', `{ node(id: "${megabyte('x')}") { id } }`],
    ['of a block string', `{ node(id: """${megabyte('x\n')}""") { id } }`],
    ['of unicode escapes', `{ node(id: "${megabyte('\\u0041')}") { id } }`],
    ['of one name', `{ ${megabyte('x')} }`],
    ['of one number', `{ node(id: ${megabyte('1')}) { id } }`],
    ['of commas and line breaks', `${megabyte(',\n')} { __typename }`],
    ['of operations', Array.from({ length: 5_000 }, (_, n) => `query Q${n} { __typename }`).join(' ')],
    ['of variables', `query (${Array.from({ length: 5_000 }, (_, n) => `$v${n}: ID`).join(' ')}) { __typename }`],
    ['10,000 deep', `${'{ caller '.repeat(10_000)}${'}'.repeat(10_000)}`],
    ['of lists, 10,000 deep', `{ node(id: ${'['.repeat(10_000)}${']'.repeat(10_000)}) { id } }`],
    ['of objects that are repeated', `{ ${'caller { kind } '.repeat(300)} }`],
    [
      'of objects that are repeated in fragments',
      `{ ${Array.from({ length: 20 }, (_, n) => `...F${n}`).join(' ')} } ${Array.from({ length: 20 }, (_, n) => `fragment F${n} on Query { ${'caller { kind } '.repeat(15)} }`).join(' ')}`,
    ],
    ['700 deep', `${'{caller'.repeat(700)}${'}'.repeat(700)}`],
    ['of a fragment in itself', '{ ...A } fragment A on Query { ...A }'],
    ['of fragments in a circle', '{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }'],
    ['of doubling fragments, with aliases', `{ ...F0 } ${doubling} fragment F100 on Query { a: __typename }`],
    [
      'of doubling fragments below each other',
      `{ organization(id: "x") { ...F0 } } ${nestedDoubling} fragment F40 on Organization { id }`,
    ],
    [
      'of doubling introspection',
      `{ __schema { types { ...F0 } } } ${Array.from({ length: 60 }, (_, n) => `fragment F${n} on __Type { ofType { ...F${n + 1} } a${n % 2}: ofType { ...F${n + 1} } }`).join(' ')} fragment F60 on __Type { name }`,
    ],
    [
      'that says a name twice in an object',
      '{ models(organizationId: "x", filter: { provider: "a", provider: "b" }) { totalCount } }',
    ],
    [
      'that says __proto__ in an open object',
      'mutation { updateModelConfig(input: { id: "cfg_x", settings: { a: { __proto__: { b: 1 } } } }) { __typename } }',
    ],
    [
      'of a subscription to nothing',
      'subscription { organizationRevision(organizationId: "x") @skip(if: true) { at } }',
    ],
    [
      'of a subscription to nothing, by a variable and fragments',
      `subscription ($no: Boolean = false) { ...A } fragment A on Subscription { ... @include(if: $no) { ...B } }
       fragment B on Subscription { organizationRevision(organizationId: "x") { at } }`,
    ],
    ['that is empty', ''],
    ['that is no text', '\0\u{1f4a9}\ud800'],
  ])('%s is refused', async (_, query) => {
    await expectRefused(JSON.stringify({ query }));
  });
});

describe('a hostile request', () => {
  const query = 'query ($f: ModelFilter) { models(organizationId: "x", filter: $f) { totalCount } }';
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

  it.each([
    ['with __proto__ in the body', '{"query":"{ __typename }","__proto__":{"a":1}}'],
    ['with __proto__ in variables', `{"query":"${query}","variables":{"f":{"__proto__":{"provider":"x"}}}}`],
    ['with __proto__ by an escape', String.raw`{"query":"{ __typename }","variables":{"\u005f_proto__":1}}`],
    ['with constructor in an input', `{"query":"${query}","variables":{"f":{"constructor":{"prototype":1}}}}`],
    ['with prototype in an input', `{"query":"${query}","variables":{"f":{"prototype":1}}}`],
    ['with two queries', '{"query":"{ __typename }","query":"{ caller { kind } }"}'],
    ['with a name twice in variables', '{"query":"{ __typename }","variables":{"a":{"b":1,"b":2}}}'],
    ['with a name twice, once by an escape', String.raw`{"query":"{ __typename }","variables":{"a":1,"\u0061":2}}`],
    ['with an input 100,000 deep', `{"query":"${query.replaceAll('"', '\\"')}","variables":{"f":${nested(100_000)}}}`],
    [
      'with lists 100,000 deep',
      `{"query":"${query.replaceAll('"', '\\"')}","variables":{"f":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    ],
    [
      'with 300,000 entries that do not fit',
      JSON.stringify({
        query: 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
        variables: { ids: Array.from({ length: 300_000 }, () => []) },
      }),
    ],
    ['with a list of variables', '{"query":"{ __typename }","variables":[1]}'],
    ['with a text for variables', '{"query":"{ __typename }","variables":"{}"}'],
    ['with a number for extensions', '{"query":"{ __typename }","extensions":1}'],
    ['with a list for extensions', '{"query":"{ __typename }","extensions":[]}'],
    ['with a list for a query', '{"query":["{ __typename }"]}'],
    [
      'with the name of an operation that is not there',
      `{"query":"{ __typename }","operationName":"${'x'.repeat(500_000)}"}`,
    ],
    ['with an object for the name of its operation', '{"query":"query A { __typename }","operationName":{"a":1}}'],
    ['with a number', '1'],
    ['with a text', '"{ __typename }"'],
    ['with nothing', ''],
    ['with half a body', '{"query":"{ __typename'],
    ['with lists only', '['.repeat(100_000)],
  ])('%s is refused', async (_, body) => {
    await expectRefused(body);
  });

  it.each(['"nothing":1', '"constructor":{"prototype":{"a":1}}', '"toString":null', '"id":"x","doc":2', '"":0'])(
    'says nothing by names that nobody knows: %s',
    async (others) => {
      const body = `{"query":"{ __typename }",${others}}`;
      for (const headers of [{}, { authorization: `Bearer ${await mint({ sub: 'usr_1' })}` }]) {
        const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body };
        const response = await fetch(new Request('http://localhost/graphql', init));

        expect(await response.json()).toEqual({ data: { __typename: 'Query' } });
      }
    },
  );

  it.each(['variables={', 'variables={"a":1,"a":2}', 'extensions=1', 'variables=[1]'])(
    'is refused in an address: %s',
    async (search) => {
      const url = `http://localhost/graphql?query={__typename}&${search}`;
      const response = await fetch(new Request(url, { headers: { 'apollo-require-preflight': '1' } }));

      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'VALIDATION_ERROR' } }] });
    },
  );
});
