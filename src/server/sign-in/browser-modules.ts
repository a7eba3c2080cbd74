import { readFileSync } from 'node:fs';
import { assetPath, packageAssetPath } from '../../asset-path.ts';
import { createAssetFolder } from '../../assets/asset-folder.ts';

/** Scripts of pages, as they are. */
const modules = [
  'authorize',
  'bar',
  'callback',
  'flow',
  'frame',
  'page',
  'paste',
  'personas',
  'session',
  'settings',
  'tokens',
  'visit',
  'words',
];
const library = 'oauth4webapi';

/** The modules of `browser/`, and the package that they import. */
export const signInAssets = createAssetFolder('sign-in', () => ({
  ...Object.fromEntries(modules.map((name) => [`${name}.js`, readModule(name)])),
  [`${library}.js`]: readFileSync(packageAssetPath(library, 'build/index.js')),
}));

/** Browsers know no packages. */
function readModule(name: string): string {
  const text = readFileSync(assetPath(`server/sign-in/browser/${name}.js`), 'utf8');
  return text.replace(`from '${library}'`, `from './${library}.js'`);
}

/**
 * The address of the script that a page loads, as a module, by whom it asks: `page` signs its user in at the issuer, `paste` takes
 * a token from them, and `personas` has those of the demo world.
 */
export async function signInScript(way: 'page' | 'paste' | 'personas'): Promise<string> {
  return `${await signInAssets.path()}/${way}.js`;
}
