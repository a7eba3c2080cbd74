import { builder } from '../builder.ts';
import { Model } from '../models/model.ts';

const description =
  'The models of the catalog that were ever used, or are configured: by the organization or by the viewer.';

builder.queryField('modelsInUse', (t) =>
  t.field({
    type: [Model],
    description,
    args: { organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }) },
    authScopes: (_root, { organizationId }) => ({ readOrganization: organizationId }),
    resolve: (_root, { organizationId }, { usage }) => usage.modelsInUse.load(organizationId),
  }),
);

builder.prismaObjectField('Organization', 'modelsInUse', (t) =>
  t.field({
    type: [Model],
    description,
    resolve: ({ id }, _args, { usage }) => usage.modelsInUse.load(id),
  }),
);
