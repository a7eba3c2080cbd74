import { createHash } from 'node:crypto';
import { policySchemaOf } from '../domain/policy/policy-schema.ts';
import type { RestOptions } from './options.ts';
import type { RestApp } from './wire.ts';

/** `/v1/policy.schema.json`: the JSON Schema of a policy's document. Anybody may read it, and caches may keep it for an hour. */
export function definePolicySchema(app: RestApp): void {
  // For each service of the process: their limits differ.
  const schemas = new WeakMap<RestOptions, { text: string; etag: string }>();
  app.get('/v1/policy.schema.json', ({ req, env: { options } }) => {
    const schema = schemas.get(options) ?? schemaFor(options);
    schemas.set(options, schema);
    const { text, etag } = schema;
    const headers = { etag, 'cache-control': 'public, max-age=3600' };
    const known = (req.header('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    if (known.includes(etag) || known.includes('*')) return new Response(null, { status: 304, headers });
    return new Response(text, { headers: { ...headers, 'content-type': 'application/schema+json' } });
  });
}

function schemaFor({ limits }: RestOptions) {
  const text = JSON.stringify(policySchemaOf(limits), null, 2);
  return { text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}
