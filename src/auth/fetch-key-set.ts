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
  return fetchText(url, signal, readKeySet);
}

const Discovered = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

/**
 * The URL of an issuer's key set, by OpenID Connect discovery. The document must name this very issuer.
 *
 * @throws KeySetError
 */
export async function discoverKeySet(issuer: string, signal: AbortSignal): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  return fetchText(url, signal, (text) => {
    const { data } = Discovered.safeParse(toJson(text));
    if (data?.issuer !== issuer) throw new KeySetError('has no discovery document of this issuer');
    return data.jwks_uri;
  });
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function fetchText<Read>(url: string, signal: AbortSignal, read: (text: string) => Read | Promise<Read>) {
  try {
    return await read(await fetchDocument(url, 'application/jwk-set+json, application/json', signal));
  } catch (error) {
    throw error instanceof FetchError ? new KeySetError(error.message) : error;
  }
}
