import { providerSlugs } from '../../src/catalog/providers.ts';
import { createCatalog } from '../../src/catalog/read-catalog.ts';
import { anEntry } from '../catalog/entries.ts';

/** The days on which its models were added, and on which some of them retire. */
export const lineDays = ['2026-11-21', '2026-11-22', '2026-11-23'];

/** A catalog of four models a line: a floating name with its snapshot, a model at another provider of the same name, and a small one. */
export function aCatalogOf(lines: number, { families, version = 1 }: { families: number; version?: number }) {
  const entries = Array.from({ length: lines }, (_, line) => {
    const provider = providerSlugs[line % providerSlugs.length];
    const other = providerSlugs[(line + 1) % providerSlugs.length];
    const modelId = `line-${line % families}-${line}`;
    const dates = { addedAt: lineDays[line % 3], retiresAt: [null, null, ...lineDays][line % 5] };
    const entry = (about: object, place: number) =>
      anEntry({ provider, modelId, displayName: `Line ${line}`, displayOrder: 4 * line + place, ...dates, ...about });
    return [
      entry({ pointsTo: `${modelId}-0806`, aliases: [`alias-${line}`] }, 0),
      entry({ modelId: `${modelId}-0806`, displayName: `Line ${line} (0806)`, snapshotOf: [modelId] }, 1),
      entry({ provider: other }, 2),
      entry({ modelId: `${modelId}-mini`, displayName: `Line ${line} mini` }, 3),
    ];
  });
  return createCatalog(entries.flat(), version);
}
