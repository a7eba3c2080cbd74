import { createRoute, z } from '@hono/zod-openapi';
import { defineFlat, flatErrorResponses } from '../flat-errors.ts';
import { graphql } from '../generated/gql.ts';
import type { RestProviderKeyFragment } from '../generated/graphql.ts';
import { organizationHeaders, organizationOf } from '../organization-of.ts';
import { allNodes, collect } from '../pages.ts';
import type { RestApp, RestContext } from '../wire.ts';
import { ProviderKey, toProviderKey } from './key.ts';

const ProviderKeyList = z.object({ providerKeys: z.array(ProviderKey) }).openapi('ProviderKeyList');

const ListProviderKeys = graphql(`
  query RestProviderKeys($organizationId: ID!, $after: String) {
    organization(id: $organizationId) {
      providerKeys(after: $after) {
        edges {
          node {
            ...RestProviderKey
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`);

const responses = {
  200: { description: 'By provider, the oldest first.', content: { 'application/json': { schema: ProviderKeyList } } },
  ...flatErrorResponses(400),
};

const listRoute = createRoute({
  method: 'get',
  path: '/v1/provider-keys',
  summary: "The organization's keys at providers",
  request: { headers: organizationHeaders },
  responses,
});

const ofProviderRoute = createRoute({
  method: 'get',
  path: '/v1/provider-keys/provider/{provider}',
  summary: "The organization's keys at one provider",
  request: {
    params: z.object({ provider: z.string().openapi({ example: 'openai' }) }),
    headers: organizationHeaders,
  },
  responses,
});

/** The routes of all provider keys, and of those at one provider. */
export function defineLists(app: RestApp): void {
  defineFlat(app, listRoute, async (context) => answer(await listKeys(context)));

  defineFlat(app, ofProviderRoute, async (context) => {
    const keys = await listKeys(context);
    return answer(keys.filter(({ provider }) => provider === context.req.param('provider')));
  });
}

/** What is not there has no keys; who may not see them was refused. */
const noPage = { edges: [], pageInfo: { hasNextPage: false } };

async function listKeys(context: RestContext): Promise<RestProviderKeyFragment[]> {
  const organizationId = await organizationOf(context);
  const readPage = async (after: string | null) => {
    const { organization } = await context.env.graph.ask(ListProviderKeys, { organizationId, after });
    return organization?.providerKeys ?? noPage;
  };
  return collect(allNodes(readPage));
}

function answer(keys: readonly RestProviderKeyFragment[]): Response {
  return Response.json({ providerKeys: keys.map(toProviderKey) } satisfies z.output<typeof ProviderKeyList>);
}
