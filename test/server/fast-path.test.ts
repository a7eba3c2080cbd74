import { afterAll, describe, expect, it } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { anApiKey } from '../kit/keys.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { url, close } = await listenOnLoopback(service.listener);
afterAll(close);
const world = await service.aWorld();
const { id } = world.organization;
const token = await mint({ sub: world.admin.id });
const keyToken = await anApiKey(service, world, ['READ']);

/** Written so that only the server's own way knows it, and means the same. */
const ordinaryType = 'application/json; charset="utf-8"';
const leanType = 'application/json';

interface Sent {
  body: unknown;
  headers?: Record<string, string>;
}

/** An answer as a client sees it, without what is of its request alone. */
async function send({ body, headers }: Sent, type: string) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': type, authorization: `Bearer ${token}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const { date, 'x-request-id': requestId, ratelimit, ...told } = Object.fromEntries(response.headers);
  const text = await response.text();
  return {
    status: response.status,
    headers: { ...told, 'content-length': undefined },
    isComplete: told['content-length'] === undefined || Number(told['content-length']) === Buffer.byteLength(text),
    text: text.replaceAll(/"traceId":"[^"]+"/g, '"traceId":"…"').replaceAll(/"timestamp":"[^"]+"/g, '"timestamp":"…"'),
    ofRequest: { hasId: requestId !== undefined, hasDate: date !== undefined, hasRateLimit: ratelimit !== undefined },
  };
}

const settings =
  'query Settings($id: ID!) { organizationModelSettings(organizationId: $id) { revision disabledModels } }';
const update = (input: string) =>
  `mutation { updateModelSettings(input: { organizationId: "${id}", ${input} }) { __typename ... on ModelgateError { code message } ... on OrganizationModelSettings { disabledProviders } } }`;
const nested = `{ caller { memberships { organization ${'{ modelSettings { organization '.repeat(10)}{ id }${' } }'.repeat(10)} } } }`;

const requests: Record<string, Sent> = {
  'a query': { body: { query: settings, variables: { id } } },
  'a query by its name': { body: { query: `${settings} query Other { __typename }`, operationName: 'Other' } },
  'a query with a null for variables': { body: { query: '{ __typename }', variables: null, operationName: null } },
  'a page of models': {
    body: {
      query: `{ models(organizationId: "${id}", first: 3) { edges { node { displayName access(organizationId: "${id}") { allowed } } } pageInfo { endCursor } } }`,
    },
  },
  introspection: { body: { query: '{ __schema { queryType { name } } }' } },
  'a change that changes nothing': { body: { query: update('disabledProviders: []') } },
  'a change that is refused': { body: { query: update('disabledProviders: ["nobody"]') } },
  'a field that is refused': { body: { query: settings, variables: { id: world.foreignOrganization.id } } },
  'a field that fails beside one that does not': {
    body: { query: `{ __typename models(organizationId: "${id}", first: 101) { edges { cursor } } }` },
  },
  'a document that is none': { body: { query: '{' } },
  'a document that does not fit': { body: { query: '{ nothing }' } },
  'a document that is too deep': { body: { query: nested } },
  'a document of too many tokens': { body: { query: `{ ${'__typename '.repeat(2_000)} }` } },
  'variables that do not fit': { body: { query: settings, variables: { id: { a: 1 } } } },
  'variables that are missing': { body: { query: settings } },
  'an operation that is not there': { body: { query: settings, operationName: 'Nothing' } },
  'several operations and no name': { body: { query: 'query A { __typename } query B { __typename }' } },
  'an operation that costs too much': {
    body: {
      query: `{ ${Array.from({ length: 30 }, (_, index) => `a${index}: models(organizationId: "${id}", first: 100) { edges { node { access(organizationId: "${id}") { allowed } keyStatus(organizationId: "${id}") } } }`).join(' ')} }`,
    },
  },
  'no document': { body: {} },
  'an empty document': { body: { query: '' } },
  'a document that is a number': { body: { query: 7 } },
  'variables that are a list': { body: { query: '{ __typename }', variables: [] } },
  'a name that is a number': { body: { query: '{ __typename }', operationName: 7 } },
  'a parameter that nobody knows': { body: { query: '{ __typename }', nothing: 1 } },
  extensions: { body: { query: '{ __typename }', extensions: { a: 1 } } },
  'a batch': { body: [{ query: '{ __typename }' }] },
  'a body that is no object': { body: '"{ __typename }"' },
  'a body that is no JSON': { body: '{"query": "{ __typename }"' },
  'a body with a name twice': { body: '{"query": "{ __typename }", "query": "{ a: __typename }"}' },
  'no body at all': { body: '' },
  'a body with a mark in front': { body: '\uFEFF{"query": "{ __typename }"}' },
  'letters of all alphabets': { body: { query: '{ __typename }', operationName: null, variables: { a: 'é漢😀' } } },
  'a token that does not hold': {
    body: { query: settings, variables: { id } },
    headers: { authorization: 'Bearer nothing' },
  },
  'an authorization that is none': {
    body: { query: settings, variables: { id } },
    headers: { authorization: 'nothing' },
  },
  'an API key': { body: { query: settings, variables: { id } }, headers: { authorization: `Bearer ${keyToken}` } },
  'an API key without the scope': {
    body: { query: update('disabledModels: []') },
    headers: { authorization: `Bearer ${keyToken}` },
  },
  'the cost asked for': { body: { query: settings, variables: { id } }, headers: { 'graphql-cost': 'report' } },
  'an idempotency key with a query': {
    body: { query: settings, variables: { id } },
    headers: { 'idempotency-key': 'a' },
  },
  'an idempotency key that cannot be': {
    body: { query: update('disabledModels: []') },
    headers: { 'idempotency-key': 'ä b' },
  },
};
for (const accept of [
  '*/*',
  'application/json',
  'application/graphql-response+json',
  'application/graphql-response+json, application/json',
  'application/graphql-response+json,application/json;q=0.9',
  'application/json, application/graphql-response+json',
  'text/html',
  'application/json;charset=latin1',
]) {
  requests[`an answer as ${accept}`] = { body: { query: '{ __typename }' }, headers: { accept } };
  requests[`an error as ${accept}`] = { body: { query: '{ nothing }' }, headers: { accept } };
  requests[`a stranger, answered as ${accept}`] = {
    body: { query: '{ __typename }' },
    headers: { accept, authorization: 'Bearer x' },
  };
}

describe('every lane answers alike', () => {
  it.each(Object.entries(requests))('%s', async (_name, request) => {
    const ordinary = await send(request, ordinaryType);
    const lean = await send(request, leanType);
    const again = await send(request, leanType);

    expect(lean).toEqual(ordinary);
    expect(again).toEqual(ordinary);
    expect(ordinary.isComplete).toBe(true);
  });
});
