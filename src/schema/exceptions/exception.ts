import { authorize, may } from '../../auth/permissions.ts';
import { viewerIdOf } from '../../auth/viewer.ts';
import type { Context } from '../../context.ts';
import type { ModelException as ModelExceptionShape } from '../../domain/exceptions/exception.ts';
import { exceptionStateOf, type ExceptionState as StateName } from '../../policy/exception-state.ts';
import { findDeadSelectors } from '../../policy/model-selector.ts';
import { idOfRole } from '../../policy/subject.ts';
import { findOrganization } from '../belonging.ts';
import { builder } from '../builder.ts';
import { Organization } from '../organizations/organization.ts';
import { User } from '../organizations/user.ts';

export const ModelExceptionState = builder.enumType('ModelExceptionState', {
  description: 'The state of an exception.',
  values: {
    REQUESTED: { description: 'It waits for the decision of an owner or admin, and lifts nothing.' },
    GRANTED: { description: 'It lifts what the policy has against its models, until it ends.' },
    DENIED: { description: 'An owner or admin has denied it.' },
    REVOKED: { description: 'It was revoked before it ended, or the request was taken back.' },
    EXPIRED: { description: 'It was granted, and has ended.' },
  } satisfies Record<StateName, { description: string }>,
});

/** The ids of subjects that are the viewer in an organization, but for its teams. */
export function ownSubjectIds({ viewer }: Context, organizationId: string): string[] {
  const role = viewer.memberships.get(organizationId);
  return [viewerIdOf(viewer), role && idOfRole(role)].filter((id) => typeof id === 'string');
}

function isForViewer({ organizationId, subjectId }: ModelExceptionShape, context: Context): boolean | Promise<boolean> {
  if (!subjectId.startsWith('team_')) return ownSubjectIds(context, organizationId).includes(subjectId);
  const { userId } = context.viewer;
  if (userId === null) return false;
  return context.teams.ofUsers.load({ organizationId, userId }).then((teams) => teams.includes(subjectId));
}

export const ModelException = builder.objectRef<ModelExceptionShape>('ModelException').implement({
  interfaces: [builder.nodeInterfaceRef()],
  description:
    'Models that somebody may use until a moment, though the policy does not allow them: requested by a member, granted by an owner or admin. ' +
    'Visible to owners and admins, and to whomever it is for: a user, the members of a team, a role, or an API key.',
  visible: (exception, context) => {
    const { organizationId } = exception;
    if (may(context.viewer, 'manageExceptions', organizationId)) return true;
    authorize(context.viewer, 'readOrganization', organizationId);
    return isForViewer(exception, context);
  },
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: `exc_…`.' }),
    organization: t.field({
      type: Organization,
      description: 'The organization.',
      resolve: ({ organizationId }, _args, context) => findOrganization(organizationId, context),
    }),
    subjectId: t.exposeID('subjectId', {
      description:
        'Whom it is for: a user (`usr_…`), a team (`team_…`), a role (`role_owner`, `role_admin`, `role_member`) or an API key (`api_…`).',
    }),
    models: t.exposeStringList('models', {
      description: 'The models: entries as those of `disabledModels`, and so no aliases of the organization.',
    }),
    deadSelectors: t.stringList({
      description:
        'The entries of `models` that match no model of the catalog, and so lift nothing until there is one.',
      resolve: ({ models }, _args, { catalog }) => findDeadSelectors(catalog, models),
    }),
    state: t.field({
      type: ModelExceptionState,
      description: 'Its state now.',
      resolve: (exception, _args, { now }) => exceptionStateOf(exception, now),
    }),
    until: t.expose('until', { type: 'DateTime', description: 'When it ends, or would end.' }),
    reason: t.exposeString('reason', {
      description: 'Why, in the words of whoever requested it, or granted it unasked.',
    }),
    requestedBy: t.field({
      type: User,
      nullable: true,
      description: 'Who requested it; null where it was granted unasked, or that user is no member.',
      resolve: ({ requestedById }, _args, { knownUsers }) =>
        requestedById === null ? null : knownUsers.load(requestedById),
    }),
    decidedBy: t.field({
      type: User,
      nullable: true,
      description: 'Who granted, denied or revoked it last; null while nobody has, or where that user is no member.',
      resolve: ({ decidedById }, _args, { knownUsers }) => (decidedById === null ? null : knownUsers.load(decidedById)),
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was requested, or granted unasked.' }),
    decidedAt: t.expose('decidedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was granted, denied or revoked last; null while nobody has.',
    }),
  }),
});
