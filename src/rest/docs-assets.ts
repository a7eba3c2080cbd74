import { readFileSync } from 'node:fs';
import { packageAssetPath } from '../asset-path.ts';
import { createAssetFolder } from '../assets/asset-folder.ts';

const start = `SwaggerUIBundle({
  url: '/v1/openapi.json',
  dom_id: '#page',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  persistAuthorization: false,
});
`;

// Swagger UI keeps its columns on a phone, where they are a word wide. No answer has links.
const style = `.swagger-ui .response-col_links { display: none; }
@media (max-width: 767px) {
  .swagger-ui .opblock-tag { flex-wrap: wrap; }
  .swagger-ui .opblock-tag small { flex: 1 0 100%; order: 1; padding: 0; }
  .swagger-ui table.parameters thead { display: none; }
  .swagger-ui table.parameters :is(tbody, tr, td) { display: block; width: auto; }
  .swagger-ui table.parameters td { padding-top: 4px; }
}
`;

/** The files of the page at `/v1/docs`. */
export const docsAssets = createAssetFolder('docs', () => {
  const files = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];
  return {
    ...Object.fromEntries(files.map((name) => [name, readFileSync(packageAssetPath('swagger-ui-dist', name))])),
    'page.css': style,
    'start.js': start,
  };
});
