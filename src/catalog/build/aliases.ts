import type { CatalogModel } from '../model.ts';
import { overlays } from '../overlay/overlays.ts';

// A day, a month (2512, 08-2024), or a number of a version (001), as providers put it behind a name.
const version = /-(?:\d{4}-\d{2}-\d{2}|\d{8}|\d{2}-\d{4}|\d{2}-\d{2}|\d{3,4})$/;

/**
 * Aliases that look like a floating name of their model or like a snapshot of it, and are on no list of those that a document calls
 * one thing. Such names are models of their own, since one can be retired while the other goes on.
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
