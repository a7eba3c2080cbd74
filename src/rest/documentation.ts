import { docsAssets } from './docs-assets.ts';
import type { RestApp } from './wire.ts';

const pageWith = (assets: string, scripts: string) => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Modelgate: REST</title>
  <link rel="icon" href="${assets}/favicon-32x32.png">
  <link rel="stylesheet" href="${assets}/swagger-ui.css">
</head>
<body>
  <div id="page"></div>
  <script src="${assets}/swagger-ui-bundle.js"></script>
  <script src="${assets}/start.js"></script>${scripts}
</body>
</html>
`;

/** `/v1/openapi.json`, and `/v1/docs`, a page of it that loads nothing from any other host. */
export function defineDocumentation(app: RestApp): void {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    description: 'A token of the identity provider, or an API key (`mgk_…`).',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'An API key (`mgk_…`).',
  });
  const settings = {
    openapi: '3.1.0',
    info: {
      title: 'Modelgate',
      version: '1',
      description: 'The wire formats of two earlier systems, on the same rules, ledger and authorization as the graph.',
    },
    security: [{ bearer: [] }, { apiKey: [] }],
  };
  let text: string | undefined;
  app.get('/v1/openapi.json', () => {
    text ??= JSON.stringify(app.getOpenAPI31Document(settings));
    return new Response(text, { headers: { 'content-type': 'application/json' } });
  });
  app.get('/v1/docs', async ({ env: { options } }) => {
    const { signIn } = options;
    const assets = await docsAssets.path();
    if (!signIn) return html(pageWith(assets, ''));
    const script = `\n  <script type="module" src="${await signIn.script()}"></script>`;
    return html(pageWith(assets, script), `; ${await signIn.policy()}`);
  });
}

function html(text: string, policy = ''): Response {
  return new Response(text, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; " +
        `form-action 'none'; frame-ancestors 'none'${policy}`,
    },
  });
}
