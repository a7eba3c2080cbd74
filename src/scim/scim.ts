import { Hono } from 'hono';
import { matchedRoutes } from 'hono/route';
import { NotFoundError } from '../errors/base.ts';
import { openCall, type ScimTypes } from './call.ts';
import { defineDiscovery } from './discovery.ts';
import { defineGroups } from './groups.ts';
import { refusalOf } from './messages.ts';
import type { ScimOptions } from './options.ts';
import { defineUsers } from './users.ts';

const app = new Hono<ScimTypes>().basePath('/scim/v2');
app.use('*', async (context, next) => {
  const { options, serverContext } = context.env;
  // The last that matches; for an unknown path that is this one.
  const { path = '*' } = matchedRoutes(context).at(-1) ?? {};
  if (!path.includes('*')) options.onRoute(context.req.raw, path.replaceAll(/:(\w+)/g, '{$1}'));
  await options.enter(context.req.raw, serverContext);
  context.set('call', await openCall(context));
  await next();
});
defineDiscovery(app);
defineUsers(app);
defineGroups(app);
app.notFound(() => {
  throw new NotFoundError('There is no such path');
});
// Answered below, like what happens outside of a route.
app.onError((error) => {
  throw error;
});

/** Answers a request below `/scim/v2` (RFC 7644), also where it is refused. */
export async function answerScim(
  request: Request,
  { serverContext, options }: { serverContext: object; options: ScimOptions },
): Promise<Response> {
  try {
    return await options.withDeadline(request, async (signal) =>
      app.fetch(request, { options, serverContext, signal }),
    );
  } catch (error) {
    const shown = options.toClientError(error);
    options.onError(request, shown);
    return refusalOf(shown);
  }
}
