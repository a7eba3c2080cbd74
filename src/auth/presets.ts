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

/**
 * Where the tokens of well-known issuers have their claims; docs/authentication.md shows a token of each. No claim that users
 * write themselves decides anything. Each has the page of the issuer's documentation that it was taken from.
 */
export const presets = {
  /**
   * Session tokens. Who creates an organization is `org:admin`, and no role is above it.
   * https://clerk.com/docs/guides/sessions/session-tokens
   * https://clerk.com/docs/guides/organizations/control-access/roles-and-permissions
   */
  clerk: { ...defaultMapping, roles: { 'org:owner': 'OWNER', owner: 'OWNER', 'org:admin': 'OWNER', admin: 'OWNER' } },
  /**
   * Access tokens for an API. Roles are in no token by default, and Auth0 lets nobody add a claim that is called `roles`.
   * https://auth0.com/docs/manage-users/organizations/using-tokens
   */
  auth0: { ...openId, organizationClaim: 'org_id', organizationNameClaim: 'org_name' },
  /**
   * Access tokens. Roles of a realm count in all its organizations: here they count only where an operator says so.
   * https://www.keycloak.org/docs/latest/server_admin/#_mapping_organization_claims_
   */
  keycloak: {
    ...openId,
    organizationClaim: 'organization',
    organizationNameClaim: 'organization',
    teamsClaim: 'groups',
  },
  /**
   * Access or ID tokens of version 2. `sub` differs from application to application. `xms_edov` tells whether the address is of
   * a domain that the tenant has verified; without it anybody may have set any address.
   * https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference
   * https://learn.microsoft.com/entra/identity-platform/optional-claims-reference
   */
  entra: {
    ...openId,
    userClaim: 'oid',
    emailVerifiedClaim: 'xms_edov',
    pictureClaim: null,
    organizationClaim: 'tid',
    teamsClaim: 'groups',
  },
  /**
   * ID tokens: access tokens are opaque. `hd`, the domain of a Workspace, is missing for other accounts.
   * https://developers.google.com/identity/gsi/web/guides/verify-google-id-token
   */
  google: { ...openId, organizationClaim: 'hd', organizationNameClaim: 'hd' },
  /**
   * Access tokens of a custom authorization server, whose `sub` is the login, which may change. They name no organization: all
   * users of the server are in one.
   * https://developer.okta.com/docs/reference/api/oidc/
   */
  okta: { ...openId, userClaim: 'uid', organizationClaim: 'iss', teamsClaim: 'groups' },
  /**
   * Access tokens of AuthKit. `role` is the highest of several.
   * https://workos.com/docs/reference/authkit/session-tokens
   */
  workos: { ...openId, organizationClaim: 'org_id', roleClaim: 'role', roles: { owner: 'OWNER', admin: 'OWNER' } },
  /**
   * Access tokens. Users write `user_metadata` themselves, also its `email_verified`; `role` is one of the database.
   * https://supabase.com/docs/guides/auth/jwt-fields
   */
  supabase: { ...openId, nameClaim: 'user_metadata.name', pictureClaim: 'user_metadata.avatar_url' },
} satisfies Record<string, ClaimsMapping>;

/** Issuers of tokens for applications of anybody: only the audience tells whether a token is for this service. */
export const issuersOfAnybody: readonly string[] = ['entra', 'google'] satisfies (keyof typeof presets)[];
