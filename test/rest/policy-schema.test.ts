import { describe, expect, it } from 'vitest';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';

const call = restOf(await startService());
const path = '/v1/policy.schema.json';

describe('the JSON Schema of a policy', () => {
  it('is read by anybody, kept by caches, and sent once to those who have it', async () => {
    const { status, headers, body } = await call('GET', path);

    expect({ status, type: headers.get('content-type') }).toEqual({ status: 200, type: 'application/schema+json' });
    expect(headers.get('cache-control')).toBe('public, max-age=3600');
    expect(JSON.parse(body)).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      additionalProperties: false,
      properties: { disabledModels: { type: 'array', maxItems: 250, description: expect.any(String) } },
    });
    const etag = headers.get('etag') ?? '';
    const again = await call('GET', path, { headers: { 'if-none-match': `"other", W/${etag}` } });
    expect({ status: again.status, etag: again.headers.get('etag') }).toEqual({ status: 304, etag });
  });

  it('has the limits of its service', async () => {
    const strict = restOf(await startService({ limits: { inputList: 7 } }));

    const { headers, body } = await strict('GET', path);

    expect(JSON.parse(body).properties.disabledModels.maxItems).toBe(7);
    expect(headers.get('etag')).not.toBe((await call('GET', path)).headers.get('etag'));
  });
});
