import { randomBytes } from 'node:crypto';
import type { GraphiQLOptions, Plugin } from 'graphql-yoga';
import type { LocalIssuer } from '../../auth/issuer.ts';
import { demoPeople, demoWorld } from '../../database/migrate/demo-world.ts';
import { type SignIn, signInScript } from '../sign-in/sign-in.ts';

const title = 'Modelgate';
const organizationId = demoWorld.organizations[0]?.id;
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;

const signedIn = `# Sign in, above. Or put a token
# under Headers, as "authorization".`;
const byToken = `# Put a token under Headers, as "authorization".
# Then reload the schema, by the arrows at the lower left.`;

/** The default query where the tabs are not the examples: any caller may send it. */
const whoAmI = (signsIn: boolean) => `${signsIn ? signedIn : byToken}
query WhoAmI {
  caller {
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
    ... on ModelgateError { code message }
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
 * The page's tabs. In the embedded mode they are examples on the demo world, each with the token of a person. A page with tokens
 * authenticates whoever loads it: pass `local` only where the service listens on loopback alone. The `Host` must be loopback too,
 * against DNS rebinding.
 */
export function graphiqlPage(
  local: LocalIssuer | undefined,
  { signsIn = false }: { signsIn?: boolean } = {},
): (request: Request) => Promise<GraphiQLOptions> {
  return async (request) => {
    const isLocal = loopback.test(request.headers.get('host') ?? '');
    if (!local || !isLocal) return { title, defaultQuery: whoAmI(signsIn), defaultEditorToolsVisibility: 'headers' };

    const tokens = new Map<string, string>();
    for (const { persona, id } of demoPeople) tokens.set(persona, await local.mint(id, '12h'));
    const defaultTabs = examples.map(({ persona, query }) => ({
      query: `# As the ${persona} of the demo world.\n# The token is under Headers.\n${query}`,
      headers: JSON.stringify({ authorization: `Bearer ${tokens.get(persona)}` }, null, 2),
    }));
    return {
      title,
      defaultTabs,
      // Those of the first tab: GraphiQL applies a tab's own headers only when it is switched to.
      defaultHeaders: defaultTabs[0]?.headers ?? '',
      defaultEditorToolsVisibility: 'headers',
      shouldPersistHeaders: false,
    };
  };
}

/** The content security policy: scripts of ours, the workers that they make, and requests to the page's origin and the issuer. */
const policyFor = (nonce: string, requests: string) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    'worker-src blob:',
    "style-src 'unsafe-inline'",
    'img-src data:',
    'font-src data:',
    requests,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

/** Serves GraphiQL to a browser that opens `/graphql`. Its users sign in where that is possible. */
export function useGraphiQL(
  optionsFor: (request: Request) => Promise<GraphiQLOptions>,
  signIn: SignIn | undefined,
): Plugin {
  return {
    async onRequest({ request, url, endResponse }) {
      const isForBrowser = request.method === 'GET' && request.headers.get('accept')?.includes('text/html');
      if (!isForBrowser || url.pathname !== '/graphql') return;

      const options = await optionsFor(request);
      const nonce = randomBytes(16).toString('base64');
      page ??= loadPage();
      const pieces = (await page)(options, nonce, signIn ? [signInScript] : []);
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const piece of pieces) controller.enqueue(piece);
          controller.close();
        },
      });
      const headers = {
        'content-type': 'text/html; charset=utf-8',
        'content-length': String(pieces.reduce((sum, { length }) => sum + length, 0)),
        'content-security-policy': policyFor(nonce, signIn ? await signIn.policy() : "connect-src 'self'"),
      };
      // Node's own Response: Yoga's would copy the pieces.
      endResponse(new Response(body, { headers }));
    },
  };
}

/** On a narrow screen the answer is below the editors; beside them it has a letter a line. */
const narrow = `<style>@media (max-width: 700px) {
  #graphiql-session { flex-direction: column; }
  #graphiql-session > :is(.graphiql-editors, .graphiql-response) { min-height: 0; }
  #graphiql-session > .graphiql-horizontal-drag-bar { display: none; }
}</style>`;

type Page = (options: GraphiQLOptions, nonce: string, modules: readonly string[]) => Uint8Array[];

let page: Promise<Page> | undefined;

/**
 * Renders the page once: it has 9 MB, with all of its scripts. All requests share its large pieces, and only small ones are of
 * one request: otherwise each answer that waits to be read would hold three times as much memory.
 */
async function loadPage(): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const [script, options] = ['<script>', { title }];
  const text = renderGraphiQL(options);
  // The first `<script>` is the page's own; others are in the text of that script.
  const scriptAt = text.indexOf(script);
  const optionsAt = text.lastIndexOf(JSON.stringify(options));
  const head = Buffer.from(text.slice(0, scriptAt) + narrow);
  const body = Buffer.from(text.slice(scriptAt + script.length, optionsAt));
  const tail = Buffer.from(text.slice(optionsAt + JSON.stringify(options).length));
  return (given, nonce, modules) => [
    head,
    ...modules.map((url) => Buffer.from(`<script type="module" nonce="${nonce}" src="${url}"></script>`)),
    Buffer.from(`<script nonce="${nonce}">`),
    body,
    Buffer.from(JSON.stringify(given).replaceAll('<', '\\u003c')),
    tail,
  ];
}
