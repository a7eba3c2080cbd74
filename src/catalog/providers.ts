/** The providers of models. A closed list: a new one needs an entry here, and an overlay. */
export const providers = {
  aitronos: { displayName: 'Aitronos', takesCustomKeys: false },
  anthropic: { displayName: 'Anthropic', takesCustomKeys: true },
  cohere: { displayName: 'Cohere', takesCustomKeys: true },
  google: { displayName: 'Google', takesCustomKeys: true },
  mistral: { displayName: 'Mistral', takesCustomKeys: true },
  openai: { displayName: 'OpenAI', takesCustomKeys: true },
} as const;

/** The slug of a provider, exactly as clients send it: lower case, no spaces. */
export type ProviderSlug = keyof typeof providers;

/** All provider slugs, sorted, as errors list them. */
export const providerSlugs = (Object.keys(providers) as ProviderSlug[]).toSorted();

/** Whether a string is the slug of a provider. Compared exactly: case and spaces matter. */
export function isProviderSlug(slug: string): slug is ProviderSlug {
  return Object.hasOwn(providers, slug);
}
