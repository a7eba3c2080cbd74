import { withLoaded } from '../../domain/reading/loader.ts';
import { findPolicy } from '../belonging.ts';
import { builder } from '../builder.ts';
import { ModelAccess } from './model-access.ts';

builder.queryField('modelAccess', (t) =>
  t.field({
    type: ModelAccess,
    description: 'May this organization use this model? The decision, with every reason against it.',
    args: {
      organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }),
      modelKey: t.arg.string({
        required: true,
        description:
          "A model's key: `gpt-4o`, `openai/gpt-4o` to be exact, an alias, its id or its display name. Case does not matter.",
      }),
      atRevision: t.arg.int({
        description:
          "Decides by the policy at this revision of the organization, and by today's catalog. Absent: by the present policy. For owners and admins.",
      }),
    },
    authScopes: (_root, { organizationId, atRevision }) =>
      isGiven(atRevision)
        ? { $all: { readOrganization: organizationId, readPolicy: organizationId } }
        : { readOrganization: organizationId },
    resolve: (_root, { organizationId, modelKey, atRevision }, context) => {
      // What would have been decided refuses nobody, and is not counted.
      if (isGiven(atRevision)) {
        return findPolicy(organizationId, atRevision, context)
          .then((at) => context.decisions(organizationId, null, at))
          .then((decisions) => decisions.decideName(modelKey));
      }
      return withLoaded(context.decisions(organizationId), (decisions) => {
        const access = decisions.decideName(modelKey);
        context.countRefusal(organizationId, modelKey, access);
        return access;
      });
    },
  }),
);

function isGiven(revision: number | null | undefined): revision is number {
  return typeof revision === 'number';
}
