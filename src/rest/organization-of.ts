import { z } from '@hono/zod-openapi';
import { authorize, requireOrganization } from '../auth/permissions.ts';
import { organizationIdsOf } from '../auth/viewer.ts';
import { noCredentials } from '../errors/base.ts';
import type { Graph } from './graph.ts';
import { HttpError } from './http-error.ts';
import type { RestContext } from './wire.ts';

/** The header of a route that acts in an organization which its path does not name. */
export const organizationHeader = z.string().optional().openapi({
  description:
    'The organization to act in: `org_…`. Not needed where the token or the API key names one, or the caller has only one. A platform key needs it.',
});

/**
 * The ids of the organizations that whoever asks may enter, in their order.
 * @throws HttpError 401 for the anonymous, UserError for a service that may not read, or whose platform key does not say where
 */
export async function enteredBy(graph: Graph): Promise<string[]> {
  const viewer = await graph.viewer();
  if (viewer.kind === 'ANONYMOUS') throw new HttpError('AUTHENTICATION_REQUIRED', noCredentials);
  requireOrganization(viewer);
  const ids = organizationIdsOf(viewer);
  if (viewer.service) for (const id of ids) authorize(viewer, 'readOrganization', id);
  return ids;
}

/**
 * The organization that a request acts in, where its path names none: that of `X-Organization-Id`, else the only one that the
 * caller may enter. Whether it may enter the one that it names is for the graph to say.
 *
 * @throws HttpError 401 for the anonymous, 400 where it is not clear which
 */
export async function organizationOf({ req }: RestContext, graph: Graph): Promise<string> {
  const [only, ...others] = await enteredBy(graph);

  const named = req.header('x-organization-id');
  if (named) return named;
  if (only !== undefined && others.length === 0) return only;
  const message =
    only !== undefined
      ? 'You are in several organizations; say which organization: X-Organization-Id'
      : 'You are in no organization';
  throw new HttpError('VALIDATION_ERROR', message, { status: 400 });
}
