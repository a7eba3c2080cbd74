import type { GraphQLError } from 'graphql';
import type { Plugin, YogaServer } from 'graphql-yoga';
import { type AnswerOnce, createGraph, GraphFailure, type Pipeline } from './graph.ts';
import { Refusal } from './refusal.ts';
import { createRest } from './rest.ts';

interface RestOptions {
  /** Lets a request in. @throws where its address has spent what it may */
  enter: (request: Request, serverContext: object) => Promise<void>;
  /** The request, with a body that is no longer than it may be. @throws where it is longer */
  bounded: (request: Request, serverContext: object) => Request | Promise<Request>;
  answerOnce: AnswerOnce;
  toClientError: (error: unknown) => GraphQLError;
  parseJson: (text: string) => unknown;
  /** Is told every error that a request met. */
  onError: (request: Request, error: GraphQLError) => void;
  traceIdOf: (request: Request) => string;
}

/** Answers everything below `/v1`, beside the graph, and through it. */
export function useRest({
  enter,
  bounded,
  answerOnce,
  toClientError,
  parseJson,
  onError,
  traceIdOf,
}: RestOptions): Plugin {
  const rest = createRest();
  // biome-ignore lint/suspicious/noExplicitAny: what Yoga's own hook says.
  let yoga: YogaServer<any, any> | undefined;
  return {
    onYogaInit: (payload) => {
      yoga = payload.yoga;
    },
    async onRequest({ request, url, serverContext, endResponse }) {
      if (!url.pathname.startsWith('/v1/')) return;

      const pipeline = yoga?.getEnveloped({ ...serverContext, request, params: {} }) as unknown as Pipeline;
      const tell = (error: unknown) => {
        const told = toClientError(error);
        onError(request, told);
        return told;
      };
      const graph = createGraph({ pipeline, toClientError: tell, answerOnce });
      const tellable = (error: unknown) =>
        error instanceof Refusal || error instanceof GraphFailure ? error : new GraphFailure([tell(error)]);
      const bindings = {
        graph,
        tellable,
        parseJson,
        enter: () => enter(request, serverContext),
        bound: () => bounded(request, serverContext),
        traceId: traceIdOf(request),
      };
      endResponse(await rest.fetch(request, bindings));
    },
  };
}
