import { createHmac } from 'node:crypto';
import { ApolloGateway, type GraphQLDataSourceProcessOptions, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { defaultParamsSerializer } from '@graphql-mesh/hmac-upstream-signature';

// Else it reports to its makers.
process.env.APOLLO_TELEMETRY_DISABLED = 'true';

interface GatewayContext {
  authorization?: string | undefined;
}

/** What Modelgate needs of a gateway: the caller's token and, where it has a secret, a signature. */
class ModelgateSource extends RemoteGraphQLDataSource<GatewayContext> {
  private readonly secret: string | undefined;

  constructor(url: string, secret: string | undefined) {
    super({ url });
    this.secret = secret;
  }

  override willSendRequest({ request, context }: GraphQLDataSourceProcessOptions<GatewayContext>): void {
    if (context.authorization) request.http?.headers.set('authorization', context.authorization);
    if (this.secret === undefined) return;
    const { query = '', variables = {} } = request;
    const text = defaultParamsSerializer({ query, variables }) ?? '';
    const signature = createHmac('sha256', this.secret).update(text).digest('base64');
    request.extensions = { ...request.extensions, 'hmac-signature': signature };
  }
}

/** Apollo Gateway before the subgraphs of this supergraph. */
export async function startApolloGateway(supergraphSdl: string, secret?: string) {
  const gateway = new ApolloGateway({
    supergraphSdl,
    buildService: ({ url = '' }) => new ModelgateSource(url, secret),
  });
  const server = new ApolloServer<GatewayContext>({ gateway });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: 0 },
    context: async ({ req }) => ({ authorization: req.headers.authorization }),
  });
  return { url, stop: () => server.stop() };
}
