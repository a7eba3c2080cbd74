/** Who serves models to organizations: a closed list; adding one is a change of this file and of the overlay. */
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

/** Every provider slug, in alphabetical order; the order in which errors list the valid ones. */
export const providerSlugs = (Object.keys(providers) as ProviderSlug[]).toSorted();

/** Whether a string that came from outside is the slug of a provider; exact, so case and spaces matter. */
export function isProviderSlug(slug: string): slug is ProviderSlug {
  return Object.hasOwn(providers, slug);
}
