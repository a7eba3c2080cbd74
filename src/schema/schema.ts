import { builder } from './builder.ts';
import './scalars.ts';
import './user-error.ts';
import './node.ts';
import './viewer.ts';
import './organization.ts';
import './membership.ts';
import './model.ts';
import './model-list.ts';
import './model-group.ts';
import './model-settings.ts';
import './revision.ts';

builder.queryType({ description: 'What can be asked.' });
builder.mutationType({ description: 'What can be changed. What a caller can act on is a member of the result.' });

builder.globalConnectionField('totalCount', (t) =>
  t.int({
    description: 'How many there are on all pages.',
    resolve: ({ totalCount }) => totalCount(),
  }),
);

/** The graph. Building it asks nothing of a database or an environment. */
export const schema = builder.toSchema();
