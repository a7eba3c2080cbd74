import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

/** What the tests change while it runs. */
interface Settings {
  /** How long access tokens and ID tokens are valid, in s. */
  tokenSeconds: number;
  /** Whether refresh tokens are given to clients that ask for `offline_access`. */
  refreshes: boolean;
  /** Whether its pages cut themselves off from the window that opened them, as those of many issuers do. */
  isolates: boolean;
}

export const clientId = 'modelgate-pages';
export const resource = 'https://modelgate.test';

/**
 * A real provider of OpenID Connect at a port of this machine: any login is a user, who is asked for consent once. The client is
 * a public one, which needs PKCE; access tokens for `resource` are JWTs, others are opaque.
 */
export async function startIdentityProvider({ redirectUris }: { redirectUris: readonly string[] }) {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  let answer: RequestListener = () => {};
  const settings: Settings = { tokenSeconds: 600, refreshes: true, isolates: false };
  const server = createServer((request, response) => {
    if (settings.isolates) response.setHeader('cross-origin-opener-policy', 'same-origin');
    answer(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  /** The grants that the token endpoint was asked for. */
  const grants: string[] = [];

  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        token_endpoint_auth_method: 'none',
        redirect_uris: redirectUris,
        response_types: ['code'],
        grant_types: ['authorization_code', 'refresh_token'],
        scope: 'openid profile email offline_access',
        id_token_signed_response_alg: 'ES256',
      },
    ],
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'ES256', kid: 'provider', use: 'sig' }] },
    cookies: { keys: ['not a secret, in a test'] },
    scopes: ['openid', 'profile', 'email', 'offline_access'],
    claims: { openid: ['sub'], profile: ['name'], email: ['email'] },
    // In the ID token, as most issuers do.
    conformIdTokenClaims: false,
    findAccount: (_context: unknown, accountId: string) => ({
      accountId,
      claims: () => ({ sub: accountId, name: nameOf(accountId), email: `${accountId}@example.com` }),
    }),
    extraTokenClaims: (_context: unknown, { accountId }: { accountId: string }) => ({ name: nameOf(accountId) }),
    clientBasedCORS: () => true,
    rotateRefreshToken: true,
    issueRefreshToken: (_context: unknown, _client: unknown, { scopes }: { scopes: ReadonlySet<string> }) =>
      settings.refreshes && scopes.has('offline_access'),
    ttl: { AccessToken: () => settings.tokenSeconds, IdToken: () => settings.tokenSeconds },
    features: {
      devInteractions: { enabled: true },
      revocation: { enabled: true },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        getResourceServerInfo: () => ({
          scope: 'openid profile email offline_access',
          audience: resource,
          accessTokenFormat: 'jwt',
          accessTokenTTL: settings.tokenSeconds,
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  });
  provider.on('grant.success', (...[context]) => {
    grants.push((context as { oidc: { params: { grant_type: string } } }).oidc.params.grant_type);
  });
  answer = provider.callback();
  return {
    issuer,
    jwksUrl: `${issuer}/jwks`,
    settings,
    grants,
    close: () => void server.close().closeAllConnections(),
  };
}

const nameOf = (login: string) => `${login.charAt(0).toUpperCase()}${login.slice(1)} of the provider`;
