import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { Context } from '../context.ts';
import type { SigningKey } from '../domain/checkpoints/signing-key.ts';
import type { Outcome } from '../domain/idempotency/idempotency.ts';
import type { SnapshotHub } from '../domain/snapshots/snapshot-hub.ts';
import type { EventSink } from '../domain/snapshots/stream-registry.ts';
import type { Limits } from '../limits.ts';

/** The auth scopes of the graph that routes name. */
export type Permission =
  | 'readOrganization'
  | 'readRevisions'
  | 'readSubjects'
  | 'updateModelSettings'
  | 'writeOwnConfigs'
  | 'writesConfig'
  | 'manageProviderKeys'
  | 'managesProviderKey'
  | 'usesProviderKey'
  | 'recordUsage';

/** An idempotent request: its key, and all that is asked. The same key must not ask for something else. */
export interface Attempt {
  key: string;
  asked: string;
}

/** What the routes have of the server. */
export interface RestOptions {
  /** Lets a request in. @throws RateLimitedError where its address has spent what it may */
  enter: (request: Request, serverContext: object) => void | Promise<void>;
  /** Authenticates the caller, and creates the context of its operations. @throws UnauthenticatedError */
  openContext: (request: Request, serverContext: object) => Context | Promise<Context>;
  /** Executes an operation as one of the graph. It is not validated: our own documents are known to be valid. */
  execute: (
    args: Pick<ExecutionArgs, 'document' | 'variableValues'> & { contextValue: Context },
  ) => ExecutionResult | Promise<ExecutionResult>;
  /** Reads in a new context of the same viewer, which is of this moment; its statements end with the client, or at the deadline. */
  read: <Part>(context: Context, work: (fresh: Context) => Promise<Part>) => Promise<Part>;
  /** Consumes points from the rate limit of a request's viewer. @throws RateLimitedError */
  spend: (request: Request, viewer: Context['viewer'], points: number) => void | Promise<void>;
  /** @throws UserError that says why not */
  authorize: (context: Context, permission: Permission, id: string) => unknown;
  /** @throws where something is wrong with the body of a request */
  checkBody: (request: Request) => void;
  /** Does the work of an idempotent request once. */
  answerOnce: <Answer>(
    request: Request,
    context: Context,
    attempt: Attempt,
    work: (context: Context) => Promise<Outcome<Answer>>,
  ) => Promise<Answer>;
  /** Masks what a client may not see. */
  toClientError: (error: unknown) => GraphQLError;
  /** Called with every error that a request meets. */
  onError: (request: Request, error: GraphQLError) => void;
  /** Called with the path of the route that answers a request: `/v1/model-configs/{id}`. */
  onRoute: (request: Request, route: string) => void;
  /** How the page at `/v1/docs` signs its user in: a module, and directives of its content security policy. Absent: not. */
  signIn: { script: () => Promise<string>; policy: () => Promise<string> } | undefined;
  /** Reads JSON, strictly. @throws where it is none */
  parseJson: (text: string) => unknown;
  /** Writes JSON, of which the graph has some as text. */
  writeJson: (value: object) => string;
  /** Follows the snapshots of organizations. */
  snapshotHub: SnapshotHub;
  /** Signs snapshots; undefined: they are not signed. */
  signingKey: SigningKey | undefined;
  /** An answer of events: `start` gets what they are written to, and answers what is called once the client is gone. */
  streamEvents: (start: (sink: EventSink) => () => void) => Response;
  /** What the document says of the lengths of lists. */
  limits: Limits;
  /** The trace id of a request, which its errors have. */
  traceIdOf: (request: Request) => string;
}
