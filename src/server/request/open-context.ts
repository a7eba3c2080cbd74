import { ServerResponse } from 'node:http';
import type { GraphQLParams } from 'graphql-yoga';
import { type Credentials, credentialsOf } from '../../auth/credentials.ts';
import type { Sessions } from '../../auth/session.ts';
import { type Viewer, viewerIdOf } from '../../auth/viewer.ts';
import { type ClientConnection, type Context, createContext, type Services } from '../../context.ts';
import type { RefusalCounter } from '../../domain/refusals/refusal-counter.ts';
import { withDeadline } from './deadline.ts';
import { pathOf } from './fast-request.ts';
import { recordDecision, recordError, recordOf, recordRefusal } from './request-record.ts';

interface Opening {
  sessions: Sessions;
  clock: () => Date;
  /** What all contexts share. */
  services: Services;
  /** The payload of a token that a gateway has verified, where a call has one. @throws UnauthenticatedError */
  forwardedPayload: (params: GraphQLParams) => Record<string, unknown> | undefined;
  /** Whether decisions are recorded, for metrics. */
  recordsDecisions: boolean;
  refusals: RefusalCounter;
}

/** For what a context is created. */
interface Opened {
  request: Request;
  params: GraphQLParams;
  /** Credentials, where a protocol has them elsewhere than others do; what is absent is looked for. */
  credentials?: Partial<Credentials>;
  /** Node's response, to end a connection before its answer is whole. */
  res?: unknown;
}

/**
 * The client's connection. A class, since its getters are shared: V8 makes an object literal with a getter a hidden class of its
 * own, which lives until the next full garbage collection, and keeps all that belongs to the request alive with it.
 */
class Connection implements ClientConnection {
  readonly #request: Request;
  readonly #response: unknown;

  constructor(request: Request, response: unknown) {
    this.#request = request;
    this.#response = response;
  }

  /** Created on first use, and few requests use it. */
  get signal(): AbortSignal {
    return this.#request.signal;
  }

  get lastEventId(): string | null {
    return this.#request.headers.get('last-event-id');
  }

  disconnect(): void {
    if (this.#response instanceof ServerResponse) this.#response.destroy();
  }
}

/** Authenticates a caller, and creates its context: synchronously where the session is cached. @throws UnauthenticatedError */
export type OpenContext = (of: Opened) => Context | Promise<Context>;

export function contextOpener(opening: Opening): OpenContext {
  const { sessions, clock, services, forwardedPayload, recordsDecisions, refusals } = opening;
  return ({ request, params, res, credentials: given }) => {
    const now = clock();
    const open = (viewer: Viewer) => {
      const record = recordOf(request);
      record.viewerId = viewerIdOf(viewer);
      const context = createContext(services, {
        viewer,
        request,
        params,
        connection: new Connection(request, res),
        now,
        onTypedError: (error) => recordError(record, error.code, error),
        onDecision: recordsDecisions ? (access) => recordDecision(record, access) : undefined,
        onRefusal: (refusal) => {
          recordRefusal(record, refusal);
          refusals.count([refusal], now);
        },
        actIn: (organizationId, signal) => sessions.actIn(viewer, organizationId, signal),
      });
      record.context = context;
      record.span?.own(context.signal);
      return context;
    };
    const own = credentialsOf(pathOf(request), request.headers);
    const credentials = given ? { ...own, ...given } : own;
    const deadline = { limitMs: services.limits.executionMs, client: request.signal };
    // A token of the request's own is verified here, and wins.
    const payload = credentials.authorization === null ? forwardedPayload(params) : undefined;
    if (payload)
      return withDeadline(deadline, (signal) => {
        recordOf(request).span?.own(signal);
        return sessions.authenticateForwarded(payload, now, signal);
      }).then(open);

    const known = sessions.find(credentials, now);
    if (known) return open(known);
    return withDeadline(deadline, (signal) => {
      recordOf(request).span?.own(signal);
      return sessions.authenticate(credentials, now, signal);
    }).then(open);
  };
}
