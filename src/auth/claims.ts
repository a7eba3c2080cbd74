import type { Role } from '../database/generated/prisma/enums.ts';
import { type Identity, idOf, userIdOf } from '../domain/organizations/identity.ts';
import type { Profile } from '../domain/organizations/profile.ts';
import type { SaidTeams } from '../domain/organizations/team-claims.ts';
import { UnauthenticatedError } from '../errors/base.ts';
import {
  ClaimError,
  type ClaimsMapping,
  claimAt,
  isName,
  nameAt,
  organizationAt,
  organizationNameAt,
  roleAt,
  teamsAt,
} from './claims-mapping.ts';
import { defaultMapping } from './presets.ts';
import { invalidSession } from './session-error.ts';

/** The organization that a token names. */
export interface OrganizationClaims {
  identity: Identity;
  /** The identity as the key of a cache. */
  key: string;
  /** The id where no other is stored for its identity. */
  id: string;
  name: string | null;
  /** Null: it is kept here, as a membership. */
  role: Role | null;
  /** Null where the token does not say. */
  teams: SaidTeams | null;
}

/** The claims of a verified token: the user, its expiry and, where the token names one, the one organization and role. */
export interface Claims {
  identity: Identity;
  /** The identity as the key of a cache. */
  key: string;
  /** The id of the user where no other is stored for its identity. */
  userId: string;
  /** Until when the token is valid, in ms since the epoch; the clock tolerance is included. */
  validUntil: number;
  organization: OrganizationClaims | null;
  /** The address only where the issuer has verified it. */
  profile: Profile;
  /** The subject of whoever acts as the user; null where nobody does. */
  impersonatedBy: string | null;
}

/** How the claims of an issuer are read. */
export interface ClaimsPolicy {
  issuer: string;
  /** Parties to which tokens may be issued (`azp`). Not checked where absent. */
  authorizedParties?: readonly string[] | undefined;
  /** Absent: those of Clerk's tokens, with names as OpenID Connect has them. */
  mapping?: ClaimsMapping | undefined;
  /** Whether subjects and organizations whose names are ids of ours (`usr_…`, `user_…`, `org_…`) keep them. One issuer may. */
  keepsIds?: boolean | undefined;
  /** Whether tokens of whoever acts as somebody else (`act`) are refused. */
  refusesImpersonation?: boolean | undefined;
}

const organizationId = /^org_[\w-]{1,120}$/;
const longestPicture = 2_000;

/** In ms since the epoch. */
interface Times {
  issuedAt: number;
  /** The clock tolerance is included. */
  validUntil: number;
}

/** @throws UnauthenticatedError where the claims are not understood: nothing is guessed, since that may widen access */
export function claimsOf(
  payload: Record<string, unknown>,
  { issuedAt, validUntil }: Times,
  policy: ClaimsPolicy,
): Claims {
  const { issuer, authorizedParties, keepsIds = false } = policy;
  if (authorizedParties && !authorizedParties.includes(payload.azp as string)) throw invalidSession('TOKEN_PARTY');
  try {
    const mapping = ofVersion(payload, policy.mapping ?? defaultMapping);
    const subject = claimAt(payload, mapping.userClaim);
    if (!isName(subject)) throw new UnauthenticatedError('The token does not name a user', 'TOKEN_SUBJECT');

    const identity = { issuer, externalId: subject };
    return {
      identity,
      key: keyOf(identity),
      userId: userIdOf(identity, keepsIds),
      validUntil,
      organization: organizationOf(payload, mapping, { ...policy, issuedAt }),
      profile: profileOf(payload, mapping),
      impersonatedBy: impersonatorOf(payload, policy),
    };
  } catch (error) {
    if (!(error instanceof ClaimError)) throw error;
    throw new UnauthenticatedError(
      `The token does not name its organization as we understand it: ${error.message}`,
      'TOKEN_ORGANIZATION',
    );
  }
}

function keyOf({ issuer, externalId }: Identity): string {
  return JSON.stringify([issuer, externalId]);
}

/** Clerk's session tokens: version 2 says `v: 2` and names the organization in `o`; version 1 has other claims for it. */
function ofVersion(payload: Record<string, unknown>, mapping: ClaimsMapping): ClaimsMapping {
  const { v: version, o: organization = null } = payload;
  if (!mapping.version1) return mapping;
  if (version === 2) {
    if (organization === null || claimAt(payload, mapping.organizationClaim) !== undefined) return mapping;
    throw new ClaimError(`there is no ${mapping.organizationClaim}`);
  }
  const isVersion1 = (version === undefined || version === 1) && organization === null;
  if (!isVersion1) throw new ClaimError('its version (v) is none that is known');
  return { ...mapping, ...mapping.version1 };
}

function organizationOf(
  payload: unknown,
  mapping: ClaimsMapping,
  { issuer, keepsIds, issuedAt }: ClaimsPolicy & Pick<Times, 'issuedAt'>,
): OrganizationClaims | null {
  const externalId = organizationAt(payload, mapping.organizationClaim);
  if (externalId === undefined) return null;
  const identity = { issuer, externalId };
  const teams = teamsAt(payload, mapping.teamsClaim);
  return {
    identity,
    key: keyOf(identity),
    id: keepsIds && organizationId.test(externalId) ? externalId : idOf('org', identity),
    name: organizationNameAt(payload, mapping.organizationNameClaim),
    role: roleAt(payload, mapping),
    teams: teams && { names: teams, at: new Date(issuedAt) },
  };
}

function profileOf(payload: unknown, mapping: ClaimsMapping): Profile {
  const email = nameAt(payload, mapping.emailClaim);
  const isVerified = [true, 'true'].includes(claimAt(payload, mapping.emailVerifiedClaim) as never);
  const picture = claimAt(payload, mapping.pictureClaim);
  const isUrl = typeof picture === 'string' && picture.length <= longestPicture && /^https:\/\/\S+$/.test(picture);
  return {
    name: nameAt(payload, mapping.nameClaim),
    email: email !== null && isVerified && /^[^\s@]+@[^\s@]+$/.test(email) ? withoutCase(email) : null,
    picture: isUrl ? picture : null,
  };
}

/** In ASCII alone: the lower case of the Kelvin sign is a k, and so an address would become that of somebody else. */
function withoutCase(email: string): string {
  return email.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** RFC 8693: `act` names who acts as the subject. */
function impersonatorOf(payload: Record<string, unknown>, { refusesImpersonation }: ClaimsPolicy): string | null {
  if (payload.act === undefined || payload.act === null) return null;
  const subject = claimAt(payload, 'act.sub');
  if (!isName(subject)) throw invalidSession('TOKEN_CLAIMS');
  if (refusesImpersonation) {
    throw new UnauthenticatedError('Nobody may act as somebody else here', 'TOKEN_IMPERSONATION');
  }
  return subject;
}
