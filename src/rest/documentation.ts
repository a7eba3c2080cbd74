import { docsAssets } from './docs-assets.ts';
import { defineComponents, documentOf } from './openapi.ts';
import type { RestOptions } from './options.ts';
import type { System } from './route.ts';
import type { RestApp } from './wire.ts';

const pageWith = (assets: string, scripts: string) => `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>Modelgate: REST</title>
  <link rel="icon" href="${assets}/favicon-32x32.png">
  <link rel="stylesheet" href="${assets}/swagger-ui.css">
  <link rel="stylesheet" href="${assets}/page.css">
</head>
<body>
  <div id="page"></div>
  <script src="${assets}/swagger-ui-bundle.js"></script>
  <script src="${assets}/start.js"></script>${scripts}
</body>
</html>
`;

/** `/v1/openapi.json`, and `/v1/docs`, a page of it that loads nothing from any other host. */
export function defineDocumentation(app: RestApp, systems: readonly System[]): void {
  defineComponents(app, systems);
  // For each service of the process: their limits differ.
  const texts = new WeakMap<RestOptions, string>();
  app.get('/v1/openapi.json', ({ env: { options } }) => {
    const text = texts.get(options) ?? documentOf(app, systems, options.limits);
    texts.set(options, text);
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
