import { afterAll, describe, expect, it, vi } from 'vitest';
import { startTraces } from '../../src/traces/traces.ts';
import { type Exported, startCollector } from '../kit/collector.ts';
import { tokenOf } from '../kit/issuer.ts';
import { ReadSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { aDirectory } from '../kit/scim.ts';
import { nothingRemembered, startService } from '../kit/service.ts';
import { followersOf, followRevisions, revise } from '../kit/subscriptions.ts';

const collector = await startCollector();
vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', collector.url);
vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', '20');
vi.stubEnv('OTEL_RESOURCE_ATTRIBUTES', 'deployment.environment.name=test');
const traces = startTraces({ protocol: 'http/json', version: '1.2.3', log: { warn: () => {} } });
vi.unstubAllEnvs();
const service = await startService({
  startSpan: traces.startSpan,
  observer: traces.poolObserver,
  cache: nothingRemembered,
});
const { ask, aWorld, logLines } = service;
afterAll(async () => {
  await traces.close();
  collector.close();
});

let traceNumber = 0;

/** The header of a caller that has a span of its own. */
function aCaller({ isSampled = true } = {}) {
  traceNumber += 1;
  const traceId = traceNumber.toString(16).padStart(32, 'a');
  const spanId = traceNumber.toString(16).padStart(16, 'b');
  return { traceId, spanId, headers: { traceparent: `00-${traceId}-${spanId}-0${isSampled ? 1 : 0}` } };
}

/** The names of a trace's spans, each with those of its parents before it: `request > query > SELECT`. */
function pathsOf(spans: readonly Exported[]): string[] {
  const pathOf = ({ name, parentSpanId }: Exported): string => {
    const parent = spans.find(({ spanId }) => spanId === parentSpanId);
    return parent ? `${pathOf(parent)} > ${name}` : name;
  };
  return [...new Set(spans.map(pathOf))].sort();
}

describe('the trace of a request', () => {
  it('goes on from the caller’s span, through parsing and execution to each statement, without values', async () => {
    const { organization, admin } = await aWorld();
    const { traceId, spanId, headers } = aCaller();
    const query = `query Named { organizationModelSettings(organizationId: "${organization.id}") { revision } }`;

    const answer = await ask(query, {}, { as: admin, headers: { ...headers, tracestate: 'vendor=1' }, once: true });
    const spans = await collector.traceOf(traceId);

    const root = spans.find(({ kind }) => kind === 2);
    expect(root).toMatchObject({
      parentSpanId: spanId,
      name: 'POST /graphql',
      attributes: { 'http.request.method': 'POST', 'http.route': '/graphql', 'http.response.status_code': 200 },
      resource: { 'service.name': 'modelgate', 'service.version': '1.2.3', 'deployment.environment.name': 'test' },
    });
    expect(pathsOf(spans)).toEqual(
      expect.arrayContaining([
        'POST /graphql > graphql.parse',
        'POST /graphql > graphql.validate',
        'POST /graphql > query organizationModelSettings',
        'POST /graphql > query organizationModelSettings > SELECT Organization',
      ]),
    );
    expect(spans.find(({ name }) => name.startsWith('query'))?.attributes).toEqual({
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Named',
    });
    expect(spans.find(({ name }) => name === 'SELECT Organization')?.attributes).toEqual({
      'db.system.name': 'postgresql',
      'db.operation.name': 'SELECT',
      'db.collection.name': 'Organization',
    });
    expect(JSON.stringify(spans)).not.toContain(organization.id);
    expect(JSON.stringify(spans)).not.toContain(admin.id);
    expect(answer.headers.get('traceparent')).toBe(`00-${traceId}-${root?.spanId}-01`);
    expect(answer.headers.get('tracestate')).toBe('vendor=1');
  });

  it('has the id that its errors and its log line have, also of a caller that has none', async () => {
    const { organization, stranger } = await aWorld();

    const { errors, headers } = await ask(ReadSettings, { organizationId: organization.id }, { as: stranger });
    const traceId = String(errors?.[0]?.extensions.traceId);
    const [root] = (await collector.traceOf(traceId)).filter(({ kind }) => kind === 2);

    expect(traceId).toMatch(/^[\da-f]{32}$/);
    expect(headers.get('x-request-id')).toBe(traceId);
    expect(logLines().find((line) => line.traceId === traceId)).toMatchObject({
      outcome: 'ORGANIZATION_ACCESS_DENIED',
    });
    expect(root?.parentSpanId ?? '').toBe('');
    expect(root?.attributes['modelgate.error.code']).toBe('ORGANIZATION_ACCESS_DENIED');
    expect(root?.status.code).not.toBe(2);
  });

  it('is not exported where the caller samples it not', async () => {
    const { organization, admin } = await aWorld();
    const unsampled = aCaller({ isSampled: false });
    const sampled = aCaller();

    for (const { headers } of [unsampled, sampled])
      await ask(ReadSettings, { organizationId: organization.id }, { as: admin, headers, once: true });
    await collector.traceOf(sampled.traceId);

    expect(collector.spans.filter(({ traceId }) => traceId === unsampled.traceId)).toEqual([]);
  });

  it('has the operations of a REST route, and its path without ids as the name', async () => {
    const { organization, admin } = await aWorld();
    const { traceId, headers } = aCaller();

    await restOf(service)('GET', `/v1/organizations/${organization.id}/model-settings`, {
      as: admin,
      headers,
      once: true,
    });

    const paths = pathsOf(await collector.traceOf(traceId));
    const root = 'GET /v1/organizations/{organization_id}/model-settings';
    expect(paths).toContain(root);
    expect(paths.some((path) => path.startsWith(`${root} > query `) && path.endsWith(' > SELECT Organization'))).toBe(
      true,
    );
  });

  it('has the statement of a federation gateway’s entities', async () => {
    const { organization, admin } = await aWorld();
    const { traceId, headers } = aCaller();
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Organization { name } } }`;

    await ask(query, { r: [{ __typename: 'Organization', id: organization.id }] }, { as: admin, headers, once: true });

    expect(pathsOf(await collector.traceOf(traceId))).toContain(
      'POST /graphql > query _entities > SELECT Organization',
    );
  });

  it('has what a directory asks for', async () => {
    const { send } = await aDirectory(service);
    const { traceId, headers } = aCaller();

    await send('GET', '/Users', undefined, headers);

    const spans = await collector.traceOf(traceId);
    expect(pathsOf(spans)).toContain('GET /scim/v2/Users');
    expect(pathsOf(spans).some((path) => path.startsWith('GET /scim/v2/Users > SELECT '))).toBe(true);
  });

  it('has each event of a subscription, with its statements', async () => {
    const { organization, admin } = await aWorld();
    const { url } = await followersOf(service);
    const { traceId, headers } = aCaller();
    const leaving = new AbortController();
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${await tokenOf(admin)}`,
        ...headers,
      },
      body: JSON.stringify({ query: followRevisions, variables: { organizationId: organization.id } }),
      signal: leaving.signal,
    });

    await revise(service, organization, { as: admin });
    await vi.waitUntil(
      () => collector.spans.some((span) => span.traceId === traceId && span.name === 'subscription event'),
      { timeout: 10_000 },
    );
    leaving.abort();
    await response.text().catch(() => {});

    const paths = pathsOf(await collector.traceOf(traceId));
    expect(paths).toContain('POST /graphql > subscription organizationRevision');
    expect(paths).toContain('POST /graphql > subscription event');
  });

  it('is linked to by a statement that several requests share', async () => {
    const worlds = await Promise.all([aWorld(), aWorld(), aWorld(), aWorld()]);
    const callers = worlds.map(() => aCaller());

    await Promise.all(
      worlds.map(({ organization, admin }, index) =>
        ask(
          ReadSettings,
          { organizationId: organization.id },
          { as: admin, headers: callers[index]?.headers ?? {}, once: true },
        ),
      ),
    );
    for (const { traceId } of callers) await collector.traceOf(traceId);

    const own = new Set(callers.map(({ traceId }) => traceId));
    const shared = collector.spans.filter(({ traceId, links }) => own.has(traceId) && links.length > 0);
    expect(shared.length).toBeGreaterThan(0);
    for (const { links } of shared) for (const { traceId } of links) expect(own).toContain(traceId);
  });
});
