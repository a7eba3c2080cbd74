import type { JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { KeySetError, readKeySet } from './key-set.ts';

const maxBytes = 1_000_000;

/**
 * Fetches the key set (JWKS) at a URL. A user and password in the URL are sent as Basic credentials; no redirect is followed.
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
    const response = await fetch(...requestOf(url, signal));
    if (response.status === 200) return await read(await textOf(response));
    await response.body?.cancel();
    throw new KeySetError(`answered with status ${response.status}`);
  } catch (error) {
    throw error instanceof KeySetError ? error : new KeySetError(faultOf(error, signal));
  }
}

function requestOf(url: string, signal: AbortSignal): Parameters<typeof fetch> {
  const target = new URL(url);
  const { username, password } = target;
  target.username = '';
  target.password = '';
  const headers = new Headers({ accept: 'application/jwk-set+json, application/json', 'user-agent': 'modelgate' });
  if (username !== '' || password !== '') {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    headers.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`);
  }
  return [target, { headers, redirect: 'manual', signal }];
}

/** The body as text; reading stops once it is too large. */
async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new KeySetError(`is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Names a code such as ECONNREFUSED; the messages of errors contain the URL. */
function faultOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'did not answer in time';
  const { cause } = error instanceof Error ? error : {};
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return `cannot be reached${/^[A-Z0-9_]+$/.test(code) ? ` (${code})` : ''}`;
}
