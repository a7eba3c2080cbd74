import type { ClaimsMapping } from './claims-mapping.ts';

/** What users write themselves at their issuer: Supabase and Auth0 call it so, and Clerk `unsafe_metadata`. */
const writtenByUsers = /(^|\.)(user_metadata|unsafe_metadata)(\.|$)/;

const deciding = ['userClaim', 'emailVerifiedClaim', 'organizationClaim', 'roleClaim', 'teamsClaim'] as const;

/** Settings that do nothing without another one. */
const needed = {
  emailClaim: 'emailVerifiedClaim',
  organizationNameClaim: 'organizationClaim',
  roleClaim: 'organizationClaim',
  teamsClaim: 'organizationClaim',
  roles: 'roleClaim',
} as const;

/** What is wrong with claims that were given, which are part of this mapping, as far as that is known before a token comes. */
export function faultsOfMapping(
  given: { [Setting in keyof ClaimsMapping]?: ClaimsMapping[Setting] | undefined },
  mapping: ClaimsMapping,
): [setting: string, message: string][] {
  const written = deciding
    .filter((setting) => writtenByUsers.test(given[setting] ?? ''))
    .map((setting): [string, string] => [setting, 'must not be a claim that users write themselves']);
  const idle = Object.entries(needed)
    .filter(([setting, other]) => given[setting as keyof typeof needed] != null && mapping[other] === null)
    .map(([setting, other]): [string, string] => [setting, `has no effect without ${other}`]);
  return [...written, ...idle];
}
