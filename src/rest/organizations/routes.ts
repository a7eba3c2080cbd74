import type { RestApp } from '../wire.ts';
import { defineModelAccess } from './model-access.ts';
import { defineModelSettings } from './model-settings.ts';
import { defineModels } from './models.ts';
import { defineOrganizations } from './organization.ts';
import { defineRevisions } from './revisions.ts';
import { defineSnapshot } from './snapshot.ts';
import { defineUsageReports } from './usage.ts';

/** `/v1/organizations…`, as the first of the two systems speaks. */
export function defineOrganizationRoutes(app: RestApp): void {
  defineOrganizations(app);
  defineModelSettings(app);
  defineModels(app);
  defineModelAccess(app);
  defineRevisions(app);
  defineSnapshot(app);
  defineUsageReports(app);
}
