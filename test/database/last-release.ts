/** The newest migration of the last release. Those after it are applied while that release serves. */
export const lastOfRelease = '20261127120000_instances';
