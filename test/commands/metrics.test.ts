import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createTestDatabase } from '../kit/database.ts';
import { samplesOf } from '../kit/metrics.ts';
import { aServiceOn } from './external.ts';
import { ownFolder, run } from './process.ts';

describe('serve, with METRICS_PORT', () => {
  it('has its metrics at that port alone, until it ends', async () => {
    const database = await createTestDatabase();
    onTestFinished(database.drop);
    const { service, url, read } = await aServiceOn(database.url, { METRICS_PORT: '0' });
    const [, metrics = ''] = await service.says(/Metrics are at (\S+)\n/);

    const scrape = async () => samplesOf(await (await fetch(metrics)).text());

    await read();
    const response = await fetch(metrics);
    const samples = samplesOf(await response.text());

    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(
      samples.get(
        'http_server_request_duration_seconds_count{http_request_method="POST",http_route="/graphql",http_response_status_code="200",operation="organization"}',
      ),
    ).toBe(1);
    // The feed connects in the background.
    await vi.waitUntil(async () => (await scrape()).get('modelgate_feed_connected') === 1, { timeout: 10_000 });
    // The first statement of a process finds no connection that is open.
    expect(samples.get('db_client_connection_wait_time_seconds_count')).toBeGreaterThan(0);
    expect((await fetch(new URL('/', metrics))).status).toBe(404);
    expect((await fetch(metrics, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${url}/metrics`)).status).toBe(404);
    service.child.kill('SIGTERM');
    expect(await service.outcome).toMatchObject({ code: 0 });
  });

  it('does not start where the port is in use', async () => {
    const other = createServer();
    await once(other.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;

    const env = { HOST: '127.0.0.1', PORT: '0', METRICS_PORT: `${port}`, DATA_DIR: await ownFolder() };

    expect(await run(['serve'], { env })).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(
        `^Port ${port} is in use. Stop what listens there, or set METRICS_PORT to another: METRICS_PORT=\\d+ npm start\n$`,
      ),
    });
  });

  it('does not start where the host is none of this machine', async () => {
    const env = { PORT: '0', METRICS_PORT: '0', METRICS_HOST: '192.0.2.1', DATA_DIR: await ownFolder() };

    expect((await run(['serve'], { env })).stderr).toBe(
      'This machine has no address "192.0.2.1". Set METRICS_HOST to one it has, such as localhost.\n',
    );
  });
});
