import { OpenAPIHono } from '@hono/zod-openapi';
import { defineDocumentation } from './documentation.ts';
import { toFlatResponse } from './flat-errors.ts';
import { HttpError, toHttpError } from './http-error.ts';
import { defineModelConfigRoutes } from './model-configs/routes.ts';
import { toEnvelopeResponse } from './organizations/envelope.ts';
import { defineOrganizationRoutes } from './organizations/routes.ts';
import { defineProviderKeyRoutes } from './provider-keys/routes.ts';
import type { RestApp, RestContext, RestTypes } from './wire.ts';

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Everything below `/v1`: the wire formats of the two systems, as views over the graph. */
export function createRest(): RestApp {
  const app = new OpenAPIHono<RestTypes>();
  app.use('*', async ({ env }, next) => {
    await env.enter().catch((error: unknown) => {
      throw env.tellable(error);
    });
    await next();
  });
  defineOrganizationRoutes(app);
  defineModelConfigRoutes(app);
  defineProviderKeyRoutes(app);
  defineDocumentation(app);

  app.onError((error, context) => tell(toHttpError(error), context));
  app.notFound((context) => {
    const { path } = context.req;
    // What lets every request in answers none.
    const allowed = methods.filter((method) => app.router.match(method, path)[0].length > 1);
    const refusal =
      allowed.length === 0
        ? new HttpError('NOT_FOUND', 'There is no such path')
        : new HttpError('VALIDATION_ERROR', `This path takes ${allowed.join(', ')}`, {
            status: 405,
            headers: { allow: allowed.join(', ') },
          });
    return tell(refusal, context);
  });
  return app;
}

/** Each path has the errors of its system; what is of neither has those of the first. */
function tell(refusal: HttpError, context: RestContext): Response {
  const isFlat = /^\/v1\/(model-configs|provider-keys)(\/|$)/.test(context.req.path);
  return isFlat ? toFlatResponse(refusal) : toEnvelopeResponse(refusal, context);
}
