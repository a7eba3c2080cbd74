import { readFileSync } from 'node:fs';
import { packageAssetPath } from '../asset-path.ts';
import type { RestApp } from './wire.ts';

const types = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', png: 'image/png' };
const files = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

const pageWith = (scripts: string) => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Modelgate: REST</title>
  <link rel="icon" href="docs/favicon-32x32.png">
  <link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
  <div id="page"></div>
  <script src="docs/swagger-ui-bundle.js"></script>
  <script src="docs/start.js"></script>${scripts}
</body>
</html>
`;
const start = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#page', validatorUrl: null, persistAuthorization: false });
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
    if (!signIn) return html(pageWith(''));
    return html(pageWith(`\n  <script type="module" src="${signIn.script}"></script>`), `; ${await signIn.policy()}`);
  });
  app.get('/v1/docs/start.js', () => new Response(start, { headers: { 'content-type': types.js } }));
  for (const file of files) {
    const type = types[file.split('.').at(-1) as keyof typeof types];
    let content: Uint8Array<ArrayBuffer> | undefined;
    app.get(`/v1/docs/${file}`, () => {
      content ??= new Uint8Array(readFileSync(packageAssetPath('swagger-ui-dist', file)));
      return new Response(content, { headers: { 'content-type': type, 'cache-control': 'public, max-age=3600' } });
    });
  }
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
