import type { GraphQLError } from 'graphql';
import { createGraph, GraphFailure, type Means, type Pipeline } from './graph.ts';
import { HttpError } from './http-error.ts';
import { createRest } from './rest.ts';

export interface RestOptions extends Omit<Means, 'pipeline' | 'spend'> {
  /** Consumes points from the rate limit of a request's viewer. @throws RateLimitedError */
  spend: (request: Request, ...spending: Parameters<Means['spend']>) => ReturnType<Means['spend']>;
  /** Lets a request in. @throws where its address has spent what it may */
  enter: (request: Request, serverContext: object) => void | Promise<void>;
  /** @throws where something is wrong with the body of a request */
  checkBody: (request: Request) => void;
  parseJson: (text: string) => unknown;
  writeJson: (value: object) => string;
  /** Is told every error that a request met. */
  onError: (request: Request, error: GraphQLError) => void;
  traceIdOf: (request: Request) => string;
}

const rest = createRest();

/** Answers a request below `/v1`, through the graph's pipeline for it. */
export async function answerRest(
  request: Request,
  { pipeline, serverContext }: { pipeline: Pipeline; serverContext: object },
  { enter, checkBody, spend, parseJson, writeJson, onError, traceIdOf, ...means }: RestOptions,
): Promise<Response> {
  const tell = (error: unknown) => {
    const told = means.toClientError(error);
    onError(request, told);
    return told;
  };
  const graph = createGraph({
    ...means,
    pipeline,
    toClientError: tell,
    spend: (...spending) => spend(request, ...spending),
  });
  const tellable = (error: unknown) =>
    error instanceof HttpError || error instanceof GraphFailure ? error : new GraphFailure([tell(error)]);
  return rest.fetch(request, {
    graph,
    tellable,
    parseJson,
    writeJson,
    enter: async () => enter(request, serverContext),
    checkBody: () => checkBody(request),
    traceId: traceIdOf(request),
  });
}
