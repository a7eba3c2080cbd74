import type { AssetFolder } from '../../assets/asset-folder.ts';
import type { ServerPlugin } from '../execute.ts';
import type { ServerOptions } from '../options.ts';
import { consoleAssets } from '../pages/console.ts';
import { graphiqlAssets } from '../pages/graphiql.ts';
import { smallPageAssets } from '../pages/small-page.ts';
import { signInAssets } from '../sign-in/browser-modules.ts';
import type { SignIn } from '../sign-in/sign-in.ts';
import { useAssets } from './use-assets.ts';
import { useConsole } from './use-console.ts';
import { useDemoTokens } from './use-demo-tokens.ts';
import { useEndpointPage } from './use-endpoint-page.ts';
import { useGraphiQL } from './use-graphiql.ts';
import { useHome } from './use-home.ts';
import { useSignIn } from './use-sign-in.ts';

type PageOptions = Pick<
  ServerOptions,
  'readiness' | 'jwks' | 'graphiql' | 'console' | 'demo' | 'introspection' | 'persistedDocuments'
>;

/** What browsers are shown: `/`, the console, GraphiQL or what stands in its place, the sign-in, and the static files of all pages. */
export function pagePlugins(
  { readiness, jwks, graphiql = false, console = false, demo, introspection, persistedDocuments }: PageOptions,
  { signIn, docsAssets }: { signIn: SignIn | undefined; docsAssets: AssetFolder },
): ServerPlugin[] {
  const hasDemo = demo !== undefined;
  return [
    useHome({
      readiness,
      isEmbedded: jwks !== undefined,
      hasConsole: console,
      hasGraphiql: graphiql,
      hasSchema: introspection === 'everyone',
    }),
    ...(signIn ? [useSignIn(signIn)] : []),
    ...(demo && (graphiql || console) ? [useDemoTokens(demo)] : []),
    ...(console
      ? [useConsole({ hasDemo, hasGraphiql: graphiql, isPersisted: persistedDocuments !== undefined, signIn })]
      : []),
    graphiql ? useGraphiQL({ hasDemo, signIn }) : useEndpointPage(),
    useAssets([
      smallPageAssets,
      docsAssets,
      ...(graphiql || console || signIn ? [signInAssets] : []),
      ...(console ? [consoleAssets] : []),
      ...(graphiql ? [graphiqlAssets] : []),
    ]),
  ];
}
