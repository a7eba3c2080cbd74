import { isProviderSlug, providerSlugs } from '../../catalog/providers.ts';
import { excerpt } from '../../errors/base.ts';
import { InvalidProviderSlugError } from '../../errors/models.ts';

/**
 * Slugs are compared exactly with a closed list.
 * @throws InvalidProviderSlugError that names every bad one
 */
export function refuseUnknownProviders(slugs: readonly string[]): void {
  const unknown = slugs.filter((slug) => !isProviderSlug(slug));
  if (unknown.length > 0) throw new InvalidProviderSlugError(unknown.map(excerpt), providerSlugs);
}
