// A user of the client that @hey-api/openapi-ts generates: it reads, changes, and looks at a typed error.
import { createClient, createConfig } from './generated/hey/client/index.js';
import { createModelConfig, getModelSettings, updateModelSettings } from './generated/hey/sdk.gen.js';

export async function askAll(baseUrl: string, token: string, organizationId: string) {
  const auth = ({ scheme }: { scheme?: string }) => (scheme === 'bearer' ? token : undefined);
  const client = createClient(createConfig({ baseUrl, auth }));
  const path = { organization_id: organizationId };

  const read = await getModelSettings({ client, path });
  const tag = read.response.headers.get('etag') ?? '';
  const body = { disabledProviders: ['google'], defaultModelKey: null };
  const tried = await updateModelSettings({ client, path, query: { dry_run: true }, body });
  const changed = await updateModelSettings({
    client,
    path,
    headers: { 'If-Match': tag },
    body,
  });
  const conflict = await updateModelSettings({ client, path, headers: { 'If-Match': tag }, body: {} });
  const refused = await createModelConfig({ client, body: { provider: 'google', modelId: 'gemini-2.5-pro' } });
  const before: string[] | undefined = read.data?.disabled_providers;
  const blocked = tried.data && 'dry_run' in tried.data ? tried.data.impact.newly_blocked_count : 0;
  const after: string[] = changed.data && 'dry_run' in changed.data ? [] : (changed.data?.disabled_providers ?? []);
  const conflictCode: string | undefined = conflict.error?.error.code;
  const refusal: string | undefined = refused.error?.details?.[0]?.code;
  return { before, blocked, after, conflictCode, refusal };
}
