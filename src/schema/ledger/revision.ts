import { z } from 'zod';
import { authorize } from '../../auth/permissions.ts';
import { type Action, actions } from '../../domain/ledger/ledger-entry.ts';
import {
  changesOf,
  type FieldChange,
  isHiddenFrom,
  type Revision as RevisionShape,
} from '../../domain/ledger/revision.ts';
import { builder } from '../builder.ts';
import { keysetConnection } from '../connection.ts';
import { revisionOf } from '../organizations/organization.ts';
import { User } from '../organizations/user.ts';

const descriptions: Record<Action, string> = {
  ORGANIZATION_CREATED: 'The organization was created.',
  ORGANIZATION_UPDATED: 'The name or the support contact of the organization changed, or who manages its API keys.',
  MEMBER_ADDED: 'A directory, or an operator of the service, made a user a member.',
  MEMBER_INVITED: 'A user was invited. The subject is the invitation.',
  INVITATION_ACCEPTED: 'A user accepted an invitation, and became a member. The subject is the user.',
  INVITATION_DECLINED:
    'A user declined an invitation. The subject is the invitation; the user, who is no member, is not shown as the actor.',
  INVITATION_REVOKED: 'An invitation was revoked. The subject is the invitation.',
  MEMBER_ROLE_CHANGED: 'A member was given another role.',
  MEMBER_REMOVED: 'A member left, or was removed, also by a directory that has deactivated it.',
  MODEL_SETTINGS_UPDATED: 'The model settings were changed.',
  POLICY_APPLIED: 'The policy was made what a document says.',
  POLICY_RESTORED: 'The policy was made what it was at an earlier revision.',
  SCOPE_POLICY_UPDATED:
    'The lists of one subject were changed: of a user, a team, a role or an API key. The changes name it.',
  SCOPE_POLICY_CLEARED: 'The lists of one subject were cleared. The changes name it.',
  MODELS_REVIEWED: 'Models that are new in the catalog were allowed or disabled in a review.',
  MODEL_ALIAS_SET: 'An alias of models was made, or its models were replaced. The changes name it.',
  MODEL_ALIAS_DELETED: 'An alias of models was deleted. The changes name it.',
  MODEL_CONFIG_CREATED: 'A model configuration was created.',
  MODEL_CONFIG_UPDATED: 'A model configuration was changed.',
  MODEL_CONFIG_DELETED: 'A model configuration was deleted.',
  PROVIDER_KEY_CREATED: 'A provider key was created.',
  PROVIDER_KEY_UPDATED: 'The name of a provider key was changed, or it was switched on or off.',
  PROVIDER_KEY_ROTATED: 'The secret of a provider key was replaced.',
  PROVIDER_KEY_DELETED: 'A provider key was deleted.',
  API_KEY_CREATED: 'An API key was created.',
  API_KEY_REVOKED: 'An API key was revoked.',
  SCIM_TOKEN_CREATED: 'A SCIM token was created.',
  SCIM_TOKEN_REVOKED: 'A SCIM token was revoked.',
  DIRECTORY_USER_UPDATED:
    'A directory changed a user, who stayed a member, or was none. The changes tell no personal data.',
  MODEL_EXCEPTION_REQUESTED: 'A member requested an exception, for itself. The subject is the exception.',
  MODEL_EXCEPTION_GRANTED:
    'An exception was granted. The changes have `selfGranted` where it is for whoever granted it, as the only owner or admin.',
  MODEL_EXCEPTION_DENIED: 'A requested exception was denied.',
  MODEL_EXCEPTION_REVOKED: 'An exception was revoked before its end, or its request was withdrawn.',
  TEAM_CREATED: 'A team was created, here or by a directory.',
  TEAM_UPDATED: 'The name or the members of a team were changed, here or by a directory.',
  TEAM_DELETED: 'A team was deleted, here or by a directory.',
};

export const RevisionAction = builder.enumType('RevisionAction', {
  description: 'What was done.',
  values: Object.fromEntries(actions.map((action) => [action, { description: descriptions[action] }])) as Record<
    Action,
    { description: string }
  >,
});

export const RevisionChange = builder.objectRef<FieldChange>('RevisionChange').implement({
  description: 'The change of one field. A single value counts as a list of one, no value as an empty list.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The name of the field, such as `disabledModels`.' }),
    added: t.exposeStringList('added', { description: 'The entries that were added.' }),
    removed: t.exposeStringList('removed', { description: 'The entries that were removed.' }),
  }),
});

export const Revision = builder.prismaObject('Revision', {
  interfaces: [builder.nodeInterfaceRef()],
  description: 'An entry of the ledger: one change of an organization. Never altered. Visible to owners and admins.',
  visible: ({ organizationId }, { viewer }) => authorize(viewer, 'readRevisions', organizationId),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: `rev_…`.' }),
    number: t.exposeInt('number', { description: "The organization's revisions are numbered from 1, without gaps." }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was made.' }),
    actor: t.field({
      type: User,
      nullable: true,
      description: 'The user who made it; null where a service or a directory did, or a user who is no member.',
      resolve: ({ actorId }, _args, { knownUsers }) => (actorId === null ? null : knownUsers.load(actorId)),
    }),
    actorApiKeyId: t.exposeID('actorApiKeyId', {
      nullable: true,
      description: 'The API key of the service that made it; null where a user did.',
    }),
    impersonatedBy: t.exposeString('impersonatedBy', {
      nullable: true,
      description: 'Who acted as the user, as the token of its issuer named it (`act.sub`); null where nobody did.',
    }),
    actorScimTokenId: t.exposeID('actorScimTokenId', {
      nullable: true,
      description: 'The SCIM token of the directory that made it; null where a user or a service did.',
    }),
    actorPlatformKeyId: t.exposeID('actorPlatformKeyId', {
      nullable: true,
      description: 'The platform key of the service that made it; null where another did.',
    }),
    action: t.field({
      type: RevisionAction,
      description: 'What was done.',
      resolve: ({ action }) => action as Action,
    }),
    subjectId: t.exposeID('subjectId', { description: 'The id of the object that was changed.' }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why it was made, in the words of who made it; null where nothing was said.',
    }),
    restoredFrom: t.exposeInt('restoredFrom', {
      nullable: true,
      description: 'The number of the revision whose policy was restored; null where none was.',
    }),
    hash: t.string({
      description:
        'SHA-256 over the hash of the entry before and the text of this one, in hexadecimal digits: whoever keeps it can tell ' +
        'later whether the history up to here was changed.',
      resolve: ({ hash }) => Buffer.from(hash ?? []).toString('hex'),
    }),
    changes: t.field({
      type: [RevisionChange],
      description: "The changed fields; empty for another user's own configuration.",
      resolve: (revision, _args, { viewer }) => (isHiddenFrom(viewer.userId, revision) ? [] : changesOf(revision)),
    }),
  }),
});

builder.prismaObjectField('Organization', 'revisions', (t) =>
  t.connection(
    {
      type: Revision,
      // A viewer who may not read them gets null here, and can still read the rest of the organization.
      nullable: true,
      description: 'The history, newest first. For owners and admins.',
      authScopes: ({ id }) => ({ readRevisions: id }),
      resolve: (organization, args, context) =>
        keysetConnection({
          args,
          maxSize: context.limits.pageSize,
          key: z.int32(),
          keyOf: ({ number }: RevisionShape) => number,
          load: (page) => context.revisions.load({ ownerId: organization.id, page }),
          // Numbers have no gaps, so that the newest one is the count.
          totalCount: () => revisionOf(organization, context),
        }),
    },
    { name: 'RevisionConnection', description: 'A page of revisions.' },
    { name: 'RevisionEdge', description: 'A revision on a page.' },
  ),
);
