import { builder } from './builder.ts';
import './scalars.ts';
import './user-error.ts';
import './node.ts';
import './viewer.ts';
import './organization.ts';
import './membership.ts';
import './membership-change.ts';
import './invitation.ts';
import './invitation-change.ts';
import './received-invitation.ts';
import './model.ts';
import './model-list.ts';
import './model-group.ts';
import './model-config.ts';
import './model-config-model.ts';
import './model-config-list.ts';
import './model-config-mutations.ts';
import './effective-default.ts';
import './model-settings.ts';
import './model-usage.ts';
import './usage-models.ts';
import './usage-record.ts';
import './usage-series.ts';
import './revision.ts';
import './organization-revision.ts';
import './provider-key.ts';
import './provider-key-change.ts';
import './provider-key-deletion.ts';
import './provider-key-secret.ts';
import './api-key.ts';
import './api-key-change.ts';
import './entities.ts';

builder.queryType({ description: 'What can be asked.' });
builder.subscriptionType({ description: 'What can be followed, over server-sent events.' });
builder.mutationType({ description: 'What can be changed. What a caller can act on is a member of the result.' });

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'How many there are on all pages.',
    resolve: ({ totalCount }) => totalCount(),
  }),
);

/** The graph. Building it asks nothing of a database or an environment. */
export const schema = builder.toSchema();
