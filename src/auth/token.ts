import { errors, type JWTVerifyOptions } from 'jose';
import { z } from 'zod';
import { checkJson } from '../domain/input/strict-json.ts';
import { UserId } from '../domain/organizations/user.ts';
import { ServiceUnavailableError, UnauthenticatedError } from '../errors/base.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import { invalidSession, toSessionError } from './session-error.ts';
import { verifyJwt } from './verify-jwt.ts';
import type { Role } from './viewer.ts';

/** The claims of a verified token: the user, its expiry and, where the token names one, the one organization and role. */
export interface Claims {
  userId: string;
  /** Until when the token is valid, in ms since the epoch; the clock tolerance is included. */
  validUntil: number;
  organization: { id: string; role: Role } | null;
}

/** The issuer whose tokens are accepted, with its keys. `renew` and `status` are absent where the keys are not fetched. */
export interface TrustedIssuer extends Pick<IssuerKeys, 'keys'>, Partial<Pick<IssuerKeys, 'renew' | 'status'>> {
  issuer: string;
  /** Not checked where absent. */
  audience?: string | undefined;
}

/** Asymmetric signature algorithms. Those with a shared secret (HS256) are never accepted. */
const algorithms = [
  'EdDSA',
  'Ed25519',
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
];

/** How far, in s, the issuer's clock may differ from ours. */
const clockTolerance = 5;

const OrganizationId = z.string().regex(/^org_[\w-]{1,120}$/);

/** Longer tokens are refused before they are parsed. Those of common issuers have less than half of it. */
const maxTokenLength = 16_384;

/** The latest time that a JavaScript Date can hold, in s. */
const lastMoment = 8.64e12;

const Session = z.object({ exp: z.number().max(lastMoment), sts: z.string().optional(), v: z.unknown().optional() });

// Clerk's session tokens name the organization in `o` (version 2, which says `v: 2`) or in `org_id` (version 1).
const Version2 = z.object({ o: z.object({ id: OrganizationId, rol: z.string().nullish() }).nullish() });
const Version1 = z.object({ org_id: OrganizationId.nullish(), org_role: z.string().nullish() });

/**
 * Verifies a token and answers its claims. Null for a session that is still pending, which counts as anonymous.
 *
 * @throws UnauthenticatedError for an invalid token, ServiceUnavailableError where the issuer's keys are unavailable
 */
export async function verifyToken(trusted: TrustedIssuer, token: string): Promise<Claims | null> {
  if (token.length > maxTokenLength) throw invalidSession('TOKEN_TOO_LONG');
  const { issuer, audience } = trusted;
  const payload = await verify(token, trusted, {
    issuer,
    ...(audience === undefined ? {} : { audience }),
    algorithms,
    requiredClaims: ['exp', 'sub'],
    clockTolerance,
  });
  if (!isUnambiguous(token)) throw invalidSession('TOKEN_MALFORMED');
  const session = Session.safeParse(payload);
  if (!session.success) throw invalidSession('TOKEN_CLAIMS');
  const subject = UserId.safeParse(payload.sub);
  if (!subject.success)
    throw new UnauthenticatedError('The token does not name a user (usr_… or user_…)', 'TOKEN_SUBJECT');

  const { exp, sts, v } = session.data;
  if (sts === 'pending') return null;

  const validUntil = (exp + clockTolerance) * 1000;
  return { userId: subject.data, validUntil, organization: organizationOf(payload, v === 2) };
}

/** Whether no object of the token has a duplicate name: parsers differ in which of the values they take. */
function isUnambiguous(token: string): boolean {
  const [header = '', payload = ''] = token.split('.', 2);
  try {
    for (const part of [header, payload]) checkJson(Buffer.from(part, 'base64url').toString());
    return true;
  } catch {
    return false;
  }
}

async function verify(token: string, { keys, renew, status }: TrustedIssuer, options: JWTVerifyOptions) {
  try {
    return await verifyJwt(token, keys, options).catch(async (error: unknown) => {
      if (mayBeOfNewKey(error) && (await renew?.())) return verifyJwt(token, keys, options);
      throw error;
    });
  } catch (error) {
    // While the issuer is unreachable, a key that is not cached may still be a new one of the issuer.
    const isUndecided = error instanceof errors.JWKSNoMatchingKey && status?.() != null;
    if (error instanceof errors.JOSEError && !isUndecided) throw toSessionError(error, options);
    throw error instanceof ServiceUnavailableError ? error : new ServiceUnavailableError(error);
  }
}

function mayBeOfNewKey(error: unknown): boolean {
  return error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed;
}

/** The organization that the token names. Claims of version 1 are ignored in a token of version 2. */
function organizationOf(payload: unknown, isVersion2: boolean): Claims['organization'] {
  const claims = isVersion2
    ? Version2.transform(({ o }) => ({ id: o?.id, role: o?.rol })).safeParse(payload)
    : Version1.transform(({ org_id, org_role }) => ({ id: org_id, role: org_role })).safeParse(payload);
  if (!claims.success)
    throw new UnauthenticatedError('The token does not name its organization as we do (org_…)', 'TOKEN_ORGANIZATION');

  const { id, role } = claims.data;
  return id ? { id, role: roleOf(role) } : null;
}

/** `admin` and `org:admin` are the same role; an unknown role is MEMBER. */
function roleOf(role: string | null | undefined): Role {
  switch (role?.replace(/^org:/, '')) {
    case 'owner':
      return 'OWNER';
    case 'admin':
      return 'ADMIN';
    default:
      return 'MEMBER';
  }
}
