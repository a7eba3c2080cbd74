import { errors, type JWTVerifyOptions } from 'jose';
import { type CredentialFault, type Mismatch, UnauthenticatedError } from '../errors/base.ts';

/** The error for an invalid token: the client sees this message alone, the log also the reason. */
export function invalidSession(reason: CredentialFault, mismatch?: Mismatch): UnauthenticatedError {
  return new UnauthenticatedError('Your session is invalid', reason, mismatch);
}

/** The error for a token that names none of several issuers. */
export function issuerUnknown(said: unknown, issuers: readonly { issuer: string }[]): UnauthenticatedError {
  const expected = issuers.map(({ issuer }) => issuer).join(' ');
  return invalidSession('TOKEN_ISSUER', { said: shown(said), expected: shown(expected) });
}

/** The error for a token that jose refused, with the check that failed as its reason. */
export function toSessionError(error: errors.JOSEError, expected: JWTVerifyOptions): UnauthenticatedError {
  if (error instanceof errors.JWTExpired) return new UnauthenticatedError('Your session has expired', 'TOKEN_EXPIRED');
  if (error instanceof errors.JWTClaimValidationFailed) {
    // An `nbf` that is no number is a malformed claim, not a token that is not yet valid.
    const isNoTime = error.claim === 'nbf' && error.reason === 'invalid';
    const fault = isNoTime ? undefined : claimFaults.get(error.claim);
    return invalidSession(fault ?? 'TOKEN_CLAIMS', mismatchOf(error, expected));
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return invalidSession('TOKEN_SIGNATURE');
  if (error instanceof errors.JWKSNoMatchingKey) return invalidSession('TOKEN_KEY_UNKNOWN');
  if (error instanceof errors.JOSEAlgNotAllowed) return invalidSession('TOKEN_ALGORITHM');
  return invalidSession('TOKEN_MALFORMED');
}

const claimFaults = new Map<string, CredentialFault>([
  ['iss', 'TOKEN_ISSUER'],
  ['aud', 'TOKEN_AUDIENCE'],
  ['nbf', 'TOKEN_NOT_YET_VALID'],
  ['sub', 'TOKEN_SUBJECT'],
]);

/** Both values for the log: the most common fault, a trailing slash in only one of them, shows only side by side. */
function mismatchOf(
  { claim, payload }: errors.JWTClaimValidationFailed,
  { issuer, audience }: JWTVerifyOptions,
): Mismatch | undefined {
  const expected = { iss: issuer, aud: audience }[claim];
  return expected === undefined ? undefined : { said: shown(payload[claim]), expected: shown(expected) };
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.slice(0, 200);
}
