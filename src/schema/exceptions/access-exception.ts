import { builder } from '../builder.ts';
import { ModelAccess } from '../models/model-access.ts';
import { ModelException } from './exception.ts';

builder.objectField(ModelAccess, 'exception', (t) =>
  t.field({
    type: ModelException,
    nullable: true,
    // Whom it is for may be hidden from a service that asks about others.
    hiddenAsNull: true,
    description:
      'The exception by which alone the model may be used: until it ends. Null where there is none, or none that the caller may see.',
    resolve: ({ organizationId, exception }, _args, { exceptions }) =>
      exception && exceptions.ofDecisions.load({ organizationId, id: exception.id }),
  }),
);
