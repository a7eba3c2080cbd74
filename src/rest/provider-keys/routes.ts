import { OpenAPIHono } from '@hono/zod-openapi';
import { tellFlat } from '../flat-errors.ts';
import { toRefusal } from '../refusal.ts';
import type { RestApp, RestTypes } from '../wire.ts';
import { defineChanges } from './change.ts';
import { defineCreation } from './creation.ts';
import { defineLists } from './list.ts';

/** `/v1/provider-keys…`, as the second of the two systems speaks. */
export function providerKeyRoutes(): RestApp {
  const app = new OpenAPIHono<RestTypes>();
  app.onError((error) => tellFlat(toRefusal(error)));
  defineLists(app);
  defineCreation(app);
  defineChanges(app);
  return app;
}
