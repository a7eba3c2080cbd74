import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { FetchError, fetchDocument } from './fetch-document.ts';
import { KeySetError, readKeySet } from './key-set.ts';

/**
 * Fetches the key set (JWKS) at a URL, as `fetchDocument` does.
 *
 * @throws KeySetError, which contains nothing of the URL
 */
export async function fetchKeySet(url: string, signal: AbortSignal): Promise<JWTVerifyGetKey> {
  return fetchText(url, signal, { read: readKeySet, toError: (fault) => new KeySetError(fault) });
}

const Discovered = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/**
 * The URL of an issuer's key set, by OpenID Connect discovery. The document must name this very issuer.
 *
 * @throws KeySetError
 */
export async function discoverKeySet(issuer: string, signal: AbortSignal): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const read = (text: string) => {
    const { data } = Discovered.safeParse(toJson(text));
    if (!data) throw discoveryError('has no issuer and jwks_uri');
    if (data.issuer === issuer) return data.jwks_uri;
    throw discoveryError(`names ${data.issuer.slice(0, 200)}, and not ${issuer}: set the issuer to the letter`);
  };
  const toError = (fault: string) =>
    discoveryError(`${fault}; where there is none, say where the keys are (AUTH_JWKS_URL, or jwksUrl)`);
  return fetchText(url, signal, { read, toError });
}

function discoveryError(fault: string): KeySetError {
  return new KeySetError(fault, 'discovery document');
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Reading<Read> {
  read: (text: string) => Read | Promise<Read>;
  toError: (fault: string) => KeySetError;
}

async function fetchText<Read>(url: string, signal: AbortSignal, { read, toError }: Reading<Read>): Promise<Read> {
  try {
    return await read(await fetchDocument(url, 'application/jwk-set+json, application/json', signal));
  } catch (error) {
    throw error instanceof FetchError ? toError(error.message) : error;
  }
}
