import former from './former-names.json' with { type: 'json' };

/**
 * The models that had other names while a snapshot was an alias of its floating name: by `provider/modelId` the aliases of each.
 * Settings and configurations that were written then still stand.
 */
export const formerAliases: Readonly<Record<string, readonly string[]>> = former;
