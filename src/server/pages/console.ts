import { readFileSync } from 'node:fs';
import { assetPath } from '../../asset-path.ts';
import { createAssetFolder } from '../../assets/asset-folder.ts';
import { signInAssets } from '../sign-in/browser-modules.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { icon } from './icon.ts';

const built = ['console.js', 'console.css'];

/** The console, as it was built of `src/console`. */
export const consoleAssets = createAssetFolder('console', () => ({
  ...Object.fromEntries(built.map((name) => [name, readFileSync(assetPath(`console/built/${name}`), 'utf8')])),
  'icon.svg': icon,
}));

export interface ConsolePage {
  /** Whether its users are the personas of the demo world. */
  isDemo: boolean;
  hasGraphiql: boolean;
  /** Whether the service takes documents by their ids. */
  isPersisted: boolean;
  /** How else they sign in; absent: they paste a token. */
  signIn: SignIn | undefined;
}

/** The page of the console. Nothing in it is secret. `src/console/settings.ts` reads its settings. */
export async function consolePage({ isDemo, hasGraphiql, isPersisted, signIn }: ConsolePage): Promise<Response> {
  const assets = await consoleAssets.path();
  const settings = {
    signIn: isDemo ? 'personas' : signIn ? 'issuer' : 'paste',
    signInModules: await signInAssets.path(),
    hasGraphiql,
    isPersisted,
  };
  const text = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Modelgate</title>
  <link rel="icon" href="${assets}/icon.svg">
  <link rel="stylesheet" href="${assets}/console.css">
  <script type="application/json" id="settings">${JSON.stringify(settings)}</script>
  <script type="module" src="${assets}/console.js"></script>
</head>
<body>
  <noscript>This page needs JavaScript.</noscript>
  <div id="console"></div>
</body>
</html>
`;
  return new Response(text, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policyWith(signIn ? await signIn.policy() : "connect-src 'self'"),
      'cache-control': 'no-cache',
    },
  });
}

const policyWith = (requests: string) =>
  ["default-src 'self'", requests, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"].join('; ');
