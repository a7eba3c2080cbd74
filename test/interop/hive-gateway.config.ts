import { defineConfig } from '@graphql-hive/gateway';

const secret = process.env.SUBGRAPH_HMAC_SECRET;

export const gatewayConfig = defineConfig({
  // Modelgate decides by who asks.
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => {
      const authorization = request.headers.get('authorization');
      return authorization === null ? {} : { authorization };
    },
  },
  ...(secret ? { hmacSignature: { secret } } : {}),
});
