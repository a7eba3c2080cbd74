import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCollector } from '../kit/collector.ts';
import { createTestDatabase } from '../kit/database.ts';
import { aServiceOn } from './external.ts';

const caller = { traceId: 'c'.repeat(32), header: { traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01` } };

async function aTracedService(variables: Record<string, string>) {
  const database = await createTestDatabase();
  onTestFinished(database.drop);
  return aServiceOn(database.url, variables);
}

describe('serve, with a collector of traces', () => {
  it('exports what is left when it stops', async () => {
    const collector = await startCollector();
    onTestFinished(collector.close);
    const { service, ask, organizationId } = await aTracedService({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '600000',
    });

    await ask(`{ organization(id: "${organizationId}") { revision } }`, caller.header);
    expect(collector.spans).toEqual([]);
    service.child.kill('SIGINT');

    expect(await service.outcome).toMatchObject({ code: 0 });
    expect(await collector.traceOf(caller.traceId)).not.toEqual([]);
  });

  it('does not wait longer for a collector that takes spans and never answers', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close().closeAllConnections());
    const { port } = server.address() as AddressInfo;
    const { service, read } = await aTracedService({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` });

    await read();
    service.child.kill('SIGINT');
    await once(server, 'request');

    // Well before the process would be ended by force, 9.5 s after the signal.
    expect(await Promise.race([service.outcome, sleep(5_000, 'still there')])).toMatchObject({ code: 0 });
  });

  it.each([
    ['is away', false, /^connect ECONNREFUSED [\d.:]+$/],
    ['never answers', true, /^[^{}\n]+$/],
  ])('answers as ever, says so once and stops in time where it %s', async (_what, isListening, reason) => {
    const server = createServer(() => {});
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const close = () => void server.close().closeAllConnections();
    if (isListening) onTestFinished(close);
    else close();
    const { service, read } = await aTracedService({
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_TIMEOUT: '200',
      OTEL_BSP_SCHEDULE_DELAY: '10',
      OTEL_BSP_EXPORT_TIMEOUT: '200',
    });

    const until = performance.now() + 1_500;
    while (performance.now() < until) expect(await read()).toMatchObject({ status: 200 });
    service.child.kill('SIGTERM');
    const { code, stdout } = await service.outcome;

    expect(code).toBe(0);
    const warnings = stdout.split('\n').filter((line) => line.includes('traces cannot be exported'));
    expect(warnings.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ reason: expect.stringMatching(reason) }),
    ]);
  });
});
