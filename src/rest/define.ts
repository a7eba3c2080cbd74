import type { RouteConfig } from '@hono/zod-openapi';
import { answerOnce } from './once.ts';
import type { RestApp, RestContext } from './wire.ts';

export type Route = RouteConfig & { getRoutingPath: () => string };

/** A route with its description. Its input is read by the handler, which throws its refusals. */
export function define(app: RestApp, route: Route, handler: (context: RestContext) => Promise<Response>): void {
  app.openAPIRegistry.registerPath({ tags: [route.path.split('/')[2] ?? ''], ...route });
  const changes = route.method !== 'get';
  app.on(route.method, route.getRoutingPath(), async (context) => {
    try {
      context.req.raw = await context.env.bound();
      return await (changes ? answerOnce(context, handler) : handler(context));
    } catch (error) {
      throw context.env.tellable(error);
    }
  });
}
