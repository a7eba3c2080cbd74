import { type ASTNode, GraphQLError } from 'graphql';

/** A request that does not fit, refused with 400 where its media type asks for a status, as GraphQL over HTTP has it. */
export function malformedRequest(message: string, nodes: readonly ASTNode[] = []): GraphQLError {
  return new GraphQLError(message, { nodes, extensions: { http: { spec: true, status: 400 } } });
}
