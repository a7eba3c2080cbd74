import { createAssetFolder } from '../../assets/asset-folder.ts';
import { icon } from './icon.ts';

const styles = `:root { color-scheme: light dark; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 42em; margin: 0 auto; padding: 2em 1em; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 1.6em; }
h2 { margin: 1.6em 0 .4em; font-size: 1.1em; }
ul { margin: 0; padding: 0; list-style: none; }
li { display: grid; grid-template-columns: minmax(0, 12em) 1fr; gap: 1em; padding: .35em 0; border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
a { color: light-dark(#0b5cad, #7cc0ff); }
pre { padding: .8em 1em; border-radius: 6px; overflow-x: auto; background: color-mix(in srgb, currentColor 8%, transparent); }
code { font-size: .92em; }
.ready::before, .unavailable::before { content: ''; display: inline-block; width: .7em; height: .7em; margin-right: .5em; border-radius: 50%; }
.ready::before { background: #1f9d55; }
.unavailable::before { background: #d64545; }
`;

/** Of the pages that have no script. */
export const smallPageAssets = createAssetFolder('pages', () => ({ 'page.css': styles, 'icon.svg': icon }));

/** A page without a script. The body is HTML: what comes from elsewhere has to be escaped in it. */
export async function smallPage(title: string, body: string, status = 200): Promise<Response> {
  const assets = await smallPageAssets.path();
  const text = `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${title}</title>
  <link rel="icon" href="${assets}/icon.svg">
  <link rel="stylesheet" href="${assets}/page.css">
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
  return new Response(text, {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      vary: 'accept',
    },
  });
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
