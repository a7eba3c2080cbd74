import type { Plugin } from 'graphql-yoga';
import { signInAssets } from '../sign-in/browser-modules.ts';
import { ProviderMetadataError } from '../sign-in/provider-metadata.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { useRoutes } from './use-routes.ts';

/** The page at which the issuer ends a sign-in: it hands the answer to the page that asked. */
const callback = async () => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Modelgate: sign-in</title>
  <script type="module" src="${await signInAssets.path()}/callback.js"></script>
</head>
<body>
  <main role="status">Signing in …</main>
</body>
</html>
`;

/** What pages need to sign their users in at the issuer: its settings, and the redirect URI `/sign-in`. */
export function useSignIn(signIn: SignIn): Plugin {
  return useRoutes({
    '/sign-in': async () => new Response(await callback(), { headers: callbackHeaders }),
    '/sign-in/settings.json': () => settingsOf(signIn),
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
