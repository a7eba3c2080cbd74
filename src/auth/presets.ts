import type { ClaimsMapping } from './claims-mapping.ts';

/** Claims as OpenID Connect names them, of an issuer whose tokens name no organization. */
const openId: ClaimsMapping = {
  userClaim: 'sub',
  nameClaim: 'name',
  emailClaim: 'email',
  emailVerifiedClaim: 'email_verified',
  pictureClaim: 'picture',
  organizationClaim: null,
  organizationNameClaim: null,
  roleClaim: null,
  teamsClaim: null,
  roles: {},
};

/** Without a preset: claims where Clerk's session tokens have them, and roles by their own names. */
export const defaultMapping: ClaimsMapping = {
  ...openId,
  organizationClaim: 'o.id',
  organizationNameClaim: 'o.slg',
  roleClaim: 'o.rol',
  roles: { owner: 'OWNER', 'org:owner': 'OWNER', admin: 'ADMIN', 'org:admin': 'ADMIN' },
  version1: { organizationClaim: 'org_id', organizationNameClaim: 'org_slug', roleClaim: 'org_role' },
};

/** Where the tokens of well-known issuers have their claims. docs/authentication.md shows a token of each. */
export const presets = {
  clerk: { ...defaultMapping, roles: { 'org:owner': 'OWNER', owner: 'OWNER', 'org:admin': 'OWNER', admin: 'OWNER' } },
  auth0: { ...openId, organizationClaim: 'org_id', organizationNameClaim: 'org_name' },
  keycloak: { ...openId, organizationClaim: 'organization', teamsClaim: 'groups' },
  entra: { ...openId, userClaim: 'oid', organizationClaim: 'tid', teamsClaim: 'groups' },
  google: { ...openId, organizationClaim: 'hd', organizationNameClaim: 'hd' },
  okta: { ...openId, teamsClaim: 'groups' },
  workos: { ...openId, organizationClaim: 'org_id', roleClaim: 'role', roles: { owner: 'OWNER', admin: 'OWNER' } },
  supabase: { ...openId, nameClaim: 'user_metadata.full_name' },
} satisfies Record<string, ClaimsMapping>;
