import type { CatalogModel } from '../entry.ts';
import { overlays } from '../overlay/overlays.ts';

// A date, a month (2512, 08-2024) or a version number (001) at the end of a name, as providers write them.
const version = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{2}-\d{4}|\d{2}-\d{2}|\d{3,4})$/;

/**
 * Aliases that look like a floating name or a snapshot of their model, and are not listed as documented to be the same. Such
 * names must be separate models, since one can be retired while the other remains.
 */
export function doubtfulAliases(models: readonly CatalogModel[]): string[] {
  return models.flatMap(({ provider, modelId, aliases }) =>
    aliases
      .filter((alias) => isVersionOf(alias, modelId) && !isDocumented(provider, alias))
      .map((alias) => `${provider}/${modelId}: "${alias}" is a floating name or a snapshot, so a model of its own`),
  );
}

function isVersionOf(alias: string, modelId: string): boolean {
  const names = [alias, modelId];
  const isLonger = (name: string, other: string) => name.startsWith(`${other}-`) || name.startsWith(`${other}.`);
  return (
    names.some((name) => version.test(name) || name.endsWith('-latest')) ||
    isLonger(alias, modelId) ||
    isLonger(modelId, alias)
  );
}

function isDocumented(provider: string, alias: string): boolean {
  return overlays.some(
    (overlay) => overlay.provider === provider && overlay.sameThing?.some(({ aliases }) => aliases.includes(alias)),
  );
}
