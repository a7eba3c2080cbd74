import type { RestApp } from '../wire.ts';
import { defineOrganizationList } from './list.ts';
import { defineModelSettings } from './model-settings.ts';
import { defineModels } from './models.ts';
import { defineOrganization } from './organization.ts';

/** `/v1/organizations…`, as the first of the two systems speaks. */
export function defineOrganizationRoutes(app: RestApp): void {
  defineOrganizationList(app);
  defineOrganization(app);
  defineModelSettings(app);
  defineModels(app);
}
