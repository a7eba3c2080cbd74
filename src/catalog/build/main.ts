import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { CatalogModel } from '../entry.ts';
import { parseEntries } from '../faults.ts';
import { addedTooEarly } from './added.ts';
import { doubtfulAliases } from './aliases.ts';
import { buildCatalog, pricedNames } from './build.ts';
import { priceDisagreements } from './prices.ts';
import { differences, textOf } from './text.ts';
import { type CatalogVersion, nextVersion, numbers } from './version.ts';

const help = `Builds the model catalog, src/catalog/models.json, from its sources: development packages and src/catalog/overlay. It keeps
the day on which each model was added; a new one gets the day of src/catalog/as-of.ts. Where the catalog changes, its number in
src/catalog/version.json grows by one.

  tsx src/catalog/build/main.ts           write the catalog
  tsx src/catalog/build/main.ts --check   write nothing; fail when the catalog is out of date or its prices disagree
  tsx src/catalog/build/main.ts --help    this text
`;

const target = new URL('../models.json', import.meta.url);
const versionFile = new URL('../version.json', import.meta.url);

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) return say(help);

  const text = await readFile(target, 'utf8');
  const present: CatalogModel[] = JSON.parse(text);
  const built = parseEntries(buildCatalog(present));
  const doubtful = doubtfulAliases(built);
  if (doubtful.length > 0) return fail(['No document calls these one thing:', ...doubtful]);
  const early = addedTooEarly(present, built);
  if (early.length > 0) return fail(['New models need a later day in src/catalog/as-of.ts:', ...early]);
  const wrong = priceDisagreements(built, pricedNames);
  if (wrong.length > 0) return fail(['The prices disagree with their source:', ...wrong]);

  const committed = JSON.parse(await readFile(versionFile, 'utf8')) as CatalogVersion;
  if (!values.check) {
    const next = nextVersion(committed, textOf(built));
    await writeFile(target, textOf(built));
    await writeFile(versionFile, `${JSON.stringify(next, null, 2)}\n`);
    const count = differences(present, built).length;
    return say(`${built.length} models written as version ${next.version}; ${count} difference(s).\n`);
  }
  if (text !== textOf(built)) {
    return fail(['src/catalog/models.json is out of date (npm run catalog mends it):', ...differences(present, built)]);
  }
  if (!numbers(committed, text)) {
    return fail(['src/catalog/models.json changed, its version did not grow (npm run catalog mends it)']);
  }
  return say(`${built.length} models, version ${committed.version}, up to date.\n`);
}

function say(text: string): number {
  process.stdout.write(text);
  return 0;
}

function fail(lines: readonly string[]): number {
  process.stderr.write(`${lines.join('\n')}\n`);
  return 1;
}

process.exitCode = await main();
