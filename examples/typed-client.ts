// An application of Modelgate, with nothing but `fetch` and the typed documents of `modelgate/client`:
//
//   npm start                                                                  in one terminal
//   TOKEN=$(npm run -s token -- admin) npx tsx examples/typed-client.ts        in another
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import {
  CallerDocument,
  ModelAccessDocument,
  ModelSettingsDocument,
  textOf,
  UpdateModelSettingsDocument,
} from 'modelgate/client';

const { MODELGATE_URL = 'http://localhost:4000/graphql', TOKEN = '' } = process.env;

const { caller } = await ask(CallerDocument, {});
const [membership] = caller.memberships;
if (!membership) throw new Error('Whose TOKEN is this? It is a member of no organization.');
const { organization, role } = membership;
say(`${caller.user?.name} is ${role} of ${organization.name}.`);

const { organizationModelSettings: settings } = await ask(ModelSettingsDocument, { organizationId: organization.id });
say(`At revision ${settings.revision}, disabled are: ${settings.disabledProviders.join(', ') || 'none'}.`);

// The change is made only if nobody was faster.
await disable([...new Set([...settings.disabledProviders, 'mistral'])], settings.revision);
await disable(['opnai']);

for (const modelKey of ['claude-sonnet-4-6', 'mistral-large-2512', 'gpt-9']) {
  const { modelAccess } = await ask(ModelAccessDocument, { organizationId: organization.id, modelKey });
  say(`${modelKey}: ${modelAccess.allowed ? 'allowed' : modelAccess.reasons.join(', ')}`);
}

async function disable(disabledProviders: string[], expectedRevision?: number): Promise<void> {
  const input = { organizationId: organization.id, disabledProviders, expectedRevision };
  const { updateModelSettings: result } = await ask(UpdateModelSettingsDocument, { input });
  switch (result.__typename) {
    case 'OrganizationModelSettings':
      return say(`At revision ${result.revision}, disabled are: ${result.disabledProviders.join(', ')}.`);
    case 'RevisionConflictError':
      return say(`Somebody was faster: the settings are at revision ${result.currentRevision} already.`);
    case 'InvalidProviderSlugError':
      return say(`There is no ${result.invalidProviders.join(', ')} among ${result.validProviders.join(', ')}.`);
    default:
      return say(`Refused (${result.code}): ${result.message}`);
  }
}

/** What the service answers to a document; its types follow from the document. */
async function ask<Data, Variables>(
  document: DocumentTypeDecoration<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const response = await fetch(MODELGATE_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify({ query: textOf(document), variables }),
  });
  const { data, errors } = (await response.json()) as { data?: Data; errors?: { message: string }[] };
  if (!data) throw new Error(errors?.map(({ message }) => message).join('; '));
  return data;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
