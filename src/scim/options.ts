import type { GraphQLError } from 'graphql';
import type { Tags } from '../cache/tags.ts';
import type { Database } from '../database/pool/client.ts';
import type { Signal } from '../database/pool/signal.ts';
import type { Limits } from '../limits.ts';

/** What SCIM has of the server. */
export interface ScimOptions {
  db: Database;
  /** Invalidate cached values. */
  tags: Tags;
  limits: Limits;
  /** Issuers whose tokens are accepted, and whether users of one keep ids of ours. */
  issuers: readonly { issuer: string; keepsIds?: boolean | undefined }[];
  clock: () => Date;
  /** Lets a request in. @throws RateLimitedError where its address has spent what it may */
  enter: (request: Request, serverContext: object) => void | Promise<void>;
  /** Consumes points of a SCIM token, which is recorded as the caller. @throws RateLimitedError */
  spend: (request: Request, tokenId: string, points: number) => void | Promise<void>;
  /** Runs work with the deadline of a request. */
  withDeadline: <Result>(request: Request, work: (signal: Signal) => Promise<Result>) => Promise<Result>;
  /** @throws where something is wrong with the body of a request */
  checkBody: (request: Request) => void;
  /** Reads JSON, strictly. @throws where it is none */
  parseJson: (text: string) => unknown;
  /** Masks what a client may not see. */
  toClientError: (error: unknown) => GraphQLError;
  /** Called with every error that a request meets. */
  onError: (request: Request, error: GraphQLError) => void;
  /** Called with the path of the route that answers a request: `/v1/model-configs/{id}`. */
  onRoute: (request: Request, route: string) => void;
}
