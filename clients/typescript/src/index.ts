// What `@modelgate/client` exports: a typed document for each operation of the graph, and what goes with them. It loads
// nothing: graphql is needed for its types alone.
export { type Client, type ClientOptions, createClient, type RequestOptions } from './create-client.ts';
export { idOf, textOf } from './document.ts';
export * from './generated/documents.ts';
export { possibleTypes } from './generated/possible-types.ts';
export type * from './generated/types.ts';
export { type GraphQLFault, RequestError } from './request-error.ts';
export { isModelgateError, type ModelgateErrorOf } from './results.ts';
