import { type ASTNode, GraphQLError } from 'graphql';

/** A request that does not fit; its message is the service's own, and quotes no value. */
export class MalformedRequestError extends GraphQLError {}

/** A request that does not fit, refused with 400 where its media type asks for a status, as GraphQL over HTTP has it. */
export function malformedRequest(message: string, nodes: readonly ASTNode[] = []): MalformedRequestError {
  return new MalformedRequestError(message, { nodes, extensions: { http: { spec: true, status: 400 } } });
}
