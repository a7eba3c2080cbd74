import { HttpError } from './http-error.ts';
import type { RestContext } from './wire.ts';

/** What the id of a path names, in this system's words. */
interface Kind {
  prefix: string;
  /** What is said of an id that nothing of the kind can have. */
  malformed: string;
  absent: string;
}

/** A handler of a route that ends in an id. What is not found because nothing can have such an id is 400, not 404. */
export function forId(
  { prefix, malformed, absent }: Kind,
  handler: (context: RestContext, id: string) => Promise<Response>,
): (context: RestContext) => Promise<Response> {
  return async (context) => {
    const id = context.req.param('id') ?? '';
    try {
      return await handler(context, id);
    } catch (error) {
      if (!(error instanceof HttpError) || error.code !== 'NOT_FOUND') throw error;
      if (id.startsWith(`${prefix}_`) && /^[\w-]+$/.test(id.slice(prefix.length + 1)))
        throw new HttpError('NOT_FOUND', absent);
      throw new HttpError('VALIDATION_ERROR', malformed, { status: 400 });
    }
  };
}
