import { z } from 'zod';
import { authorize } from '../../auth/permissions.ts';
import type { TeamSource as SourceName } from '../../database/generated/prisma/enums.ts';
import type { TeamKey, Team as TeamShape } from '../../domain/teams/team.ts';
import { findOrganization, findUser } from '../belonging.ts';
import { builder } from '../builder.ts';
import { keysetConnection } from '../connection.ts';
import { Organization } from '../organizations/organization.ts';
import { User } from '../organizations/user.ts';

export const TeamSource = builder.enumType('TeamSource', {
  description: 'Who keeps a team.',
  values: {
    CLAIMS: { description: 'The tokens of its members name it, as the identity provider issues them.' },
    SCIM: { description: "The identity provider's directory, by SCIM." },
    MANUAL: { description: 'Owners and admins, here.' },
  } satisfies Record<SourceName, { description: string }>,
});

export const Team = builder.objectRef<TeamShape>('Team').implement({
  interfaces: [builder.nodeInterfaceRef()],
  description:
    'A group of people in an organization, as its identity provider keeps it, or its owners and admins. Visible to the members of ' +
    'the organization.',
  visible: ({ organizationId }, { viewer }) => authorize(viewer, 'readOrganization', organizationId),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id: `team_…`.' }),
    organization: t.field({
      type: Organization,
      description: 'The organization.',
      resolve: ({ organizationId }, _args, context) => findOrganization(organizationId, context),
    }),
    name: t.exposeString('name', { description: 'The name. Teams that are kept in different ways may have the same.' }),
    source: t.field({ type: TeamSource, description: 'Who keeps it.', resolve: ({ source }) => source }),
    members: t.connection(
      {
        type: User,
        // One who is in the organization by tokens alone has no membership: so they are users.
        description: 'Its members, ordered by id, without those whom the directory has deactivated.',
        resolve: ({ id }, args, context) =>
          keysetConnection({
            args,
            maxSize: context.limits.pageSize,
            key: z.string(),
            keyOf: (user: { id: string }) => user.id,
            load: async (page) => {
              const userIds = await context.teams.members.load({ ownerId: id, page });
              return Promise.all(userIds.map((userId) => findUser(userId, context)));
            },
            totalCount: () => context.teams.memberCounts.load(id),
          }),
      },
      { name: 'TeamMemberConnection', description: 'A page of the members of a team.' },
      { name: 'TeamMemberEdge', description: 'A member of a team on a page.' },
    ),
  }),
});

builder.prismaObjectField('Organization', 'teams', (t) =>
  t.connection(
    {
      type: Team,
      description: 'Its teams, ordered by name.',
      resolve: ({ id }, args, { teams, limits }) =>
        keysetConnection({
          args,
          maxSize: limits.pageSize,
          key: z.tuple([z.string(), z.string()]),
          keyOf: ({ name, id }: TeamShape): TeamKey => [name, id],
          load: (page) => teams.pages.load({ ownerId: id, page }),
          totalCount: () => teams.counts.load(id),
        }),
    },
    { name: 'TeamConnection', description: 'A page of teams.' },
    { name: 'TeamEdge', description: 'A team on a page.' },
  ),
);
