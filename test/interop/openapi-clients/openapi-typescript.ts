// A user of the types that openapi-typescript generates.
import type { components, operations, paths } from './generated/types.js';

type Settings = components['schemas']['OrganizationModelSettings'];
type Change = NonNullable<
  paths['/v1/organizations/{organization_id}/model-settings']['patch']['requestBody']
>['content']['application/json'];
type Refusal = operations['createModelConfig']['responses'][400]['content']['application/json'];

export const change: Change = { disabledModels: ['gpt-4o'], defaultModelKey: null };

export function describe(settings: Settings, refusal: Refusal): string {
  const key: string | null = settings.default_model_key;
  return `${key ?? 'none'}: ${refusal.details?.map(({ path }) => path).join()}`;
}
