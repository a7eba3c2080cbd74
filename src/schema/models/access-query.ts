import { withLoaded } from '../../domain/reading/loader.ts';
import { findPolicy } from '../belonging.ts';
import { builder } from '../builder.ts';
import { decisionsFor, isForCaller, readsAccess, subjectDescription } from './asked-subject.ts';
import { ModelAccess } from './model-access.ts';

builder.queryField('modelAccess', (t) =>
  t.field({
    type: ModelAccess,
    description:
      'May the caller, or another subject of an organization, use this model? The decision, with every reason against it.',
    args: {
      organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }),
      modelKey: t.arg.string({
        required: true,
        description:
          "A model's key: `gpt-4o`, `openai/gpt-4o` to be exact, one of its other names, its id or its display name; or an alias of the organization. Case does not matter.",
      }),
      subjectId: t.arg.id({ description: subjectDescription }),
      atRevision: t.arg.int({
        description:
          "Decides by the policy at this revision of the organization, and by today's catalog, teams and exceptions. Absent: by the present policy. For owners and admins.",
      }),
    },
    authScopes: (_root, { atRevision, ...asked }, context) => {
      const reads = readsAccess(asked, context);
      return isGiven(atRevision)
        ? { $all: { readPolicy: asked.organizationId, ...(reads === true ? {} : reads.$all) } }
        : reads;
    },
    resolve: (_root, { modelKey, atRevision, ...asked }, context) => {
      // What would have been decided refuses nobody, and is not counted.
      if (isGiven(atRevision)) {
        return findPolicy(asked.organizationId, atRevision, context)
          .then((at) => decisionsFor(asked, context, at))
          .then((decisions) => decisions.decideName(modelKey));
      }
      return withLoaded(decisionsFor(asked, context), (decisions) => {
        const access = decisions.decideName(modelKey);
        // Nor is what another one is told about.
        if (isForCaller(asked, context)) context.countRefusal(asked.organizationId, modelKey, access);
        return access;
      });
    },
  }),
);

function isGiven(revision: number | null | undefined): revision is number {
  return typeof revision === 'number';
}
