import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compiled } from './child.ts';
import { catalogFile } from './fill.ts';

/** Entries of a catalog with as many models as are asked for: those of the one that ships again and again, under other names. */
export function manyModels(count: number): object[] {
  const shipped: object[] = JSON.parse(readFileSync(catalogFile, 'utf8'));
  return Array.from({ length: count }, (_, index) => ({
    ...shipped[index % shipped.length],
    modelId: `of-bench-${index}`,
    aliases: [],
    snapshotOf: [],
    pointsTo: null,
    successor: null,
    displayName: `Of the bench ${index}`,
    displayOrder: index,
  }));
}

/** What Node is told, in the place of the program that is built, so that the service has these models. The file is made in `folder`. */
export async function serviceOf(entries: readonly object[], folder: string): Promise<string[]> {
  const file = join(folder, 'models.json');
  await writeFile(file, JSON.stringify(entries));
  const hook = JSON.stringify(pathToFileURL(compiled('processes/other-catalog.js')).href);
  const register = `import { register } from 'node:module'; register(${hook}, { data: ${JSON.stringify(file)} });`;
  const tsx = import.meta.resolve('tsx');
  return [
    ...['--import', tsx, '--import', `data:text/javascript,${encodeURIComponent(register)}`],
    join(import.meta.dirname, '../src/main.ts'),
  ];
}
