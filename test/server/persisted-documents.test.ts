import { createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import shipped from '../../src/server/request/persisted-documents.json' with { type: 'json' };
import { openPersistedDocuments } from '../../src/server.ts';
import { mint } from '../kit/issuer.ts';
import { type Service, startService } from '../kit/service.ts';

const directory = mkdtempSync(join(tmpdir(), 'modelgate-documents-'));
afterAll(() => rmSync(directory, { recursive: true }));

function aFile(name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const hash = createHash('sha256').update('{ caller { kind } }').digest('hex');
const deep = `{ organization(id: "org_x") { ${'modelSettings { organization { '.repeat(8)} id ${'} }'.repeat(8)} } }`;
const page = (of: string) => `modelConfigs(first: 100) { edges { node { organization { ${of} } } } }`;
const wide = `{ organization(id: "org_x") { ${page(page('id'))} } }`;
const file = aFile('documents.json', {
  whoAmI: 'query WhoAmI { caller { kind } }',
  settings: 'query Settings($id: ID!) { organization(id: $id) { id } }',
  [`sha256:${hash}`]: '{ caller { kind } }',
  deep,
  wide,
});

const secret = 'a secret of the gateway, of 32 characters';
const besides = await startService({ persistedDocuments: openPersistedDocuments({ files: [file], only: false }) });
const none = besides.anotherInstance({ persistedDocuments: undefined });
const only = await startService({
  persistedDocuments: openPersistedDocuments({ files: [file], only: true }),
  subgraphHmacSecret: secret,
});

interface Sent {
  as?: { id: string } | undefined;
  method?: string;
  accept?: string;
}

async function send(
  { fetch }: Service,
  params: object,
  { as, method = 'POST', accept = 'application/json' }: Sent = {},
) {
  const url = new URL('http://localhost/graphql');
  const isGet = method === 'GET';
  if (isGet) url.search = new URLSearchParams(Object.entries(params)).toString();
  const response = await fetch(
    new Request(url, {
      method,
      headers: {
        accept,
        'content-type': 'application/json',
        ...(as && { authorization: `Bearer ${await mint({ sub: as.id })}` }),
      },
      ...(isGet ? {} : { body: JSON.stringify(params) }),
    }),
  );
  return { status: response.status, ...(await response.json()) };
}

const anonymous = { caller: { kind: 'ANONYMOUS' } };
const invalid = { errors: [{ extensions: { code: 'VALIDATION_ERROR' } }] };

describe('a persisted document', () => {
  it.each([
    ['documentId', { documentId: 'whoAmI' }],
    ['doc_id, as Relay sends it', { doc_id: 'whoAmI' }],
    ['its hash, as Apollo clients send it', { extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }],
    ['its hash with the name of the algorithm', { documentId: `sha256:${hash}` }],
  ])('is answered by %s', async (_, params) => {
    expect(await send(besides, params)).toMatchObject({ status: 200, data: anonymous });
    expect(await send(only, params)).toMatchObject({ status: 200, data: anonymous });
  });

  it('is answered with its variables, and to a GET', async () => {
    const { organization, member } = await only.aWorld();
    const variables = { id: organization.id };
    const data = { organization: { id: organization.id } };

    expect(await send(only, { documentId: 'settings', variables }, { as: member })).toEqual({ status: 200, data });
    const byGet = { documentId: 'settings', variables: JSON.stringify(variables) };
    expect(await send(only, byGet, { as: member, method: 'GET' })).toEqual({ status: 200, data });
  });

  it('may go beyond the limits of documents, which are not for what is trusted', async () => {
    const { organization, member } = await besides.aWorld();
    const as = { as: member };

    expect(await send(besides, { query: deep, variables: { id: organization.id } }, as)).toMatchObject(invalid);
    expect(await send(besides, { documentId: 'deep', variables: { id: organization.id } }, as)).toMatchObject({
      data: {},
    });
  });

  it('may not cost more than any other', async () => {
    const answer = await send(only, { documentId: 'wide' });

    expect(answer).not.toHaveProperty('data');
    expect(answer).toMatchObject({ errors: [{ message: expect.stringContaining('Complexity limit') }] });
  });

  it('of the client that comes with the service is among them', async () => {
    const [id = ''] = Object.keys(shipped);
    const { errors } = await send(only, { documentId: id });

    expect(errors?.[0]?.message).not.toBe('PersistedQueryNotFound');
  });

  it.each([
    ['absent', { documentId: 'absent' }, 'PersistedQueryNotFound'],
    ['__proto__', { documentId: '__proto__' }, 'PersistedQueryNotFound'],
    ['no text', { documentId: 7 }, /the id of a persisted document/],
    ['none', {}, /the id of a persisted document/],
  ])('is not found by an id that is %s', async (_, params, message) => {
    for (const service of [besides, only]) {
      const answer = await send(service, params);

      expect(answer).not.toHaveProperty('data');
      expect(answer).toMatchObject({ status: 400, ...invalid });
      expect(answer.errors[0].message).toMatch(message);
    }
  });
});

describe('a document that is not persisted', () => {
  it('is answered like any other, unless only those are', async () => {
    const query = '{ caller { kind } }';

    expect(await send(besides, { query })).toMatchObject({ data: anonymous });
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const answer = await send(only, { query, documentId: 'whoAmI' }, { accept });
      expect(answer).not.toHaveProperty('data');
      expect(answer).toMatchObject({ status: 400, ...invalid });
    }
  });

  it('is answered where the gateway of the supergraph signed it', async () => {
    const query = '{ caller { kind } }';
    const signature = (key: string) => createHmac('sha256', key).update(JSON.stringify({ query })).digest('base64');
    const signed = (key: string) => ({ query, extensions: { 'hmac-signature': signature(key) } });

    expect(await send(only, signed(secret))).toMatchObject({ data: anonymous });
    expect(await send(only, signed('another'))).toMatchObject({ status: 400, ...invalid });
  });
});

describe('where no documents are persisted', () => {
  const persistedQuery = { version: 1, sha256Hash: hash };
  const query = '{ caller { kind } }';

  it.each([
    ['POST', { extensions: { persistedQuery } }],
    ['POST', { documentId: 'whoAmI' }],
    ['GET', { extensions: JSON.stringify({ persistedQuery }) }],
    ['GET', { extensions: JSON.stringify({ persistedQuery }), variables: '{}' }],
  ])(
    'the hash alone is answered so that Apollo clients send the document, and with status 200: %s %j',
    async (method, params) => {
      for (const accept of ['application/json', 'application/graphql-response+json', '*/*']) {
        const answer = await send(none, params, { method, accept });

        expect(answer).toMatchObject({
          status: 200,
          errors: [{ message: 'PersistedQueryNotSupported', extensions: { code: 'VALIDATION_ERROR' } }],
        });
        expect(answer).not.toHaveProperty('data');
      }
    },
  );

  it('the document is answered with its hash or without', async () => {
    expect(await send(none, { query, extensions: { persistedQuery } })).toMatchObject({ status: 200, data: anonymous });
    const address = { query, extensions: JSON.stringify({ persistedQuery }) };
    expect(await send(none, address, { method: 'GET' })).toMatchObject({ status: 200, data: anonymous });
  });

  it.each([{}, { extensions: {} }, { extensions: { persistedQuery: 7 } }, { extensions: { persistedQuery: {} } }])(
    'nothing at all is still a fault: %j',
    async (params) => {
      expect(await send(none, params)).toMatchObject({ status: 400, ...invalid });
    },
  );
});

describe('a file of persisted documents', () => {
  it.each([
    ['is absent', 'absent.json', undefined, /absent\.json cannot be read/],
    ['is no JSON', 'broken.json', '{', /broken\.json is not valid JSON/],
    ['is of another form', 'list.json', ['{ __typename }'], /list\.json must hold an object/],
    ['holds what does not parse', 'syntax.json', { bad: '{' }, /"bad" in .*syntax\.json is not valid: Syntax Error/],
    [
      'holds what the schema lacks',
      'field.json',
      { bad: '{ nothing }' },
      /"bad" in .*field\.json is not valid: Cannot query/,
    ],
    [
      'has an id of another document',
      'other.json',
      { whoAmI: '{ __typename }' },
      /"whoAmI" in .*other\.json is another/,
    ],
  ])('that %s is named', (_, name, content, message) => {
    const path = content === undefined ? join(directory, name) : aFile(name, content);

    expect(() => openPersistedDocuments({ files: [file, path], only: true })).toThrow(message);
  });
});
