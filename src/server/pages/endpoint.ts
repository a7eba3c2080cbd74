import { escapeHtml, smallPage } from './small-page.ts';

/** What a browser is told at `/graphql` where GraphiQL is off. */
export function endpointPage(host: string | null): Promise<Response> {
  const known = /^[\w.-]+(:\d+)?$/.test(host ?? '') ? host : 'modelgate.example';
  const scheme = /^(localhost|127\.)/.test(known ?? '') ? 'http' : 'https';
  const example = `curl -sS -w '\\n' ${scheme}://${known}/graphql \\
  -H "authorization: Bearer $TOKEN" \\
  -H 'content-type: application/json' \\
  -d '{"query":"{ caller { user { id name } } }"}'`;
  const body = `<h1>The GraphQL API of Modelgate</h1>
<p>This address takes queries by POST, from programs:</p>
<pre><code>${escapeHtml(example)}</code></pre>
<p><code>TOKEN</code> is a token of your identity provider, or an API key (<code>mgk_…</code>).</p>
<p>There is no page to try queries on: its operator can switch GraphiQL on, by <code>GRAPHIQL=true</code>.
<a href="/">The service</a> has a page, and so has <a href="/v1/docs">its REST API</a>.</p>`;
  return smallPage('Modelgate: GraphQL', body, 400);
}
