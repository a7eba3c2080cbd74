import { randomBytes } from 'node:crypto';
import type { GraphiQLOptions, Plugin } from 'graphql-yoga';
import type { LocalIssuer } from '../auth/issuer.ts';
import { demoPeople, demoWorld } from '../database/demo-world.ts';

const title = 'Modelgate';
const organizationId = demoWorld.organizations[0]?.id;
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;

/** Where the database is not the demo world, the page begins with a question that anyone may ask. */
const whoAmI = `# Put a token under Headers, as "authorization".
# Then reload the schema, by the arrows at the lower left.
query WhoAmI {
  viewer {
    user { id name }
    memberships { organization { id name revision } role permissions }
  }
}
`;

const updateSettings = (name: string) => `mutation ${name} {
  updateModelSettings(
    input: {
      organizationId: "${organizationId}"
      disabledProviders: ["google", "mistral"]
      disabledModels: ["gpt-4o-mini"]
      defaultModelKey: "claude-sonnet-4-6"
    }
  ) {
    __typename
    ... on OrganizationModelSettings {
      disabledProviders
      disabledModels
      defaultModelKey
      revision
      updatedAt
      updatedBy { id name }
    }
    ... on UserError { code message }
  }
}
`;

const allowedModels = `query AllowedModels {
  models(organizationId: "${organizationId}", filter: { allowed: true }, first: 20) {
    totalCount
    nodes: edges {
      node { provider modelId displayName lifecycle costPer1kTokens }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`;

const modelAccess = `query MayIUseIt {
  modelAccess(organizationId: "${organizationId}", modelKey: "gpt-4o-mini") {
    allowed
    reasons
    revision
    model { id displayName retiresAt }
  }
}
`;

const history = `query History {
  organization(id: "${organizationId}") {
    name
    revision
    revisions(first: 10) {
      edges {
        node { number at action actor { name } changes { field added removed } }
      }
    }
  }
}
`;

const examples = [
  { persona: 'admin', query: updateSettings('SettingsAsAdmin') },
  { persona: 'member', query: allowedModels },
  { persona: 'member', query: modelAccess },
  { persona: 'member', query: updateSettings('RefusedAsMember') },
  { persona: 'outsider', query: modelAccess.replace('MayIUseIt', 'RefusedAsOutsider') },
  { persona: 'owner', query: history },
];

/**
 * The page's tabs. In the embedded mode they are examples on the demo world, each signed in as the person it is about;
 * but only for a browser on this machine, since a page with tokens is a page that lets in: `local` is to be given only
 * where the service listens to this machine alone, and a host of another name may be one that was rebound to it.
 */
export function graphiqlPage(local: LocalIssuer | undefined): (request: Request) => Promise<GraphiQLOptions> {
  return async (request) => {
    const isLocal = loopback.test(request.headers.get('host') ?? '');
    if (!local || !isLocal) return { title, defaultQuery: whoAmI, defaultEditorToolsVisibility: 'headers' };

    const tokens = new Map<string, string>();
    for (const { persona, id } of demoPeople) tokens.set(persona, await local.mint(id, '12h'));
    const defaultTabs = examples.map(({ persona, query }) => ({
      query: `# As the ${persona} of the demo world.\n# The token is under Headers.\n${query}`,
      headers: JSON.stringify({ authorization: `Bearer ${tokens.get(persona)}` }, null, 2),
    }));
    return {
      title,
      defaultTabs,
      // Of the first tab too: GraphiQL takes its own headers only when the tab is changed to.
      defaultHeaders: defaultTabs[0]?.headers ?? '',
      defaultEditorToolsVisibility: 'headers',
      shouldPersistHeaders: false,
    };
  };
}

/** What the page may do: run its one script and the workers that this makes, and ask the service that it came from. */
const policyFor = (nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Shows GraphiQL to a browser that opens the graph's path. The page holds all of its scripts, 9 MB, loaded when it is first asked for. */
export function useGraphiQL(optionsFor: (request: Request) => Promise<GraphiQLOptions>): Plugin {
  return {
    async onRequest({ request, url, endResponse, fetchAPI }) {
      const isForBrowser = request.method === 'GET' && request.headers.get('accept')?.includes('text/html');
      if (!isForBrowser || url.pathname !== '/graphql') return;

      const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
      const nonce = randomBytes(16).toString('base64');
      // The first is the page's own, those after it are in its text.
      const page = renderGraphiQL(await optionsFor(request)).replace('<script>', `<script nonce="${nonce}">`);
      const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policyFor(nonce) };
      endResponse(new fetchAPI.Response(page, { headers }));
    },
  };
}
