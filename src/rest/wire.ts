import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Graph } from './graph.ts';
import { HttpError } from './http-error.ts';

/** What each request brings along. */
export interface Bindings {
  /** Lets the request in. @throws GraphFailure where its address has spent what it may */
  enter: () => Promise<void>;
  graph: Graph;
  /** @throws where something is wrong with the request's body */
  checkBody: () => void;
  /** What the answer's `x-request-id` says. */
  traceId: string;
  /** An error as one that can be told; what no client shall see is logged, and masked. */
  tellable: (error: unknown) => Error;
  /** Reads JSON, strictly. @throws where it is none */
  parseJson: (text: string) => unknown;
  /** Writes JSON, of which the graph has some as text. */
  writeJson: (value: object) => string;
}

export interface RestTypes {
  Bindings: Bindings;
}
export type RestApp = OpenAPIHono<RestTypes>;
export type RestContext = Context<RestTypes>;

/**
 * The JSON of a request's body; undefined where it is empty.
 * @throws Refusal 415 for another media type, 400 for what is no JSON
 */
export async function readJson({ req, env }: RestContext): Promise<unknown> {
  const text = await req.text();
  if (text === '') return undefined;

  const [mediaType = ''] = (req.header('content-type') ?? '').split(';');
  if (!/^application\/([\w.-]+\+)?json$/i.test(mediaType.trim())) {
    throw new HttpError('VALIDATION_ERROR', 'The body must be application/json', { status: 415 });
  }
  try {
    return env.parseJson(text);
  } catch (error) {
    // What V8 says of invalid JSON quotes it, and it may hold a secret.
    const why = error instanceof Error && error.constructor !== SyntaxError ? `: ${error.message}` : '';
    throw new HttpError('VALIDATION_ERROR', `The body is not valid JSON${why}`, { status: 400 });
  }
}
