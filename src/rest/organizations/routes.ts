import { OpenAPIHono } from '@hono/zod-openapi';
import { toRefusal } from '../refusal.ts';
import type { RestApp, RestTypes } from '../wire.ts';
import { tellInEnvelope } from './envelope.ts';
import { defineModelSettings } from './model-settings.ts';
import { defineModels } from './models.ts';
import { defineOrganizations } from './organizations.ts';

/** `/v1/organizations…`, as the first of the two systems speaks. */
export function organizationRoutes(): RestApp {
  const app = new OpenAPIHono<RestTypes>();
  app.onError((error, context) => tellInEnvelope(toRefusal(error), context));
  defineOrganizations(app);
  defineModelSettings(app);
  defineModels(app);
  return app;
}
