import {
  createRemoteJwksSigningKeyProvider,
  defaultExecutionRequestSerializer,
  defineConfig,
} from '@graphql-hive/gateway';

const secret = process.env.SUBGRAPH_HMAC_SECRET ?? '';

export const gatewayConfig = defineConfig({
  // Verifies tokens itself, and forwards what they say as `extensions.jwt.payload`.
  jwt: {
    signingKeyProviders: [createRemoteJwksSigningKeyProvider({ jwksUri: process.env.AUTH_JWKS_URL ?? '' })],
    tokenVerification: { issuer: process.env.AUTH_ISSUER ?? '', algorithms: ['RS256', 'ES256'] },
    reject: { missingToken: false, invalidToken: true },
  },
  hmacSignature: {
    secret,
    // The default signs the query and its variables alone. Only what this gateway has verified is added: never `extensions`.
    serializeExecutionRequest: (request) => {
      const text = defaultExecutionRequestSerializer(request) ?? '';
      const payload: unknown = request.context?.jwt?.payload;
      return payload ? `${text}\n${JSON.stringify({ payload })}` : text;
    },
  },
});
