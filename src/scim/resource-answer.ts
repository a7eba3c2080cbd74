import type { ScimContext } from './call.ts';
import { project } from './list-query.ts';
import { answer } from './messages.ts';
import type { Resource } from './read-resource.ts';

interface Stored {
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

/** What every resource says of itself. The location is relative: the service does not know its own address behind a proxy. */
export function metaOf(type: 'User' | 'Group', id: string, { version, createdAt, updatedAt }: Stored) {
  return {
    resourceType: type,
    created: createdAt.toISOString(),
    lastModified: updatedAt.toISOString(),
    location: `/scim/v2/${type}s/${encodeURIComponent(id)}`,
    version: etagOf(version),
  };
}

/** Answers one resource with its ETag; 304 where the client has that version. */
export function answerResource(
  { req }: ScimContext,
  resource: Resource & { meta: { version: string; location: string } },
  status = 200,
): Response {
  const { version, location } = resource.meta;
  const headers = { etag: version, ...(status === 201 ? { location } : {}) };
  if (req.method === 'GET' && req.header('if-none-match') === version) {
    return new Response(null, { status: 304, headers: { ...headers, 'cache-control': 'no-store' } });
  }
  return answer(project(resource, req.query()), { status, headers });
}

function etagOf(version: number): string {
  return `W/"${version}"`;
}
