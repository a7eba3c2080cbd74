import { readFile } from 'node:fs/promises';
import type { LoadHook } from 'node:module';

let file = '';

/** Is given the file whose models are those of the service. */
export function initialize(data: string): void {
  file = data;
}

/** Loads this file in the place of the catalog that ships. */
export const load: LoadHook = async (url, context, nextLoad) =>
  url.split('?')[0]?.endsWith('/src/catalog/models.json')
    ? { format: 'json', source: await readFile(file), shortCircuit: true }
    : nextLoad(url, context);
