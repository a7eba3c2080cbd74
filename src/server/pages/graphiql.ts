import { readFileSync } from 'node:fs';
import { assetPath } from '../../asset-path.ts';
import { createAssetFolder } from '../../assets/asset-folder.ts';
import { signInScript } from '../sign-in/browser-modules.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { demoTabs, whoAmI } from './examples.ts';
import { icon } from './icon.ts';

const scripts = ['monaco.js', 'start.js', 'storage.js'];

/** GraphiQL, with all that it needs: 9 MB. */
export const graphiqlAssets = createAssetFolder('graphiql', async () => {
  const { js, css, editorWorkerService, jsonWorker, graphqlWorker } = await import(
    '@graphql-yoga/render-graphiql/graphiql'
  );
  return {
    'graphiql.js': js,
    'graphiql.css': css,
    'editorWorkerService.worker.js': editorWorkerService,
    'json.worker.js': jsonWorker,
    'graphql.worker.js': graphqlWorker,
    'page.css': pageCss,
    'icon.svg': icon,
    ...Object.fromEntries(
      scripts.map((name) => [name, readFileSync(assetPath(`server/pages/browser/${name}`), 'utf8')]),
    ),
  };
});

interface GraphiQLPage {
  /** Whether its users are the personas of the demo world. */
  isDemo: boolean;
  /** How else they sign in; absent: they paste a token. */
  signIn: SignIn | undefined;
}

/** The page of GraphiQL. Nothing in it is secret. */
export async function graphiqlPage({ isDemo, signIn }: GraphiQLPage): Promise<Response> {
  const assets = await graphiqlAssets.path();
  const credentials = await signInScript(isDemo ? 'personas' : signIn ? 'page' : 'paste');
  const settings = isDemo ? { tabs: demoTabs } : { query: whoAmI({ signsIn: signIn !== undefined }) };
  const text = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Modelgate</title>
  <link rel="icon" href="${assets}/icon.svg">
  <link rel="stylesheet" href="${assets}/graphiql.css">
  <link rel="stylesheet" href="${assets}/page.css">
  <script type="application/json" id="settings">${JSON.stringify(settings).replaceAll('<', '\\u003c')}</script>
  <script type="module" src="${credentials}"></script>
  <script type="module" src="${assets}/monaco.js"></script>
  <script defer src="${assets}/graphiql.js"></script>
  <script type="module" src="${assets}/start.js"></script>
</head>
<body class="no-focus-outline">
  <noscript>This page needs JavaScript.</noscript>
  <div id="root"></div>
</body>
</html>
`;
  return new Response(text, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policyWith(signIn ? await signIn.policy() : "connect-src 'self'"),
    },
  });
}

/** Scripts and workers of ours alone, and requests to the page's origin and the issuer. The editor needs styles of its own. */
const policyWith = (requests: string) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    'font-src data:',
    requests,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

const pageCss = `/* Tabs hold still: GraphiQL lets one that gets the focus jump to where its animation believes it, away from under the mouse. */
.graphiql-tab { transform: none !important; }

/* Narrow screens: the answer below the editors, the sidebar below both, documentation over them. */
@media (max-width: 700px) {
  .graphiql-container { flex-direction: column-reverse; }
  .graphiql-container > .graphiql-sidebar { flex-direction: row; box-sizing: border-box; width: 100%; height: auto; padding: 0 8px; }
  .graphiql-container > .graphiql-main { position: relative; min-height: 0; }
  .graphiql-main > .graphiql-sessions { margin: 0; border-radius: 0; }
  .graphiql-main > .graphiql-plugin:not([style*="absolute"]) {
    position: absolute; inset: 0; z-index: 5; overflow: auto; background: hsl(var(--color-base));
  }
  .graphiql-main > .graphiql-horizontal-drag-bar, .graphiql-logo { display: none; }
  #graphiql-session { flex-direction: column; }
  #graphiql-session > :is(.graphiql-editors, .graphiql-response) { min-height: 0; }
  #graphiql-session > .graphiql-horizontal-drag-bar { display: none; }
}
`;
