/** Whose provider key a model is called with: the organization's own, the operator's, or none yet. */
export const keyStatuses = ['CUSTOM', 'PLATFORM', 'NEEDS_SETUP'] as const;
export type KeyStatus = (typeof keyStatuses)[number];

/** The status of a provider for an organization that has active keys of its own at these providers. */
export function keyStatusOf(provider: string, own: readonly string[], platform: ReadonlySet<string>): KeyStatus {
  if (own.includes(provider)) return 'CUSTOM';
  return platform.has(provider) ? 'PLATFORM' : 'NEEDS_SETUP';
}
