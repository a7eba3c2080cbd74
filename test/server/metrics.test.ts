import { afterAll, describe, expect, it, vi } from 'vitest';
import { answerMetrics } from '../../src/commands/metrics-endpoint.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { samplesOf } from '../kit/metrics.ts';
import { ReadSettings, UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { aDirectory } from '../kit/scim.ts';
import { startService } from '../kit/service.ts';
import { followersOf, revise, take } from '../kit/subscriptions.ts';

const metrics = createMetrics();
const service = await startService({ metrics, limits: { complexity: 300 } });
const { ask, aWorld } = service;
metrics.watch(service);
const { url, close } = await listenOnLoopback(answerMetrics(metrics));
afterAll(() => {
  close();
  metrics.close();
});

const scrape = async () => (await fetch(`${url}/metrics`)).text();

/** By how much samples have grown while this was done; a name stands for the sum of all that begin with it. */
async function growthOf(names: readonly string[], work: () => Promise<unknown>): Promise<Record<string, number>> {
  const sums = async () => {
    const samples = [...samplesOf(await scrape())];
    return names.map((name) => samples.reduce((sum, [key, value]) => sum + (key.startsWith(name) ? value : 0), 0));
  };
  const before = await sums();
  await work();
  const after = await sums();
  return Object.fromEntries(names.map((name, index) => [name, (after[index] ?? 0) - (before[index] ?? 0)]));
}

const requests = (route: string, status: number, operation = '', method = 'POST') =>
  `http_server_request_duration_seconds_count{http_request_method="${method}",http_route="${route}",http_response_status_code="${status}",operation="${operation}"}`;

const accessOf = 'query ($id: ID!, $key: String!) { modelAccess(organizationId: $id, modelKey: $key) { allowed } }';

describe('metrics', () => {
  it('count requests by their root field, whatever clients call their operations, also those that a cache answers', async () => {
    const { organization, admin } = await aWorld();
    const name = requests('/graphql', 200, 'organizationModelSettings');

    const growth = await growthOf([name], async () => {
      for (let time = 0; time < 3; time += 1) {
        await ask(ReadSettings, { organizationId: organization.id }, { as: admin, once: true });
      }
    });

    expect(growth).toEqual({ [name]: 3 });
  });

  it('have a bounded number of series, however many names, paths and methods clients make up', async () => {
    const { organization, admin } = await aWorld();
    // A kind of garbage collection has its series once there was one.
    const seriesOf = async () => [...samplesOf(await scrape()).keys()].filter((name) => !/_gc_/.test(name)).length;
    const mutation = (name: string) =>
      `mutation ${name} { updateModelSettings(input: { organizationId: "${organization.id}" }) { __typename } }`;
    const name = (index: number) => ask(`query Name${index} { a${index}: __typename }`, {}, { as: admin, once: true });
    const others = async (index: number) => {
      await ask(`query Name${index} { viewer${index} }`);
      await service.fetch(new Request(`http://localhost/v1/model-configs/cfg_${index}`));
      await service.fetch(new Request(`http://localhost/path/${index}`, { method: `M${index}` }));
    };
    await name(0);
    await others(0);
    await ask(mutation('Name0'), {}, { as: admin });
    const before = await seriesOf();

    for (let index = 1; index <= 1_000; index += 1) await name(index);
    for (let index = 1; index <= 20; index += 1) await others(index);
    for (let index = 1; index <= 3; index += 1) await ask(mutation(`Name${index}`), {}, { as: admin });

    expect(await seriesOf()).toBe(before);
  });

  it('tell nothing of tenants, callers and what they ask for', async () => {
    const world = await aWorld();
    const { organization, admin, stranger } = world;
    await ask(
      `query Confidential { modelAccess(organizationId: "${organization.id}", modelKey: "hush") { allowed } }`,
      {},
      { as: admin },
    );
    await ask(ReadSettings, { organizationId: organization.id }, { as: stranger });
    await restOf(service)('GET', `/v1/organizations/${organization.id}/model-settings`, { as: admin });

    const text = await scrape();

    expect(text).toContain('http_route="/v1/organizations/{organization_id}/model-settings"');
    for (const secret of [
      ...Object.values(world).flatMap(({ id, name }) => [id, name]),
      'Confidential',
      'hush',
      'issuer.test',
      'postgres',
    ])
      expect(text).not.toContain(secret);
  });

  it('count decisions by the first reason, each time that they are told', async () => {
    const { organization, admin } = await aWorld();
    const id = organization.id;
    await ask(UpdateSettings, { input: { organizationId: id, disabledProviders: ['openai'] } }, { as: admin });
    const names = ['ALLOWED', 'PROVIDER_DISABLED', 'UNKNOWN_MODEL'].map(
      (outcome) => `modelgate_decisions_total{outcome="${outcome}"}`,
    );

    const growth = await growthOf(names, async () => {
      for (const key of ['gpt-4o', 'gpt-4o', 'mistral-large-latest', 'no-such-model'])
        await ask(accessOf, { id, key }, { as: admin, once: true });
      await ask(`{ organization(id: "${id}") { effectiveDefaultModel { source } } }`, {}, { as: admin, once: true });
    });

    expect(growth).toEqual({ [`${names[0]}`]: 1, [`${names[1]}`]: 2, [`${names[2]}`]: 1 });
  });

  it('count errors by code, and what was refused for its cost', async () => {
    const { organization, admin, stranger } = await aWorld();
    const names = [
      'modelgate_errors_total{code="ORGANIZATION_ACCESS_DENIED"}',
      'modelgate_errors_total{code="VALIDATION_ERROR"}',
      'modelgate_errors_total{code="INVALID_PROVIDER_SLUG"}',
      'modelgate_refused_total{reason="cost"}',
    ];
    const costly = `{ models(organizationId: "${organization.id}", first: 100) { edges { node { access(organizationId: "${organization.id}") { allowed reasons model { displayName } } } } } }`;

    const growth = await growthOf(names, async () => {
      await ask(ReadSettings, { organizationId: organization.id }, { as: stranger });
      await ask(costly, {}, { as: admin });
      await ask(
        UpdateSettings,
        { input: { organizationId: organization.id, disabledProviders: ['none'] } },
        { as: admin },
      );
    });

    expect(growth).toEqual({ [`${names[0]}`]: 1, [`${names[1]}`]: 1, [`${names[2]}`]: 1, [`${names[3]}`]: 1 });
  });

  it('count what was refused for its rate', async () => {
    const others = createMetrics();
    const limited = service.anotherInstance({ metrics: others, limits: { viewerPoints: 1 } });
    const { organization, admin } = await aWorld();

    for (let time = 0; time < 3; time += 1)
      await limited.ask(ReadSettings, { organizationId: organization.id }, { as: admin, once: true });

    const samples = samplesOf(await others.text());
    others.close();
    expect(samples.get('modelgate_refused_total{reason="rate_limit"}')).toBe(3);
    expect(samples.get(requests('/graphql', 429, 'organizationModelSettings'))).toBe(3);
  });

  it('count requests of a directory by route', async () => {
    const { send } = await aDirectory(service);
    const name = requests('/scim/v2/Users/{id}', 404, '', 'GET');

    expect(await growthOf([name], () => send('GET', '/Users/usr_none'))).toEqual({ [name]: 1 });
  });

  it('count commits by action, hear of them, tell how long that took, and who listens', async () => {
    const { organization, admin } = await aWorld();
    const { follow } = await followersOf(service);
    const names = [
      'modelgate_ledger_commits_total{action="MODEL_SETTINGS_UPDATED"}',
      'modelgate_stream_clients',
      'modelgate_cache_invalidations_total',
    ];
    const heard = ['modelgate_feed_revisions_total', 'modelgate_feed_lag_seconds_count'];
    const before = samplesOf(await scrape());

    const growth = await growthOf(names, async () => {
      await ask(ReadSettings, { organizationId: organization.id }, { as: admin });
      const events = await follow(organization, { as: admin });
      await revise(service, organization, { as: admin });
      await take(events, 1);
    });

    expect(growth[`${names[0]}`]).toBe(1);
    expect(growth[`${names[1]}`]).toBe(1);
    expect(growth[`${names[2]}`]).toBeGreaterThan(0);
    // One revision a second is measured: it may have been another one.
    await vi.waitUntil(
      async () => {
        await revise(service, organization, { as: admin });
        const after = samplesOf(await scrape());
        return heard.every((name) => (after.get(name) ?? 0) > (before.get(name) ?? 0));
      },
      { timeout: 10_000, interval: 300 },
    );
    expect(samplesOf(await scrape()).get('modelgate_feed_connected')).toBe(1);
  });

  it('tell of the pool, the caches, the catalog and the process', async () => {
    const { organization, admin } = await aWorld();
    const names = [
      'modelgate_cache_hits_total{cache="responses"}',
      'modelgate_cache_misses_total{cache="organizations"}',
    ];

    const growth = await growthOf(names, async () => {
      for (let time = 0; time < 2; time += 1)
        await ask(ReadSettings, { organizationId: organization.id }, { as: admin, once: true });
    });

    expect(growth).toEqual({ [`${names[0]}`]: 1, [`${names[1]}`]: 1 });
    const samples = samplesOf(await scrape());
    const connections = (state: string) => samples.get(`db_client_connection_count{state="${state}"}`) ?? Number.NaN;
    expect(connections('idle') + connections('used')).toBeGreaterThan(0);
    expect(samples.get('db_client_connection_max')).toBe(10);
    expect(samples.get('modelgate_catalog_age_seconds')).toBeGreaterThan(0);
    expect(samples.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
    expect(samples.get('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  });
});
