import type { Plugin } from 'graphql-yoga';
import type { JSONWebKeySet, JWK } from 'jose';
import type { TrustedIssuer } from '../../auth/token.ts';
import type { SigningKey } from '../../domain/checkpoints/signing-key.ts';
import { useRoutes } from './use-routes.ts';

interface ServiceRoutesOptions {
  /** A sentence that says what is missing; null where the service is ready. */
  readiness: () => Promise<string | null>;
  issuers: readonly TrustedIssuer[];
  /** Public keys, where the service is its own issuer or signs snapshots. */
  jwks: JSONWebKeySet | undefined;
}

/** What operators and token verifiers ask of the service itself: its health, whether it is ready, its public keys. */
export function useServiceRoutes({ readiness, issuers, jwks }: ServiceRoutesOptions): Plugin {
  return useRoutes({
    '/health': () => Response.json({ status: 'ok' }),
    '/ready': async () => {
      const missing = await readiness();
      if (missing !== null) return Response.json({ status: 'unavailable', reason: missing }, { status: 503 });
      const troubled = issuers.flatMap(({ issuer, status }) => {
        const keys = status?.();
        return keys ? [{ issuer, ...keys }] : [];
      });
      return Response.json({ status: 'ready', ...(troubled.length > 0 ? { issuers: troubled } : {}) });
    },
    ...(jwks ? { '/.well-known/jwks.json': () => Response.json(jwks) } : {}),
  });
}

/** Public keys with that of the key that signs snapshots; undefined where there is none. */
export function withSigningKey(
  jwks: JSONWebKeySet | undefined,
  signingKey: SigningKey | undefined,
): JSONWebKeySet | undefined {
  if (!signingKey) return jwks;
  const { kid, alg, key } = signingKey.publicKey;
  const others = (jwks?.keys ?? []).filter((other) => other.kid !== kid);
  return { keys: [...others, { ...(key.export({ format: 'jwk' }) as JWK), kid, alg, use: 'sig' }] };
}
