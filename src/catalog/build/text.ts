import type { CatalogModel } from '../entry.ts';

/** The text of `models.json`, one model per line, so that a diff shows the changed models. */
export function textOf(models: readonly CatalogModel[]): string {
  return `[\n${models.map((model) => `  ${JSON.stringify(model)}`).join(',\n')}\n]\n`;
}

/** Differences between the committed models and a fresh build, one line per field; empty where there are none. */
export function differences(committed: readonly CatalogModel[], built: readonly CatalogModel[]): string[] {
  const before = byName(committed);
  const after = byName(built);
  const gone = [...before.keys()].filter((name) => !after.has(name)).map((name) => `- ${name}`);

  const changed = [...after].flatMap(([name, model]) => {
    const old = before.get(name);
    if (!old) return [`+ ${name}`];
    return (Object.keys(model) as (keyof CatalogModel)[])
      .filter((figure) => JSON.stringify(old[figure]) !== JSON.stringify(model[figure]))
      .map((figure) => `~ ${name} ${figure}: ${JSON.stringify(old[figure])} -> ${JSON.stringify(model[figure])}`);
  });
  return [...gone, ...changed];
}

function byName(models: readonly CatalogModel[]): Map<string, CatalogModel> {
  return new Map(models.map((model) => [`${model.provider}/${model.modelId}`, model]));
}
