import { authorizeIn } from '../../auth/delegation.ts';
import { changesOf } from '../../domain/ledger/revision.ts';
import { writePolicyDocument } from '../../domain/policy/policy-document.ts';
import type { PolicyAt } from '../../domain/policy/policy-history.ts';
import { type PolicyDocument, policyOf } from '../../policy/policy-value.ts';
import { findPolicy } from '../belonging.ts';
import { builder } from '../builder.ts';
import { RevisionChange } from '../ledger/revision.ts';
import { aliasesIn, ModelAlias } from '../models/model-alias.ts';
import { User } from '../organizations/user.ts';
import { NewModels } from '../settings/model-settings.ts';
import { findImpact, PolicyImpact } from './impact.ts';

export const Policy = builder.objectRef<PolicyAt>('Policy').implement({
  description:
    'What an organization says about models, as one value, at one of its revisions. It has no id: it never changes. For owners and admins.',
  visible: ({ organizationId }, context) => authorizeIn(context, 'readPolicy', organizationId),
  fields: (t) => ({
    revision: t.exposeInt('revision', { description: 'The revision of the organization that it is the policy at.' }),
    disabledProviders: t.stringList({
      description: 'The providers, by slug, none of whose models may be used.',
      resolve: ({ policy }) => [...policy.disabledProviders],
    }),
    disabledModels: t.stringList({
      description: 'The models that may not be used, as they were written.',
      resolve: ({ policy }) => [...policy.disabledModels],
    }),
    allowedModels: t.stringList({
      nullable: true,
      description: 'The only models that may be used, as they were written; null: all.',
      resolve: ({ policy }) => policy.allowedModels && [...policy.allowedModels],
    }),
    newModels: t.field({
      type: NewModels,
      description: 'Whether models that are new in the catalog may be used at once.',
      resolve: ({ policy }) => policy.newModels,
    }),
    reviewedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Under `REVIEW`: models that were in the catalog by then wait for no review. Else null.',
      resolve: ({ policy: { reviewedAt } }) => (reviewedAt === null ? null : new Date(reviewedAt)),
    }),
    approvedModels: t.stringList({
      description: 'The newer models that a review has allowed.',
      resolve: ({ policy }) => [...policy.approvedModels],
    }),
    defaultModelKey: t.string({
      nullable: true,
      description: 'The key of the model, or the alias, to use where no default configuration can be used.',
      resolve: ({ policy }) => policy.defaultModelKey,
    }),
    aliases: t.field({
      type: [ModelAlias],
      description: "The organization's own names for models, sorted by name, as this policy would resolve them today.",
      resolve: async (at, _args, context) => aliasesIn(at.policy, await context.decisions(at.organizationId, null, at)),
    }),
    sinceRevision: t.exposeInt('sinceRevision', {
      nullable: true,
      description: 'The revision that made it so; null where none has changed the policy until then.',
    }),
    changedAt: t.expose('changedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When that was; null if never.',
    }),
    changedBy: t.field({
      type: User,
      nullable: true,
      description: 'The user who made it so; null where no user did, or one who is no member.',
      resolve: ({ changedById }, _args, { knownUsers }) => (changedById === null ? null : knownUsers.load(changedById)),
    }),
    document: t.string({
      description: 'The policy as a document of JSON: keys in a fixed order, what is as by default left out.',
      resolve: ({ policy }) => writePolicyDocument(policy, 'JSON'),
    }),
  }),
});

const PolicyDiff = builder.objectRef<{ from: PolicyAt; to: PolicyAt }>('PolicyDiff').implement({
  description: 'The difference of the policy at two revisions. For owners and admins.',
  fields: (t) => ({
    from: t.int({
      description: 'The revision that was given as `from`.',
      resolve: ({ from }) => from.revision,
    }),
    to: t.int({
      description: 'The other revision: what was given as `to`, or the present one.',
      resolve: ({ to }) => to.revision,
    }),
    changes: t.field({
      type: [RevisionChange],
      description: 'The fields that differ.',
      resolve: ({ from, to }) => changesOf({ before: from.policy, after: to.policy }),
    }),
    impact: t.field({
      type: PolicyImpact,
      description: 'What it would mean today to go from the policy at `from` to that at `to`.',
      resolve: ({ from, to }, _args, context) =>
        findImpact(from.organizationId, { before: from.policy, after: to.policy }, context),
    }),
  }),
});

builder.prismaObjectField('Organization', 'policy', (t) =>
  t.field({
    type: Policy,
    description: 'Its policy, as one value. For owners and admins.',
    args: {
      atRevision: t.arg.int({ description: 'That at this revision of the organization. Absent: the present one.' }),
    },
    authScopes: ({ id }) => ({ readPolicy: id }),
    resolve: ({ id }, { atRevision }, context) => findPolicy(id, atRevision, context),
  }),
);

builder.prismaObjectField('Organization', 'policyDiff', (t) =>
  t.field({
    type: PolicyDiff,
    description: 'What changes in its policy from one revision to another, and what that means. For owners and admins.',
    args: {
      from: t.arg.int({
        required: true,
        description: 'A revision of the organization; 0 is that of before the first.',
      }),
      to: t.arg.int({ description: 'Another one, later or earlier. Absent: the present one.' }),
    },
    authScopes: ({ id }) => ({ readPolicy: id }),
    resolve: async ({ id }, { from, to }, context) => {
      const [one, other] = await Promise.all([
        findPolicy(id, from, context, 'from'),
        findPolicy(id, to, context, 'to'),
      ]);
      return { from: one, to: other };
    },
  }),
);

builder.prismaObjectField('Revision', 'impact', (t) =>
  t.field({
    type: PolicyImpact,
    nullable: true,
    description:
      'What the change of the policy would mean if it were made now, with the present catalog, members and usage; null where it did not change the policy.',
    resolve: ({ organizationId, subjectId, before, after }, _args, context) =>
      subjectId.startsWith('oms_')
        ? findImpact(
            organizationId,
            {
              before: policyOf(before as PolicyDocument | null),
              after: policyOf(after as PolicyDocument | null),
            },
            context,
          )
        : null,
  }),
);
