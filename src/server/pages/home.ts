import { escapeHtml, smallPage } from './small-page.ts';

/** What the service says of itself to whoever opens it. Nothing of it is secret. */
export interface Home {
  name: 'modelgate';
  version: string;
  status: 'ready' | 'unavailable';
  /** Why it is unavailable. */
  reason?: string;
  /** Whether the service has a database and an issuer of its own. */
  mode: 'embedded' | 'external';
  links: Readonly<Record<string, string>>;
}

const explanations: Readonly<Record<string, string>> = {
  console: 'the console, for owners and admins',
  graphql: 'the API, by POST',
  graphiql: 'GraphiQL: try the API in the browser',
  schema: 'all types of the API',
  restDocs: 'the REST API, to try',
  openapi: 'its OpenAPI document',
  health: 'whether the process lives',
  ready: 'whether it can answer',
  jwks: 'public keys of its tokens',
};

const modes = {
  embedded: 'With a database, an issuer and a demo world of its own: to try it, on this machine.',
  external: 'With a database and an issuer of its operator.',
};

export function homePage({ version, status, reason = '', mode, links }: Home): Promise<Response> {
  const items = Object.entries(links).map(
    ([name, path]) => `  <li><a href="${path}">${path}</a> <span>${explanations[name] ?? ''}</span></li>`,
  );
  const body = `<h1>Modelgate</h1>
<p>Decides, records and tells which AI models an organization may use.</p>
<p class="${status}" role="status">Version ${version} is <strong>${status}</strong>${reason && `: ${escapeHtml(reason)}`}</p>
<p>${modes[mode]}</p>
<h2>Where to go</h2>
<ul>
${items.join('\n')}
</ul>
<p>Documentation is in the folder <code>docs</code> of the project.</p>`;
  return smallPage('Modelgate', body);
}
