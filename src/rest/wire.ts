import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Graph } from './graph.ts';
import { HttpError } from './http-error.ts';
import type { RestOptions } from './options.ts';

/** What each request brings along. */
export interface RestTypes {
  Bindings: { graph: Graph; serverContext: object; options: RestOptions };
}
export type RestApp = OpenAPIHono<RestTypes>;
export type RestContext = Context<RestTypes>;

/**
 * The JSON of a request's body; undefined where it is empty.
 * @throws HttpError 415 for another media type, 400 for what is no JSON
 */
export async function readJson({ req, env }: RestContext): Promise<unknown> {
  const text = await req.text();
  if (text === '') return undefined;

  const [mediaType = ''] = (req.header('content-type') ?? '').split(';');
  if (!/^application\/([\w.-]+\+)?json$/i.test(mediaType.trim())) {
    throw new HttpError('VALIDATION_ERROR', 'The body must be application/json', { status: 415 });
  }
  try {
    return env.options.parseJson(text);
  } catch (error) {
    // What V8 says of invalid JSON quotes it, and it may hold a secret.
    const why = error instanceof Error && error.constructor !== SyntaxError ? `: ${error.message}` : '';
    throw new HttpError('VALIDATION_ERROR', `The body is not valid JSON${why}`, { status: 400 });
  }
}
