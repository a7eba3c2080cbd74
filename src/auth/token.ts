import {
  decodeJwt,
  errors,
  type JWTClaimVerificationOptions,
  type JWTPayload,
  type JWTVerifyOptions,
  UnsecuredJWT,
} from 'jose';
import { z } from 'zod';
import { checkJson } from '../domain/input/strict-json.ts';
import { ServiceUnavailableError } from '../errors/base.ts';
import { type Claims, type ClaimsPolicy, claimsOf } from './claims.ts';
import type { IssuerKeys } from './issuer-keys.ts';
import { invalidSession, issuerUnknown, toSessionError } from './session-error.ts';
import { verifyJwt } from './verify-jwt.ts';

/**
 * An issuer whose tokens are accepted, with its keys, and how its claims are read. `renew` and `status` are absent where the keys
 * are not fetched.
 */
export interface TrustedIssuer
  extends ClaimsPolicy,
    Pick<IssuerKeys, 'keys'>,
    Partial<Pick<IssuerKeys, 'renew' | 'status'>> {
  /** Not checked where absent. */
  audience?: string | string[] | undefined;
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

/** Longer tokens are refused before they are parsed. Those of common issuers have less than half of it. */
const maxTokenLength = 16_384;

/** The latest time that a JavaScript Date can hold, in s. */
const lastMoment = 8.64e12;

const moment = z.number().min(0).max(lastMoment);

const Session = z.object({ exp: moment, iat: moment.optional(), sts: z.string().optional() });

/**
 * Verifies a token and answers its claims. Null for a session that is still pending, which counts as anonymous.
 *
 * @throws UnauthenticatedError for an invalid token, ServiceUnavailableError where the issuer's keys are unavailable
 */
export async function verifyToken(issuers: readonly TrustedIssuer[], token: string): Promise<Claims | null> {
  if (token.length > maxTokenLength) throw invalidSession('TOKEN_TOO_LONG');
  if (!isUnambiguous(token)) throw invalidSession('TOKEN_MALFORMED');
  const trusted = issuerOf(issuers, () => decode(token));
  const payload = await verify(token, trusted, { ...claimChecks(trusted), algorithms });
  return readClaims(payload, trusted);
}

/**
 * The claims of a token that a trusted gateway has verified: its issuer, audience and times are checked as those of any token. The
 * caller must know that the gateway sent them.
 *
 * @throws UnauthenticatedError for claims that are refused in a token too
 */
export function readForwardedClaims(issuers: readonly TrustedIssuer[], payload: JWTPayload): Claims | null {
  const encoded = new UnsecuredJWT(payload).encode();
  if (encoded.length > maxTokenLength) throw invalidSession('TOKEN_TOO_LONG');
  const trusted = issuerOf(issuers, () => payload);
  const checks = claimChecks(trusted);
  try {
    return readClaims(UnsecuredJWT.decode(encoded, checks).payload, trusted);
  } catch (error) {
    throw error instanceof errors.JOSEError ? toSessionError(error, checks) : error;
  }
}

function claimChecks({ issuer, audience }: TrustedIssuer): JWTClaimVerificationOptions {
  return {
    issuer,
    ...(audience === undefined ? {} : { audience }),
    requiredClaims: ['exp', 'sub'],
    clockTolerance,
  };
}

function readClaims(payload: JWTPayload, trusted: TrustedIssuer): Claims | null {
  const session = Session.safeParse(payload);
  if (!session.success) throw invalidSession('TOKEN_CLAIMS');

  const { exp, iat = exp, sts } = session.data;
  if (sts === 'pending') return null;
  return claimsOf(payload, { issuedAt: iat * 1000, validUntil: (exp + clockTolerance) * 1000 }, trusted);
}

/** The issuer that the token names, before anything of it is verified: its keys and its rules are used, and no other's. */
function issuerOf(issuers: readonly TrustedIssuer[], read: () => JWTPayload): TrustedIssuer {
  const [first, ...others] = issuers;
  // Where there is one alone, all that is wrong with a token is told in the order in which it is checked.
  if (first && others.length === 0) return first;
  const { iss } = read();
  const named = issuers.find(({ issuer }) => issuer === iss);
  if (!named) throw issuerUnknown(iss, issuers);
  return named;
}

function decode(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch {
    throw invalidSession('TOKEN_MALFORMED');
  }
}

/** Whether no object of the token has a duplicate name, of which parsers take one or the other, or is nested too deeply to be logged. */
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
