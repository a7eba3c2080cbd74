import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type Service, startService } from '../kit/service.ts';

const signedIn = await startService();
const everyone = await startService({ introspection: 'everyone' });
const nobody = await startService({ introspection: 'nobody' });

const ask = (service: Service, query: string, asking = {}) =>
  service.ask<Record<string, unknown>, Record<string, unknown>>(query, {}, asking);

const questions = [
  ['__schema', getIntrospectionQuery()],
  ['__type', '{ caller { kind } t: __type(name: "Query") { name } }'],
  ['a fragment', '{ ...A } fragment A on Query { ... { s: __schema { queryType { name } } } }'],
  ['another operation of the document', 'query A { __typename }  query B { __schema { queryType { name } } }'],
] as const;

describe('who may ask what the graph is made of', () => {
  it.each(questions.slice(0, 3))('is who is signed in, by %s', async (_, query) => {
    const { member } = await signedIn.aWorld();

    // The same document, by turns: what was found out for one must not be remembered for another.
    const first = await ask(signedIn, query, { as: member });
    const anonymous = await ask(signedIn, query);
    const again = await ask(signedIn, query, { as: member });

    expect(first.data).toBeDefined();
    expect(anonymous).not.toHaveProperty('data');
    expect(anonymous).toMatchObject({ status: 401, errors: [{ extensions: { code: 'AUTHENTICATION_REQUIRED' } }] });
    expect(again.data).toEqual(first.data);
  });

  it.each(questions.slice(0, 3))('is everyone where the service is set up so, by %s', async (_, query) => {
    expect((await ask(everyone, query)).data).toBeDefined();
  });

  it.each(questions.slice(0, 3))('is nobody where the service is set up so, by %s', async (_, query) => {
    const { owner } = await nobody.aWorld();
    const answer = await ask(nobody, query, { as: owner });

    expect(answer).not.toHaveProperty('data');
    expect(answer.errors).toMatchObject([{ extensions: { code: 'VALIDATION_ERROR' } }]);
  });

  it('does not matter for the name of a type', async () => {
    expect(await ask(nobody, '{ __typename caller { __typename } }')).toMatchObject({
      data: { __typename: 'Query', caller: { __typename: 'Caller' } },
    });
  });

  it('holds for what a gateway reads too', async () => {
    const { owner } = await nobody.aWorld();

    expect(await ask(nobody, '{ _service { sdl } }', { as: owner })).not.toHaveProperty('data');
    expect(await ask(everyone, '{ _service { sdl } }', { as: owner })).toHaveProperty('data._service.sdl');
  });
});

describe('a name that is not there', () => {
  const mistakes: [string, string, Record<string, unknown>?][] = [
    ['a field', '{ callr { kind } }'],
    ['an argument', '{ organization(idd: "x") { id } }'],
    ['a type', '{ node(id: "x") { ... on ModelConfg { id } } }'],
    ['a field of another type', '{ node(id: "x") { displayName } }'],
    ['an enum value', '{ models(organizationId: "x", filter: { lifecycle: ACTIV }) { totalCount } }'],
    ['an input field', '{ models(organizationId: "x", filter: { providr: "x" }) { totalCount } }'],
    [
      'an input field of a variable',
      'query ($f: ModelFilter) { models(organizationId: "x", filter: $f) { totalCount } }',
      { f: { providr: 'x' } },
    ],
    [
      'an enum value of a variable',
      'query ($f: ModelFilter) { models(organizationId: "x", filter: $f) { totalCount } }',
      { f: { lifecycle: 'ACTIV' } },
    ],
  ];

  it.each(mistakes)('gives nothing away of those that are: %s', async (_, query, variables = {}) => {
    const open = await everyone.ask(query, variables);
    const closed = await Promise.all([signedIn.ask(query, variables), nobody.ask(query, variables)]);

    expect(JSON.stringify(open)).toContain('Did you mean');
    for (const answer of closed) {
      expect(answer).not.toHaveProperty('data');
      expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'VALIDATION_ERROR' } });
      expect(JSON.stringify(answer)).not.toContain('Did you mean');
    }
  });
});
