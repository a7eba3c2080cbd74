import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { createDatabase } from '../../src/database/pool/client.ts';
import { anApiKey, aProviderKey } from '../kit/keys.ts';
import { faultsOf, type OpenApi, type Operation, operationsOf, parserOf } from '../kit/openapi.ts';
import { type RestAnswer, restOf } from '../kit/rest.ts';
import { startInstance, startService } from '../kit/service.ts';
import { aMember, type World } from '../kit/world.ts';

const service = await startService();
const call = restOf(service);
const document: OpenApi = (await call('GET', '/v1/openapi.json')).body;
const operations = operationsOf(document);

/** Services that cannot answer: one has given out its points, one finds all too dear, one has lost a table, one its database. */
const poor = await startService({ limits: { viewerPoints: 1 } });
const strict = await startService({ limits: { complexity: 1, inputList: 7 } });
const broken = await startService();
const dropper = new pg.Client(broken.database.ownerUrl);
await dropper.connect();
await dropper.query('DROP TABLE "Membership" CASCADE');
await dropper.end();
const nowhere = createDatabase('postgresql://modelgate@127.0.0.1:1/nowhere');
const cutOff = startInstance(() => nowhere, readCatalog());
afterAll(() => nowhere.$disconnect());

const bodies: Record<string, unknown> = {
  'PATCH /v1/organizations/{organization_id}/model-settings': {},
  'POST /v1/organizations/{organization_id}/usage': {
    records: [{ id: 'a', modelKey: 'gpt-4.1', promptTokens: 1, completionTokens: 1, usedAt: '2026-11-22T11:00:00Z' }],
  },
  'POST /v1/model-configs': { provider: 'openai', modelId: 'gpt-4.1', settings: { temperature: 1 } },
  'PUT /v1/model-configs/{id}': { isEnabled: true },
  'PATCH /v1/model-configs/{id}/status': { isEnabled: true },
  'PATCH /v1/model-configs/{id}/default': {},
  'POST /v1/provider-keys': { apiKey: 'sk-0123456789', name: 'Production', provider: 'openai' },
  'PATCH /v1/provider-keys/{id}': { name: 'Staging' },
};

interface Scene extends World {
  operation: Operation;
  /** Sends the operation as an owner does who wants it done, but for what is said otherwise. */
  send: (given?: Sent) => Promise<RestAnswer>;
}

interface Sent {
  as?: { id: string };
  /** The id in the path. */
  id?: string;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
  to?: typeof call;
}

async function setScene(operation: Operation): Promise<Scene> {
  const world = await service.aWorld();
  const { organization, owner } = world;
  const key = await aProviderKey(service, world);
  const config = { id: `cfg_${organization.id}`, organizationId: organization.id, creatorId: owner.id };
  const model = { provider: 'openai', modelId: 'gpt-4.1', settings: {}, providerKeyId: key.id };
  await service.db.modelConfig.create({ data: { ...config, ...model, createdAt: new Date(), updatedAt: new Date() } });
  const present = operation.path.includes('provider-keys') ? key.id : config.id;

  return {
    ...world,
    operation,
    send: ({
      as = owner,
      id = present,
      query = queries[operation.name] ?? '',
      body = bodies[operation.name],
      headers = {},
      to = call,
    } = {}) => {
      const path = operation.path
        .replace('{organization_id}', organization.id)
        .replace('{provider}', 'openai')
        .replace('{id}', id);
      return to(operation.method, path + query, { as, body, headers });
    },
  };
}

/** What an operation must be asked. */
const queries: Record<string, string> = { 'GET /v1/organizations/{organization_id}/model-access': '?model=gpt-4.1' };

const isOfSecret = ({ path }: Operation) => path.endsWith('/secret');
const hasId = ({ path }: Operation) => path.endsWith('{id}') || path.includes('{id}/');

/** How each status comes about. */
const provocations: Record<string, (scene: Scene) => Promise<RestAnswer>> = {
  200: async ({ operation, send, ...world }) => {
    if (!isOfSecret(operation)) return send();
    const { token } = await anApiKey(service, world, ['KEYS_USE']);
    return send({ headers: { authorization: `Bearer ${token}` } });
  },
  201: ({ send }) => send(),
  204: ({ send }) => send(),
  304: ({ send }) => send({ headers: { 'if-none-match': '*' } }),
  400: async ({ operation, send, organization, foreignOrganization }) => {
    if (hasId(operation)) return send({ id: 'malformed' });
    if (operation.path.startsWith('/v1/organizations'))
      return operation.takesBody ? send({ body: '{' }) : send({ headers: { 'x-organization-id': 'x'.repeat(201) } });
    // In two organizations, it does not say which.
    const both = await aMember(service.db, organization, 'OWNER');
    await service.db.membership.create({
      data: { organizationId: foreignOrganization.id, userId: both.id, role: 'OWNER' },
    });
    return send({ as: both });
  },
  401: ({ send }) => send({ headers: { authorization: 'Bearer nonsense' } }),
  403: async ({ operation, send, member, stranger, ...world }) => {
    if (hasId(operation)) return send({ as: member });
    if (operation.path !== '/v1/organizations')
      return send({ as: stranger, headers: { 'x-organization-id': world.organization.id } });
    // Every user may list its organizations; a key that only reports may not.
    const { token } = await anApiKey(service, { member, stranger, ...world }, ['USAGE_WRITE']);
    return send({ headers: { authorization: `Bearer ${token}` } });
  },
  404: ({ operation, send }) => send({ id: operation.path.includes('provider-keys') ? 'key_absent' : 'cfg_absent' }),
  409: ({ send, owner }) =>
    service.db.$transaction(async (tx) => {
      // As one who is at work on the same key.
      await tx.$queryRaw`
        SELECT pg_advisory_xact_lock(hashtextextended(${JSON.stringify([owner.id, 'taken'])}, 0))::text`;
      return send({ headers: { 'idempotency-key': 'taken' } });
    }),
  412: ({ send }) => send({ headers: { 'if-match': '"999"' } }),
  413: ({ send }) => send({ body: JSON.stringify('x'.repeat(1_100_000)) }),
  415: ({ send }) => send({ body: 'a=b', headers: { 'content-type': 'text/plain' } }),
  422: async ({ operation, send, organization }) => {
    if (operation.path.includes('/snapshot')) return send({ query: '?subjects=x' });
    if (operation.path.endsWith('.ndjson')) return send({ query: '?after=x' });
    if (operation.path === '/v1/organizations') return send({ query: '?limit=x' });
    if (operation.path.endsWith('/model-access')) return send({ query: '' });
    if (operation.path.startsWith('/v1/organizations')) {
      return operation.takesBody ? send({ body: { nonsense: 1 } }) : send({ to: restOf(strict) });
    }
    const key = { 'idempotency-key': 'reused' };
    await send({ headers: { ...key, 'x-organization-id': organization.id } });
    return send({ headers: key });
  },
  429: async ({ operation, send }) => {
    // It costs a point, which is all that there is.
    if (isOfSecret(operation)) await send({ to: restOf(poor) });
    return send({ to: restOf(poor) });
  },
  500: ({ send }) => send({ to: restOf(broken) }),
  503: ({ send }) => send({ to: restOf(cutOff) }),
};

/** The places of properties without a description. */
function undescribedIn(value: unknown, place = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { properties } = value as { properties?: Record<string, object> };
  const undescribed = Object.entries(properties ?? {})
    .filter(([, property]) => !('description' in property || '$ref' in property))
    .map(([name]) => `${place}/${name}`);
  return [...undescribed, ...Object.entries(value).flatMap(([name, part]) => undescribedIn(part, `${place}/${name}`))];
}

/** The code of a refusal of either system. */
// biome-ignore lint/suspicious/noExplicitAny: the schemas of both are checked.
const codeOf = (body: any): string => body.error.code ?? body.details[0].code;

describe('/v1/openapi.json', () => {
  it('is an OpenAPI 3.1 document whose references hold, and whose bodies are known here', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];

    expect(document.openapi).toBe('3.1.0');
    for (const [, name = ''] of references) expect(document.components.schemas).toHaveProperty(name);
    expect(operations.filter(({ takesBody }) => takesBody).map(({ name }) => name)).toEqual(Object.keys(bodies));
  });

  it('names each operation once, in camelCase, under a tag that it describes', () => {
    const ids = operations.map(({ operationId }) => operationId);
    const tags = document.tags.map(({ name }) => name);

    expect(new Set(ids).size).toBe(operations.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+([A-Z][a-z]+)*$/);
    for (const operation of operations) expect(tags).toEqual(expect.arrayContaining(operation.tags));
    for (const { description } of document.tags) expect(description).not.toBe('');
  });

  it('says of each operation what it does, who may, and what to send: an example of all that it needs', () => {
    for (const { name, summary, description, parameters, takesBody, examples } of operations) {
      expect([name, summary]).toEqual([name, expect.stringMatching(/^[A-Z].*[^.]$/)]);
      expect([name, description]).toEqual([name, expect.stringMatching(/^[A-Z].+[.:]\n\nWho may: .+\.$/s)]);
      const needed = parameters.filter(({ required }) => required);
      expect(needed.filter(({ schema }) => schema.example === undefined).map((one) => `${name} ${one.name}`)).toEqual(
        [],
      );
      expect([name, Object.keys(examples).length > 0]).toEqual([name, takesBody]);
      for (const example of Object.values(examples)) expect([name, example.summary]).not.toContain('');
    }
  });

  it('is of the service that answered it', () => {
    expect(document.servers.map(({ url }) => url)).toEqual(['/']);
  });

  it('describes every schema, field, parameter and answer', () => {
    const { schemas, responses } = document.components;
    const said = operations.flatMap(({ name, parameters, responses }) => [
      ...parameters.map((parameter) => [`${name} ${parameter.name}`, parameter.description]),
      ...Object.entries(responses).map(([status, { description }]) => [`${name} ${status}`, description]),
    ]);

    expect(undescribedIn(schemas)).toEqual([]);
    expect(undescribedIn(responses)).toEqual([]);
    expect(Object.entries(schemas).filter(([, { description }]) => !description)).toEqual([]);
    expect(said.filter(([, description]) => !description)).toEqual([]);
  });

  it('shows each field of a body in one spelling, though the earlier system had two', () => {
    expect(Object.keys(document.components.schemas.ModelSettingsUpdate?.properties ?? {})).toEqual([
      'disabledProviders',
      'disabledModels',
      'defaultModelKey',
    ]);
  });

  it('says the limits of this service', async () => {
    const maxOf = ({ components }: OpenApi) => components.schemas.ModelSettingsUpdate?.properties?.disabledModels;
    const other: OpenApi = (await restOf(strict)('GET', '/v1/openapi.json')).body;

    expect(maxOf(document)).toMatchObject({ maxItems: 250, 'x-limit': 'MAX_INPUT_LIST' });
    expect(maxOf(other)).toMatchObject({ maxItems: 7 });
  });

  it('has examples of every refusal, which are as its schema says', () => {
    const { components } = document;
    const examples = Object.entries(components.responses).map(([name, { content }]) => ({
      name,
      parser: parserOf(content?.['application/json']?.schema ?? {}, components),
      values: Object.values(content?.['application/json']?.examples ?? {}).map(({ value }) => value),
    }));

    expect(examples.filter(({ values }) => values.length === 0)).toEqual([]);
    for (const { parser, values } of examples)
      for (const value of values) expect(() => parser.parse(value)).not.toThrow();
  });

  it('has the fields of the reference, in its order', () => {
    const { required, properties = {} } = document.components.schemas.ModelConfig ?? {};
    const always =
      'id userId organizationId provider modelId providerKeyId isEnabled isDefault settings createdAt updatedAt';
    const maybe =
      'displayName creator creatorDisplayName costPer1kTokens inputCostPer1kTokens outputCostPer1kTokens supportsCustomKey keyStatus maxOutputTokens supportsStreaming supportedResponseFormats supportsSearch reasoningCapability configScope';

    expect(required?.join(' ')).toBe(always);
    expect(Object.keys(properties).join(' ')).toBe(`${always} ${maybe}`);
  });

  it('says when one who has spent its points may ask again', async () => {
    const { headers } = await restOf(poor)('GET', '/v1/model-configs', { as: { id: 'usr_spender' } });

    expect(headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('tells every field of a wrong answer', () => {
    const [operation] = operations.filter(({ name }) => name === 'GET /v1/model-configs/in-use');
    const answer = (body: unknown) => ({ status: 200, headers: new Headers(), body });
    if (!operation) throw new Error('It is gone');

    expect(faultsOf(document, operation, answer({ data: [], total: 0 }))).toEqual([]);
    expect(faultsOf(document, operation, answer({ data: [], total: 0, more: 1 }))).toHaveLength(1);
    expect(faultsOf(document, operation, answer({ data: [{ id: 1 }], total: 0 }))).toHaveLength(1);
    expect(faultsOf(document, operation, { ...answer({}), status: 418 })).toHaveLength(1);
  });
});

describe.each(operations)('$name', (operation) => {
  it.each(Object.keys(operation.responses))('answers %s as it is documented', async (status) => {
    const provoke = provocations[status];
    const answer = await provoke?.(await setScene(operation));

    expect(answer?.status).toBe(Number(status));
    expect(answer && faultsOf(document, operation, answer)).toEqual([]);
    const examples = Object.values(operation.responses[status]?.content?.['application/json']?.examples ?? {});
    if (Number(status) >= 400) expect(examples.map(({ value }) => codeOf(value))).toContain(codeOf(answer?.body));
  });
});
