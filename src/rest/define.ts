import type { RouteConfig } from '@hono/zod-openapi';
import { maxIdLength } from '../limits.ts';
import { HttpError } from './http-error.ts';
import { answerOnce } from './once.ts';
import type { RestApp, RestContext } from './wire.ts';

export type Route = RouteConfig & { getRoutingPath: () => string };

/** A route with its description. Its input is read by the handler, which throws its refusals. */
export function define(app: RestApp, route: Route, handler: (context: RestContext) => Promise<Response>): void {
  app.openAPIRegistry.registerPath({ tags: [route.path.split('/')[2] ?? ''], ...route });
  const changes = route.method !== 'get';
  app.on(route.method, route.getRoutingPath(), async (context) => {
    try {
      refuseLongIds(context);
      if (!changes) return await handler(context);
      context.env.checkBody();
      return await answerOnce(context, handler);
    } catch (error) {
      throw context.env.tellable(error);
    }
  });
}

/** What names an object, in the path or in a header, is measured before it is looked up. @throws Refusal */
function refuseLongIds({ req }: RestContext): void {
  const given = { ...req.param(), 'X-Organization-Id': req.header('x-organization-id') ?? '' };
  const [name] = Object.entries(given).find(([, value]) => value.length > maxIdLength) ?? [];
  if (name === undefined) return;
  throw new HttpError('VALIDATION_ERROR', `${name}: must not be longer than ${maxIdLength} characters`, {
    status: 400,
  });
}
