import { composeServices as composeAsApollo } from '@apollo/composition';
import { composeServices as composeAsHive } from '@theguild/federation-composition';
import { federateSubgraphs, LATEST_ROUTER_COMPATIBILITY_VERSION } from '@wundergraph/composition';
import { parse, printSchema } from 'graphql';

/** One part of a supergraph: what it is called, where it answers, and its schema. */
export interface Subgraph {
  name: string;
  url: string;
  sdl: string;
}

/** What came of a composition: faults, or else the schema that clients of the supergraph see. */
interface Composition {
  errors: string[];
  publicSdl?: string | undefined;
}

const documentsOf = (subgraphs: readonly Subgraph[]) =>
  subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));

/** Every composer, by the name of its package. */
export const composers: Record<string, (subgraphs: readonly Subgraph[]) => Composition> = {
  '@apollo/composition': (subgraphs) => {
    const { errors = [], schema } = composeAsApollo(documentsOf(subgraphs));
    return { errors: errors.map(String), publicSdl: schema && printSchema(schema.toAPISchema().toGraphQLJSSchema()) };
  },
  '@theguild/federation-composition': (subgraphs) => {
    const { errors = [], publicSdl } = composeAsHive(documentsOf(subgraphs));
    return { errors: errors.map(String), publicSdl };
  },
  '@wundergraph/composition': (subgraphs) => {
    const result = federateSubgraphs({
      subgraphs: documentsOf(subgraphs).map(({ typeDefs, ...subgraph }) => ({ ...subgraph, definitions: typeDefs })),
      version: LATEST_ROUTER_COMPATIBILITY_VERSION,
    });
    return result.success
      ? { errors: [], publicSdl: printSchema(result.federatedGraphClientSchema) }
      : { errors: result.errors.map(String) };
  },
};
