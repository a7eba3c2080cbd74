import { builder } from '../builder.ts';
import { readsAccess } from '../models/asked-subject.ts';
import { Model } from '../models/model.ts';
import { listAvailableModels, ModelConnection } from '../models/model-list.ts';
import { Team } from './team.ts';

builder.objectField(Team, 'availableModels', (t) =>
  t.connection(
    {
      type: Model,
      description:
        'The models that the rules of the team and of the organization allow, in the order of the catalog. A member may use others where it has rules of its own, of its role or of another team. For owners, admins and services that may read.',
      authScopes: ({ organizationId, id }, _args, context) => readsAccess({ organizationId, subjectId: id }, context),
      resolve: ({ organizationId, id }, args, context) =>
        listAvailableModels({ organizationId, subjectId: id }, args, context),
    },
    ModelConnection,
  ),
);
