import { OpenAPIHono } from '@hono/zod-openapi';
import { matchedRoutes } from 'hono/route';
import { defineDocumentation } from './documentation.ts';
import { modelConfigs, providerKeys, toFlatResponse } from './flat-errors.ts';
import { Graph } from './graph.ts';
import { HttpError } from './http-error.ts';
import { defineModelConfigRoutes } from './model-configs/routes.ts';
import type { RestOptions } from './options.ts';
import { organizations, toEnvelopeResponse } from './organizations/envelope.ts';
import { defineOrganizationRoutes } from './organizations/routes.ts';
import { definePolicySchema } from './policy-schema.ts';
import { defineProviderKeyRoutes } from './provider-keys/routes.ts';
import type { RestContext, RestTypes } from './wire.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Everything below `/v1`: the wire formats of the two systems, as views over the graph. */
const app = new OpenAPIHono<RestTypes>();
app.use('*', async (context, next) => {
  const { req, env } = context;
  // The last that matches; for an unknown path that is this one.
  const { path = '*' } = matchedRoutes(context).at(-1) ?? {};
  if (!path.includes('*')) env.options.onRoute(req.raw, path.replaceAll(/:(\w+)/g, '{$1}'));
  await env.options.enter(req.raw, env.serverContext);
  await next();
});
defineOrganizationRoutes(app);
defineModelConfigRoutes(app);
defineProviderKeyRoutes(app);
definePolicySchema(app);
defineDocumentation(app, [organizations, modelConfigs, providerKeys]);

app.onError((error, context) => refuse(context.env.graph.refusalOf(error), context));
app.notFound((context) => {
  const { path } = context.req;
  // What lets every request in answers none.
  const allowed = methods.filter((method) => app.router.match(method, path)[0].length > 1).join(', ');
  const refusal =
    allowed === ''
      ? new HttpError('NOT_FOUND', 'There is no such path')
      : new HttpError('VALIDATION_ERROR', `This path takes ${allowed}`, { status: 405, headers: { allow: allowed } });
  return refuse(refusal, context);
});

/** Each path has the errors of its system; what is of neither has those of the first. */
function refuse(refusal: HttpError, context: RestContext): Response {
  const isFlat = /^\/v1\/(model-configs|provider-keys)(\/|$)/.test(context.req.path);
  return isFlat ? toFlatResponse(refusal) : toEnvelopeResponse(refusal, context.env.options.traceIdOf(context.req.raw));
}

/** The refusal of what is beside `/v1`, and is read by whoever reads that: it has the errors of the first system. */
export function refuseBeside(traceId: string, ...refusal: ConstructorParameters<typeof HttpError>): Response {
  return toEnvelopeResponse(new HttpError(...refusal), traceId);
}

/** Answers a request below `/v1`, through the graph. */
export async function answerRest(
  request: Request,
  { serverContext, options }: { serverContext: object; options: RestOptions },
): Promise<Response> {
  return app.fetch(request, { graph: new Graph(request, serverContext, options), serverContext, options });
}
