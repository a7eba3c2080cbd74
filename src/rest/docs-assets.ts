import { readFileSync } from 'node:fs';
import { packageAssetPath } from '../asset-path.ts';
import { createAssetFolder } from '../assets/asset-folder.ts';

const start = `SwaggerUIBundle({ url: '/v1/openapi.json', dom_id: '#page', validatorUrl: null, persistAuthorization: false });
`;

/** The files of the page at `/v1/docs`. */
export const docsAssets = createAssetFolder('docs', () => {
  const files = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];
  return {
    ...Object.fromEntries(files.map((name) => [name, readFileSync(packageAssetPath('swagger-ui-dist', name))])),
    'start.js': start,
  };
});
