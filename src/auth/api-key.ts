import type { Signal } from '../database/pool/signal.ts';
import { type ApiKey, apiKeyScopes, findApiKeyByHash } from '../domain/keys/api-key.ts';
import { hashOfApiKeyToken } from '../domain/keys/api-key-token.ts';
import { type ActiveKey, type AuthenticatorOptions, createServiceKeys, validForMs } from './service-key.ts';
import { anonymous, type Viewer } from './viewer.ts';

/** Authenticates services by their API keys. */
export interface ApiKeyAuthenticator {
  /** The viewer from the cache; undefined where the key is not cached, or not active. */
  find: (token: string, now: Date) => Viewer | undefined;
  /** @throws UnauthenticatedError */
  authenticate: (token: string, now: Date, signal?: Signal) => Promise<Viewer>;
}

export function createApiKeyAuthenticator(options: AuthenticatorOptions): ApiKeyAuthenticator {
  const keys = createServiceKeys(options, {
    name: 'API key',
    fault: 'API_KEY',
    hashOf: hashOfApiKeyToken,
    findByHash: findApiKeyByHash,
  });
  return {
    find: (token, now) => {
      const found = keys.find(token, now);
      return found && viewerOf(found, now);
    },
    authenticate: async (token, now, signal) => viewerOf(await keys.read(token, now, signal), now),
  };
}

function viewerOf({ key, tag }: ActiveKey<ApiKey>, now: Date): Viewer {
  const { id, organizationId, scopes } = key;
  return {
    ...anonymous,
    kind: 'SERVICE',
    validForMs: validForMs(key, now),
    service: {
      key: 'API',
      keyId: id,
      organizationIds: [organizationId],
      scopes: apiKeyScopes.filter((scope) => scopes.includes(scope)),
    },
    tag,
    key: id,
  };
}
