import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { CreateConfig } from '../kit/config-operations.ts';
import { anApiKey } from '../kit/keys.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { nothingRemembered, type Service, startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

let lookups = 0;
const catalog = new Proxy(readCatalog(), {
  get: (target, name) => {
    lookups += 1;
    return Reflect.get(target, name);
  },
});
const service = await startService({ catalog });
const forgetful = service.anotherInstance({ cache: nothingRemembered });

const settings =
  'query Settings($id: ID!) { organizationModelSettings(organizationId: $id) { revision disabledModels } }';

/** How often an instance asked the database or the catalog since the last call: for a kept answer it asks neither. */
function takeWork({ takeStatements }: Service): number {
  const work = takeStatements().length + lookups;
  lookups = 0;
  return work;
}

const used = ({ id }: { id: string }) =>
  [`query ($id: ID!) { modelConfigUsage(organizationId: $id) { usageCount } }`, { id }] as const;

const ofGraph =
  (query: string) =>
  async (instance: Service, { organization, admin }: World) => {
    const { data, errors } = await instance.ask(query, { id: organization.id }, { as: admin, once: true });
    expect(errors).toBe(undefined);
    return data;
  };
const ofRoute =
  (path: string) =>
  async (instance: Service, { organization, admin }: World) => {
    const route = `/v1/organizations/${organization.id}/${path}`;
    const { status, body } = await restOf(instance)('GET', route, { as: admin, once: true });
    expect(status).toBe(200);
    return body;
  };

const reads: Record<string, (instance: Service, world: World) => Promise<unknown>> = {
  'a page of configurations': ofGraph(
    'query ($id: ID!) { modelConfigs(organizationId: $id) { edges { node { id createdBy { id } access { allowed } } } } }',
  ),
  'the access to a model': ofGraph(
    'query ($id: ID!) { modelAccess(organizationId: $id, modelKey: "o3") { allowed model { id } } }',
  ),
  'the default model': ofGraph(
    'query ($id: ID!) { organizationModelSettings(organizationId: $id) { defaultModel { id } } }',
  ),
  'the models, at a REST route': ofRoute('models'),
};

describe('the cache of answers', () => {
  it.each(Object.entries(reads))('spares the second one to be worked out: %s', async (_name, read) => {
    const world = await service.aWorld();
    const { organization, admin } = world;
    await service.ask(
      UpdateSettings,
      { input: { organizationId: organization.id, defaultModelKey: 'gpt-4o' } },
      { as: admin },
    );
    const input = { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4o' };
    await service.ask(CreateConfig, { input }, { as: admin });
    await service.heard();
    const first = await read(service, world);
    takeWork(service);

    const second = await read(service, world);

    expect(takeWork(service)).toBe(0);
    expect(second).toEqual(first);
    expect(await read(forgetful, world)).toEqual(first);
    takeWork(forgetful);
    await read(forgetful, world);
    expect(takeWork(forgetful)).toBeGreaterThan(0);
  });
});

describe('the cache of sessions', () => {
  it('spares who asks its statements, where the answer is not kept: a user from the second time on', async () => {
    const { admin, organization } = await service.aWorld();
    const statementsOf = async (instance: Service) => {
      instance.takeStatements();
      await instance.ask(...used(organization), { as: admin, once: true });
      return instance.takeStatements().length;
    };
    await statementsOf(service);

    expect(await statementsOf(service)).toBe(1);
    expect(await statementsOf(forgetful)).toBeGreaterThan(1);
  });

  it('does so with an API key from the third time on', async () => {
    const world = await service.aWorld();
    const { token } = await anApiKey(service, world, ['READ']);
    await service.heard();
    const counts: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      service.takeStatements();
      await service.ask(...used(world.organization), { token, once: true });
      counts.push(service.takeStatements().length);
    }

    expect(counts.at(-1)).toBe(1);
    expect(counts[0]).toBeGreaterThan(1);
  });
});

describe('an answer that was kept', () => {
  it('is given again without a statement, with a line, an id and a price of its own', async () => {
    const { admin, organization } = await service.aWorld();
    const ask = () => service.ask(settings, { id: organization.id }, { as: admin, once: true });
    const first = await ask();
    service.takeStatements();
    const lines = service.logLines().length;

    const second = await ask();

    expect(service.takeStatements()).toEqual([]);
    expect(second.data).toEqual(first.data);
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    const left = ({ headers }: typeof first) => Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
    expect(left(first) - left(second)).toBe(11);
    expect(service.logLines().slice(lines)).toMatchObject([
      { outcome: 'OK', operationName: 'Settings', viewerId: admin.id, path: '/graphql', status: 200 },
    ]);
  });

  it('is given at the REST routes too, by what the client has already, until something changes', async () => {
    const call = restOf(service);
    const { admin, organization } = await service.aWorld();
    const path = `/v1/organizations/${organization.id}/model-settings`;
    const read = (headers = {}) => call('GET', path, { as: admin, headers, once: true });
    const first = await read();
    const etag = first.headers.get('etag') ?? '';
    await read({ 'if-none-match': etag });
    takeWork(service);

    const asked = vi.spyOn(service.tags, 'take');
    onTestFinished(() => asked.mockRestore());

    const again = await read();
    const known = await read({ 'if-none-match': etag });

    expect(takeWork(service)).toBe(0);
    // Who asks is looked up, and nothing else.
    expect(asked.mock.calls).toEqual([[admin.id], [admin.id]]);
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([200, first.body, etag]);
    expect([known.status, known.body, known.headers.get('etag')]).toEqual([304, undefined, etag]);
    expect(known.headers.get('cache-control')).toBe(first.headers.get('cache-control'));

    await call('PATCH', path, { as: admin, body: { disabled_models: ['gpt-4o'] } });
    const after = await read({ 'if-none-match': etag });
    expect([after.status, after.body.data?.disabled_models ?? after.body.disabled_models]).toEqual([200, ['gpt-4o']]);
  });

  it('is not one to a change, nor one with errors, nor one that tells what is not told of', async () => {
    const { admin, organization } = await service.aWorld();
    const failing = `{ models(organizationId: "${organization.id}", first: 101) { edges { cursor } } }`;
    await service.ask(failing, {}, { as: admin });
    await service.ask(failing, {}, { as: admin });
    expect(service.logLines().at(-1)).toMatchObject({ outcome: 'VALIDATION_ERROR' });

    expect((await service.ask(...used(organization), { as: admin, once: true })).errors).toBe(undefined);
    service.takeStatements();
    await service.ask(...used(organization), { as: admin, once: true });
    expect(service.takeStatements()).toHaveLength(1);

    const change = `mutation { createOrganization(input: { name: "Twice" }) { ... on Organization { id } } }`;
    const ids = [];
    for (let times = 0; times < 2; times++) {
      const { data } = await service.ask<{ createOrganization: { id: string } }, never>(change, undefined, {
        as: admin,
      });
      ids.push(data?.createOrganization.id);
    }
    expect(new Set(ids).size).toBe(2);
  });

  it('is not one that holds errors beside data', async () => {
    const { admin, organization, foreignOrganization } = await service.aWorld();
    const partial = `query ($own: ID!, $foreign: ID!) {
      organizationModelSettings(organizationId: $own) { revision }
      organization(id: $foreign) { id }
    }`;
    const ids = { own: organization.id, foreign: foreignOrganization.id };
    const traces: unknown[] = [];
    for (let time = 0; time < 3; time += 1) {
      const { data, errors, headers } = await service.ask(partial, ids, { as: admin });
      expect(data).toEqual({ organizationModelSettings: { revision: 0 }, organization: null });
      traces.push([headers.get('x-request-id'), errors?.[0]?.extensions.traceId]);
    }

    // Each error names its own request.
    expect(traces).toEqual(traces.map((trace) => [(trace as unknown[])[0], (trace as unknown[])[0]]));
    expect(service.logLines().at(-1)).toMatchObject({ outcome: 'ORGANIZATION_ACCESS_DENIED' });
  });

  it('at a REST route is that of the organization which the header names', async () => {
    const { admin, organization, foreignOrganization } = await service.aWorld();
    await service.db.membership.create({
      data: { organizationId: foreignOrganization.id, userId: admin.id, role: 'MEMBER' },
    });
    const searching = readCatalog().models.find((model) => model.supportsSearch && model.provider === 'openai');
    const input = { organizationId: organization.id, provider: 'openai', modelId: searching?.modelId ?? '' };
    const { data } = await service.ask(CreateConfig, { input }, { as: admin });
    expect(data?.createModelConfig.__typename).toBe('ModelConfig');
    await service.heard();
    const totalIn = async ({ id }: { id: string }) => {
      const asking = { as: admin, headers: { 'x-organization-id': id } };
      return (await restOf(service)('GET', '/v1/model-configs/search-configured', asking)).body.total;
    };

    const totals = [];
    for (const place of [organization, foreignOrganization, organization]) totals.push(await totalIn(place));

    expect(totals).toEqual([1, 0, 1]);
    takeWork(service);
    await restOf(service)('GET', '/v1/model-configs/search-configured', {
      as: admin,
      headers: { 'x-organization-id': foreignOrganization.id },
    });
    expect(takeWork(service)).toBe(0);
  });

  it('has the form, and says the cost, that each request asks for', async () => {
    const { admin, organization } = await service.aWorld();
    const ask = (headers: Record<string, string>) =>
      service.ask(settings, { id: organization.id }, { as: admin, headers });
    const forms = ['application/json', 'application/graphql-response+json'];
    for (let time = 0; time < 2; time += 1) {
      for (const accept of forms) {
        const { headers } = await ask({ accept });
        expect(headers.get('content-type')).toMatch(accept);
      }
      const [plain, reported] = [await ask({}), await ask({ 'graphql-cost': 'report' })];
      expect([plain, reported].map((answer) => 'extensions' in answer)).toEqual([false, true]);
    }
  });

  it('is given to nobody else', async () => {
    const { admin, stranger, organization } = await service.aWorld();
    await service.ask(settings, { id: organization.id }, { as: admin });

    // From the second time on it is known who asks.
    for (let time = 0; time < 3; time += 1) {
      const { errors } = await service.ask(settings, { id: organization.id }, { as: stranger });
      expect(errors?.[0]?.extensions.code).toBe('ORGANIZATION_ACCESS_DENIED');
    }
  });

  it('rests on who asks: it is not given after a change of roles', async () => {
    const { member } = await service.aWorld();
    const roles = async () => {
      const asking = { as: member };
      const { data } = await service.ask<{ caller: { memberships: unknown } }, never>(
        '{ caller { memberships { role } } }',
        undefined,
        asking,
      );
      return data?.caller.memberships;
    };
    expect([await roles(), await roles()]).toEqual([[{ role: 'MEMBER' }], [{ role: 'MEMBER' }]]);

    await service.db.membership.updateMany({ where: { userId: member.id }, data: { role: 'OWNER' } });
    await service.heard();

    expect(await roles()).toEqual([{ role: 'OWNER' }]);
  });
});
