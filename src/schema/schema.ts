import { builder } from './builder.ts';
import './scalars.ts';
import './errors/user-error.ts';
import './node.ts';
import './organizations/viewer.ts';
import './organizations/organization.ts';
import './organizations/membership.ts';
import './organizations/membership-change.ts';
import './organizations/invitation.ts';
import './organizations/invitation-change.ts';
import './organizations/received-invitation.ts';
import './teams/team.ts';
import './teams/team-change.ts';
import './models/model.ts';
import './models/access-query.ts';
import './models/model-alias.ts';
import './models/model-list.ts';
import './teams/team-models.ts';
import './models/model-group.ts';
import './configs/model-config.ts';
import './configs/model-config-model.ts';
import './configs/model-config-list.ts';
import './configs/model-config-mutations.ts';
import './configs/effective-default.ts';
import './configs/model-resolution.ts';
import './settings/model-settings.ts';
import './policy/policy.ts';
import './policy/policy-document.ts';
import './policy/policy-mutations.ts';
import './policy/selector-preview.ts';
import './policy/scope-policy.ts';
import './policy/scope-mutations.ts';
import './policy/alias-mutations.ts';
import './policy/access-cause.ts';
import './usage/model-usage.ts';
import './usage/usage-models.ts';
import './usage/usage-record.ts';
import './usage/usage-series.ts';
import './refusals/model-refusal.ts';
import './exceptions/exception.ts';
import './exceptions/exception-list.ts';
import './exceptions/access-exception.ts';
import './exceptions/exception-mutations.ts';
import './ledger/revision.ts';
import './ledger/organization-revision.ts';
import './keys/provider-key.ts';
import './keys/provider-key-change.ts';
import './keys/provider-key-deletion.ts';
import './keys/provider-key-secret.ts';
import './keys/api-key.ts';
import './keys/api-key-change.ts';
import './directory/scim-token.ts';
import './directory/scim-token-change.ts';
import './entities.ts';

builder.queryType({ description: 'What can be read.' });
builder.subscriptionType({ description: 'What can be followed, over server-sent events.' });
builder.mutationType({
  description: 'What can be changed. Errors that a caller can act on are members of the result.',
});

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'How many there are on all pages.',
    resolve: ({ totalCount }) => totalCount(),
  }),
);

/** The GraphQL schema. Building it needs neither a database nor an environment. */
export const schema = builder.toSchema();
