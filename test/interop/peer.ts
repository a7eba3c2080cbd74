import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';

type SubgraphOptions = Extract<Parameters<typeof buildSubgraphSchema>[0], { resolvers?: unknown }>;
/** By type and field. */
type Resolvers = NonNullable<SubgraphOptions['resolvers']>;

/** Another subgraph, as it is composed and where it answers. */
export interface Peer {
  name: string;
  url: string;
  sdl: string;
  stop: () => Promise<void>;
}

/** Starts another subgraph. Port 0 is any that is free. */
export async function startPeer(name: string, sdl: string, resolvers: Resolvers, port = 0): Promise<Peer> {
  const server = new ApolloServer({
    plugins: [ApolloServerPluginInlineTraceDisabled()],
    schema: buildSubgraphSchema({ typeDefs: parse(sdl), resolvers }),
  });
  const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port } });
  return { name, url, sdl, stop: () => server.stop() };
}
