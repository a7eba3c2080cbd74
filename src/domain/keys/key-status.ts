/** Whose key calls of a model are made with: an own one, the operator's, or nobody's yet. */
export const keyStatuses = ['CUSTOM', 'PLATFORM', 'NEEDS_SETUP'] as const;
export type KeyStatus = (typeof keyStatuses)[number];

/** The status of a provider for an organization that has active keys of its own at these providers. */
export function keyStatusOf(provider: string, own: readonly string[], platform: ReadonlySet<string>): KeyStatus {
  if (own.includes(provider)) return 'CUSTOM';
  return platform.has(provider) ? 'PLATFORM' : 'NEEDS_SETUP';
}
