import { authorize, requireOrganization } from '../auth/permissions.ts';
import { organizationIdsOf, type Viewer } from '../auth/viewer.ts';
import { type Call, invalid } from './call.ts';

/**
 * The organization that a call is about: the one that it names in its path, in `X-Organization-Id` or in its body (`named`); else the
 * only one that the caller has access to. The caller may read it.
 *
 * @throws ForbiddenError, the same for a foreign organization and an absent one; ValidationError where it is not clear which
 */
export function organizationOf(
  { context: { viewer }, organizationOfPath, request }: Call,
  named: string | null = null,
): string {
  const said = organizationOfPath ?? request.headers.get('x-organization-id') ?? named;
  if (named !== null && named !== said)
    throw invalid('context.organization', 'is not the organization of the path or the header');
  const id = said ?? onlyOrganization(viewer);
  authorize(viewer, 'readOrganization', id);
  return id;
}

function onlyOrganization(viewer: Viewer): string {
  requireOrganization(viewer);
  const [only, ...others] = organizationIdsOf(viewer);
  if (only !== undefined && others.length === 0) return only;
  const message =
    only === undefined
      ? 'You are in no organization'
      : 'You are in several organizations; say which one: X-Organization-Id';
  throw invalid('', message);
}
