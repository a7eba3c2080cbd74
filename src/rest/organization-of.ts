import { z } from '@hono/zod-openapi';
import { graphql } from './generated/gql.ts';
import type { ViewerKind } from './generated/graphql.ts';
import { HttpError } from './http-error.ts';
import type { RestContext } from './wire.ts';

const WhoAsks = graphql(`
  query RestWhoAsks {
    viewer {
      kind
      memberships(first: 2) {
        organizationId
      }
      apiKey {
        organization {
          id
        }
      }
    }
  }
`);

/** The headers of a route that acts in an organization which its path does not name. */
export const organizationHeaders = z.object({
  'x-organization-id': z.string().optional().openapi({
    description:
      'The organization to act in: `org_…`. Not needed where the token or the API key names one, or the caller has only one.',
  }),
});

/** The headers of a route that changes something. */
export const changeHeaders = z.object({
  'idempotency-key': z.string().optional().openapi({
    description: 'Any string of up to 255 characters. The same request with the same key has its effect once.',
  }),
});

/** Who asks, as far as it may enter organizations. */
interface Entrant {
  kind: ViewerKind;
  memberships: readonly { organizationId: string }[];
  apiKey?: { organization?: { id: string } | null } | null;
}

/** The ids of the organizations that whoever asks may enter. @throws Refusal 401 for the anonymous */
export function enteredBy({ kind, memberships, apiKey }: Entrant): string[] {
  if (kind === 'ANONYMOUS') throw new HttpError('AUTHENTICATION_REQUIRED', 'User authentication required');
  const own = apiKey?.organization;
  return [...memberships.map(({ organizationId }) => organizationId), ...(own ? [own.id] : [])];
}

/**
 * The organization that a request acts in, where its path names none: that of `X-Organization-Id`, else the only one that the
 * caller may enter. Whether it may enter the one that it names is for the graph to say.
 *
 * @throws Refusal 401 for the anonymous, 400 where it is not clear which
 */
export async function organizationOf({ req, env }: RestContext): Promise<string> {
  const { viewer } = await env.graph.ask(WhoAsks, {});
  const [only, ...others] = enteredBy(viewer);

  const named = req.header('x-organization-id');
  if (named) return named;
  if (only !== undefined && others.length === 0) return only;
  const message =
    only !== undefined
      ? 'You are in several organizations; say which organization: X-Organization-Id'
      : 'You are in no organization';
  throw new HttpError('VALIDATION_ERROR', message, { status: 400 });
}
