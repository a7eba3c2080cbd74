import { may } from '../../auth/permissions.ts';
import type { Context } from '../../context.ts';
import type { CauseKey } from '../../domain/policy/policy-causes.ts';
import { stateAt } from '../../domain/policy/policy-history.ts';
import { withLoaded } from '../../domain/reading/loader.ts';
import { causesOf } from '../../policy/explain.ts';
import type { ModelAccess as ModelAccessShape } from '../../policy/policy.ts';
import { findPolicy } from '../belonging.ts';
import { builder } from '../builder.ts';
import { ModelAccess, ModelAccessReason } from '../models/model-access.ts';
import { causeInWords } from './cause-words.ts';

const ModelAccessCause = builder.objectRef<CauseKey>('ModelAccessCause').implement({
  description: 'What of the policy is against a model: an entry of a list, or an allow list that does not have it.',
  fields: (t) => ({
    reason: t.expose('reason', { type: ModelAccessReason, description: 'The reason that it gives.' }),
    subjectId: t.exposeID('subjectId', {
      nullable: true,
      description: 'Whose list says it: a user, a team, a role or an API key; null: that of the organization.',
    }),
    entry: t.exposeString('entry', {
      nullable: true,
      description:
        'The provider, or the entry of `disabledModels`, as it is written; null for `NOT_ALLOWED` and `PENDING_REVIEW`.',
    }),
    revision: t.int({
      nullable: true,
      description:
        'The number of the revision that added the entry; of an allow list, of the one that changed it last. Null where it is none of the newest 300 of the policy.',
      resolve: async (cause, _args, { policies }) => (await policies.origins.load(cause))?.number ?? null,
    }),
    message: t.string({
      description: 'The same in a sentence: what, for whom, by whom, when and why, as far as that is known.',
      resolve: (cause, _args, context) => causeInWords(cause, context),
    }),
  }),
});

builder.objectField(ModelAccess, 'decidedBy', (t) =>
  t.field({
    type: [ModelAccessCause],
    nullable: true,
    description:
      'All that the policy has against it, at every level; also where an exception lifts it. Empty where there is nothing. Null for those who may not read the history, which is for owners and admins.',
    resolve: (access, _args, context) =>
      may(context.viewer, 'readRevisions', access.organizationId) ? findCauses(access, context) : null,
  }),
);

builder.objectField(ModelAccess, 'supportContact', (t) =>
  t.string({
    nullable: true,
    description: 'Whom to ask about it where it is refused, as the organization names it; null where it names nobody.',
    resolve: ({ organizationId, allowed }, _args, { states, viewer }) =>
      allowed || !may(viewer, 'readOrganization', organizationId)
        ? null
        : withLoaded(states.load(organizationId), ({ supportContact }) => supportContact),
  }),
);

async function findCauses(
  { organizationId, revision, subject, model }: ModelAccessShape,
  context: Context,
): Promise<CauseKey[]> {
  const present = await context.states.load(organizationId);
  const isPresent = present.revision === revision;
  const state = isPresent ? present : stateAt(present, await findPolicy(organizationId, revision, context));
  return causesOf(state, subject, context.catalog, model).map((cause) => ({ ...cause, organizationId, revision }));
}
