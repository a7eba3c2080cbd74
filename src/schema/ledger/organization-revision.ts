import { reauthorizeFollower, viewerIdOf } from '../../auth/viewer.ts';
import type { LedgerEntry } from '../../domain/feed/revision-log.ts';
import type { Action } from '../../domain/ledger/ledger-entry.ts';
import { ValidationError } from '../../errors/base.ts';
import { findOrganization } from '../belonging.ts';
import { builder } from '../builder.ts';
import { Organization } from '../organizations/organization.ts';
import { User } from '../organizations/user.ts';
import { Revision, RevisionAction } from './revision.ts';

/** Not the entry itself: that is visible to owners and admins, while every member may know that something has changed. */
const OrganizationRevision = builder.objectRef<LedgerEntry>('OrganizationRevision').implement({
  description: 'A change of an organization that was just made, with what all its members may see of it.',
  fields: (t) => ({
    number: t.exposeInt('number', { description: "The organization's revisions are numbered from 1, without gaps." }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was made.' }),
    action: t.field({
      type: RevisionAction,
      description: 'What was done.',
      resolve: ({ action }) => action as Action,
    }),
    actor: t.field({
      type: User,
      nullable: true,
      description: 'The user who made it; null where a service did, or a user who is no member.',
      resolve: ({ actor }, _args, { knownUsers }) => {
        // The viewer may see the actor of a revision that it receives. Primed, so that no statement is sent for each of many
        // subscribers.
        if (actor) knownUsers.prime(actor.id, actor);
        return actor;
      },
    }),
    organization: t.field({
      type: Organization,
      description: 'The organization as it is now, which may be after later changes.',
      resolve: ({ organizationId }, _args, context) => findOrganization(organizationId, context),
    }),
    revision: t.field({
      type: Revision,
      nullable: true,
      description: 'What was changed. For owners and admins.',
      authScopes: ({ organizationId }) => ({ readRevisions: organizationId }),
      resolve: ({ id }, _args, { revisionsById }) => revisionsById.load(id),
    }),
  }),
});

builder.subscriptionField('organizationRevision', (t) =>
  t.field({
    type: OrganizationRevision,
    description:
      'Each new revision of an organization, as it is committed: in order, without gaps. It ends when the token ends, the ' +
      'membership or role changes, or the events are not read. For every member.',
    args: {
      organizationId: t.arg.id({ required: true, description: 'The id of the organization.' }),
      sinceRevision: t.arg.int({
        description:
          'The number of the last revision that the client knows: those after it are sent first. Absent: the one that the ' +
          'header Last-Event-ID names, else none.',
      }),
    },
    authScopes: (_root, { organizationId }) => ({ readOrganization: organizationId }),
    subscribe: (_root, { organizationId, sinceRevision }, { database, viewer, connection, revisionHub }) => {
      const { signal, lastEventId } = connection;
      const follower = {
        signal,
        disconnect: () => connection.disconnect(),
        id: viewerIdOf(viewer) ?? '',
        validForMs: viewer.validForMs,
        reauthorize: () => reauthorizeFollower(database(), viewer, organizationId),
      };
      return revisionHub.follow(organizationId, follower, { sinceRevision: sinceRevision ?? revisionOf(lastEventId) });
    },
    resolve: (entry) => entry,
  }),
);

/** The revision of the last event that the client received. @throws ValidationError where the id is not that of an event */
function revisionOf(lastEventId: string | null): number | undefined {
  if (!lastEventId) return undefined;
  if (/^\d{1,9}$/.test(lastEventId)) return Number(lastEventId);
  throw new ValidationError([
    { path: 'Last-Event-ID', message: 'must be the id of an event, which is a whole number' },
  ]);
}
