// An application of Modelgate, with nothing but `@modelgate/client` and `fetch`:
//
//   npm start                                                                                  in one terminal
//   TOKEN=$(npm run -s token -- admin) npx tsx clients/typescript/examples/typed-client.ts     in another
import {
  CallerDocument,
  createClient,
  ModelAccessDocument,
  ModelSettingsDocument,
  UpdateModelSettingsDocument,
} from '@modelgate/client';

const { MODELGATE_URL = 'http://localhost:4000/graphql', TOKEN = '' } = process.env;
const client = createClient({ url: MODELGATE_URL, token: TOKEN });

const { caller } = await client.request(CallerDocument, {});
const [membership] = caller.memberships;
if (!membership) throw new Error('Whose TOKEN is this? It is a member of no organization.');
const { organization, role } = membership;
say(`${caller.user?.name} is ${role} of ${organization.name}.`);

const organizationId = organization.id;
const { organizationModelSettings: settings } = await client.request(ModelSettingsDocument, { organizationId });
say(`At revision ${settings.revision}, disabled are: ${settings.disabledProviders.join(', ') || 'none'}.`);

// It is tried first, and made only if nobody was faster.
const wanted = [...new Set([...settings.disabledProviders, 'mistral'])];
await disable(wanted, { dryRun: true });
await disable(wanted, { expectedRevision: settings.revision });
await disable(['opnai']);

for (const modelKey of ['claude-sonnet-4-6', 'mistral-large-2512', 'gpt-9']) {
  const { modelAccess } = await client.request(ModelAccessDocument, { organizationId, modelKey });
  say(`${modelKey}: ${modelAccess.allowed ? 'allowed' : modelAccess.reasons.join(', ')}`);
}

async function disable(
  disabledProviders: string[],
  options: { dryRun?: boolean; expectedRevision?: number } = {},
): Promise<void> {
  const input = { organizationId, disabledProviders, ...options };
  const { updateModelSettings: result } = await client.request(UpdateModelSettingsDocument, { input });
  switch (result.__typename) {
    case 'OrganizationModelSettings':
      return say(`At revision ${result.revision}, disabled are: ${result.disabledProviders.join(', ')}.`);
    case 'PolicyPreview':
      return say(`It would change: ${result.changes.map(({ field }) => field).join(', ') || 'nothing'}.`);
    case 'RevisionConflictError':
      return say(`Somebody was faster: the settings are at revision ${result.currentRevision} already.`);
    case 'InvalidProviderSlugError':
      return say(`There is no ${result.invalidProviders.join(', ')} among ${result.validProviders.join(', ')}.`);
    default:
      return say(`Refused (${result.code}): ${result.message}`);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
