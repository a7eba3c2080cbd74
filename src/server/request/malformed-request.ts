import { type ASTNode, GraphQLError } from 'graphql';

/** A malformed request; the message is the service's own, and quotes no value. */
export class MalformedRequestError extends GraphQLError {}

/** Refuses a malformed request with 400 where its media type asks for a status, as GraphQL over HTTP has it. */
export function malformedRequest(message: string, nodes: readonly ASTNode[] = []): MalformedRequestError {
  return new MalformedRequestError(message, { nodes, extensions: { http: { spec: true, status: 400 } } });
}
