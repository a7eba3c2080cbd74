import { errors, type JWTVerifyOptions } from 'jose';
import { type CredentialFault, type Mismatch, UnauthenticatedError } from '../errors/base.ts';

/** A client is told no more than this of a token that does not hold. */
export function invalidSession(reason: CredentialFault, mismatch?: Mismatch): UnauthenticatedError {
  return new UnauthenticatedError('Your session is invalid', reason, mismatch);
}

/** The refusal of a token, with the check that it did not pass. */
export function toSessionError(error: errors.JOSEError, expected: JWTVerifyOptions): UnauthenticatedError {
  if (error instanceof errors.JWTExpired) return new UnauthenticatedError('Your session has expired', 'TOKEN_EXPIRED');
  if (error instanceof errors.JWTClaimValidationFailed) {
    // What is no time is neither early nor late.
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

/** That one has a slash at its end and the other has not is the commonest mistake of all, and seen only side by side. */
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
