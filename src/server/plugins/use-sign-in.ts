import { readFileSync } from 'node:fs';
import type { Plugin } from 'graphql-yoga';
import { assetPath, packageAssetPath } from '../../asset-path.ts';
import { ProviderMetadataError } from '../sign-in/provider-metadata.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { useRoutes } from './use-routes.ts';

/** Scripts of the page, as they are. */
const modules = ['bar', 'callback', 'flow', 'page', 'session', 'settings', 'tokens', 'visit', 'words'];
const library = 'oauth4webapi';

/** The page at which the issuer ends a sign-in: it hands the answer to the page that asked. */
const callback = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Modelgate: sign-in</title>
  <script type="module" src="/sign-in/callback.js"></script>
</head>
<body>
  <main role="status">Signing in …</main>
</body>
</html>
`;

/** What pages need to sign their users in at the issuer: settings, scripts, and the redirect URI `/sign-in`. */
export function useSignIn(signIn: SignIn): Plugin {
  return useRoutes({
    '/sign-in': () => new Response(callback, { headers: callbackHeaders }),
    '/sign-in/settings.json': () => settingsOf(signIn),
    ...Object.fromEntries(modules.map((name) => scriptRoute(name, () => readModule(name)))),
    ...Object.fromEntries([scriptRoute(library, readLibrary)]),
  });
}

const callbackHeaders = {
  'content-type': 'text/html; charset=utf-8',
  // A silent sign-in comes back in a frame of a page of ours.
  'content-security-policy':
    "default-src 'none'; script-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  'x-frame-options': 'SAMEORIGIN',
  // Its address holds the code.
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

async function settingsOf(signIn: SignIn): Promise<Response> {
  const headers = { 'cache-control': 'no-store' };
  try {
    return Response.json(await signIn.settings(), { headers });
  } catch (error) {
    if (!(error instanceof ProviderMetadataError)) throw error;
    return Response.json({ problem: error.message }, { status: 503, headers });
  }
}

function scriptRoute(name: string, read: () => string): [string, () => Response] {
  let text: string | undefined;
  // Never cached: those of two versions of the service do not fit together.
  const headers = { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' };
  const answer = () => {
    text ??= read();
    return new Response(text, { headers });
  };
  return [`/sign-in/${name}.js`, answer];
}

/** Browsers know no packages. */
function readModule(name: string): string {
  const text = readFileSync(assetPath(`server/sign-in/browser/${name}.js`), 'utf8');
  return text.replace(`from '${library}'`, `from './${library}.js'`);
}

function readLibrary(): string {
  return readFileSync(packageAssetPath(library, 'build/index.js'), 'utf8');
}
