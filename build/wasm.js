// Prisma's query compiler is WebAssembly, written in base64 in a module of 4.6 MB. To parse and decode that text takes some 7 % of
// the CPU of a start: a file of bytes is only read.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Makes a file in `folder` of each such module, which reads it instead. */
export function wasmAsFile(folder) {
  return {
    name: 'wasm-as-file',
    setup({ onLoad }) {
      onLoad({ filter: /\.wasm-base64\.mjs$/ }, async ({ path }) => {
        const { wasm } = await import(pathToFileURL(path).href);
        const name = basename(path).replace('-base64.mjs', '');
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, name), Buffer.from(wasm, 'base64'));
        // Where the client wants base64, it takes bytes as well.
        const contents = `import { readFileSync } from 'node:fs';
export const wasm = readFileSync(new URL('./${name}', import.meta.url));`;
        return { contents };
      });
    },
  };
}
