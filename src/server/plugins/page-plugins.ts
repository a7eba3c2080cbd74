import type { AssetFolder } from '../../assets/asset-folder.ts';
import type { ServerPlugin } from '../execute.ts';
import type { ServerOptions } from '../options.ts';
import { graphiqlAssets } from '../pages/graphiql.ts';
import { smallPageAssets } from '../pages/small-page.ts';
import { signInAssets } from '../sign-in/browser-modules.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { useAssets } from './use-assets.ts';
import { useDemoTokens } from './use-demo-tokens.ts';
import { useEndpointPage } from './use-endpoint-page.ts';
import { useGraphiQL } from './use-graphiql.ts';
import { useHome } from './use-home.ts';
import { useSignIn } from './use-sign-in.ts';

type PageOptions = Pick<ServerOptions, 'readiness' | 'jwks' | 'graphiql' | 'introspection'>;

/** What browsers are shown: `/`, GraphiQL or what stands in its place, the sign-in, and the static files of all pages. */
export function pagePlugins(
  { readiness, jwks, graphiql, introspection }: PageOptions,
  { signIn, docsAssets }: { signIn: SignIn | undefined; docsAssets: AssetFolder },
): ServerPlugin[] {
  return [
    useHome({
      readiness,
      isEmbedded: jwks !== undefined,
      hasGraphiql: graphiql !== undefined,
      hasSchema: introspection === 'everyone',
    }),
    ...(signIn ? [useSignIn(signIn)] : []),
    ...(graphiql?.demo ? [useDemoTokens(graphiql.demo)] : []),
    graphiql ? useGraphiQL({ hasDemo: graphiql.demo !== undefined, signIn }) : useEndpointPage(),
    useAssets([
      smallPageAssets,
      docsAssets,
      ...(graphiql || signIn ? [signInAssets] : []),
      ...(graphiql ? [graphiqlAssets] : []),
    ]),
  ];
}
