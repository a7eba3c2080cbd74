import type { Context } from '../../context.ts';
import { createTeam, deleteTeam, renameTeam, setTeamMembers } from '../../domain/teams/team-change.ts';
import {
  ForbiddenError,
  NotFoundError,
  RevisionConflictError,
  UnauthenticatedError,
  ValidationError,
} from '../../errors/base.ts';
import { ExternalTeamError } from '../../errors/teams.ts';
import { builder } from '../builder.ts';
import { UserErrorInterface } from '../errors/user-error.ts';
import { Team, TeamSource } from './team.ts';

const errorTypes = [RevisionConflictError, ValidationError, ForbiddenError, UnauthenticatedError];

const descriptions = {
  organizationId: 'The id of the organization.',
  teamId: 'The id of the team: `team_…`.',
  name: 'The name, of 1 to 200 characters. No other team that is kept here has it.',
  users: 'The ids of members of the organization',
  expectedRevision: 'Refuses the change if the organization is at another revision than this.',
  reason: 'Why it is made, for the history: at most 500 characters.',
};

builder.objectType(ExternalTeamError, {
  name: 'ExternalTeamError',
  description: 'The team is kept by the identity provider, and is changed there. Nothing was changed.',
  interfaces: [UserErrorInterface],
  fields: (t) => ({
    source: t.field({ type: TeamSource, description: 'Who keeps it.', resolve: ({ source }) => source }),
  }),
});

const DeleteTeamPayload = builder.objectRef<{ deletedId: string; revision: number }>('DeleteTeamPayload').implement({
  description: 'A team that was deleted.',
  fields: (t) => ({
    deletedId: t.exposeID('deletedId', { description: 'The id that it had.' }),
    revision: t.exposeInt('revision', { description: "The organization's revision after the change." }),
  }),
});

builder.mutationFields((t) => ({
  createTeam: t.fieldWithInput({
    type: Team,
    description: 'Creates a team that is kept here. For owners and admins.',
    errors: { types: errorTypes, union: { name: 'CreateTeamResult', description: 'The team, or why there is none.' } },
    typeOptions: { name: 'CreateTeamInput', description: 'A team to create.' },
    argOptions: { description: 'The organization and the team.' },
    input: {
      organizationId: t.input.id({ required: true, description: descriptions.organizationId }),
      name: t.input.string({ required: true, description: descriptions.name }),
      userIds: t.input.idList({ description: `${descriptions.users} who are in it; absent: nobody.` }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
      reason: t.input.string({ description: descriptions.reason }),
    },
    authScopes: (_root, { input }) => ({ manageTeams: input.organizationId }),
    resolve: (_root, { input: { organizationId, ...input } }, context) =>
      createTeam(context.database(), teamsOf(organizationId, context), input),
  }),

  renameTeam: t.fieldWithInput({
    type: Team,
    description: 'Gives a team that is kept here another name. For owners and admins.',
    errors: {
      types: [ExternalTeamError, NotFoundError, ...errorTypes],
      union: { name: 'RenameTeamResult', description: 'The team after the change, or why there was none.' },
    },
    typeOptions: { name: 'RenameTeamInput', description: 'Another name of a team.' },
    argOptions: { description: 'The team and the name.' },
    input: {
      organizationId: t.input.id({ required: true, description: descriptions.organizationId }),
      teamId: t.input.id({ required: true, description: descriptions.teamId }),
      name: t.input.string({ required: true, description: descriptions.name }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
      reason: t.input.string({ description: descriptions.reason }),
    },
    authScopes: (_root, { input }) => ({ manageTeams: input.organizationId }),
    resolve: (_root, { input: { organizationId, ...input } }, context) =>
      renameTeam(context.database(), teamsOf(organizationId, context), input),
  }),

  setTeamMembers: t.fieldWithInput({
    type: Team,
    description:
      'Changes who is in a team that is kept here: gives it these members alone (`userIds`), or adds and removes some, which keeps ' +
      'what others change meanwhile. For owners and admins.',
    errors: {
      types: [ExternalTeamError, NotFoundError, ...errorTypes],
      union: { name: 'SetTeamMembersResult', description: 'The team after the change, or why there was none.' },
    },
    typeOptions: {
      name: 'SetTeamMembersInput',
      description: 'Members of a team: all of them, or those who join and leave.',
    },
    argOptions: { description: 'The team and the users.' },
    input: {
      organizationId: t.input.id({ required: true, description: descriptions.organizationId }),
      teamId: t.input.id({ required: true, description: descriptions.teamId }),
      userIds: t.input.idList({ description: `${descriptions.users} who are in it, and nobody else; \`[]\`: nobody.` }),
      addUserIds: t.input.idList({ description: `${descriptions.users} who join it.` }),
      removeUserIds: t.input.idList({ description: 'The ids of users who leave it. One who is not in it stays out.' }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
      reason: t.input.string({ description: descriptions.reason }),
    },
    authScopes: (_root, { input }) => ({ manageTeams: input.organizationId }),
    resolve: (_root, { input: { organizationId, ...input } }, context) =>
      setTeamMembers(context.database(), teamsOf(organizationId, context), input),
  }),

  deleteTeam: t.fieldWithInput({
    type: DeleteTeamPayload,
    description:
      'Deletes a team that is kept here. Its members stay members of the organization. For owners and admins.',
    errors: {
      types: [ExternalTeamError, NotFoundError, ...errorTypes],
      union: { name: 'DeleteTeamResult', description: 'What was deleted, or why nothing was.' },
    },
    typeOptions: { name: 'DeleteTeamInput', description: 'A team to delete.' },
    argOptions: { description: 'The team.' },
    input: {
      organizationId: t.input.id({ required: true, description: descriptions.organizationId }),
      teamId: t.input.id({ required: true, description: descriptions.teamId }),
      expectedRevision: t.input.int({ description: descriptions.expectedRevision }),
      reason: t.input.string({ description: descriptions.reason }),
    },
    authScopes: (_root, { input }) => ({ manageTeams: input.organizationId }),
    resolve: async (_root, { input: { organizationId, ...input } }, context) => {
      const revision = await deleteTeam(context.database(), teamsOf(organizationId, context), input);
      return { deletedId: input.teamId, revision };
    },
  }),
}));

function teamsOf(organizationId: string, { actor, limits }: Context) {
  return { organizationId, actor: actor(), limits };
}
