import type { PrismaDatabase } from '../../src/database/pool/client.ts';
import { graphql } from '../generated/gql.ts';
import type { Service } from './service.ts';

graphql(`
  fragment InvitationFields on Invitation {
    id
    organizationId
    userId
    role
    state
    createdAt
    expiresAt
  }
`);

export const InviteMember = graphql(`
  mutation InviteMember($input: InviteMemberInput!) {
    inviteMember(input: $input) {
      __typename
      ...InvitationFields
      ...RefusalFields
    }
  }
`);

export const RevokeInvitation = graphql(`
  mutation RevokeInvitation($input: RevokeInvitationInput!) {
    revokeInvitation(input: $input) {
      __typename
      ...InvitationFields
      ...RefusalFields
    }
  }
`);

export const AcceptInvitation = graphql(`
  mutation AcceptInvitation($input: AcceptInvitationInput!) {
    acceptInvitation(input: $input) {
      __typename
      ... on Membership {
        role
        user {
          id
        }
      }
      ...RefusalFields
    }
  }
`);

export const DeclineInvitation = graphql(`
  mutation DeclineInvitation($input: DeclineInvitationInput!) {
    declineInvitation(input: $input) {
      __typename
      ... on DeclineInvitationPayload {
        organizationId
        invitationId
      }
      ...RefusalFields
    }
  }
`);

export const ListInvitations = graphql(`
  query ListInvitations($organizationId: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    organization(id: $organizationId) {
      invitations(first: $first, after: $after, last: $last, before: $before) {
        edges {
          node {
            ...InvitationFields
          }
        }
        pageInfo {
          hasNextPage
          hasPreviousPage
          startCursor
          endCursor
        }
        totalCount
      }
    }
  }
`);

export const MyInvitations = graphql(`
  query MyInvitations {
    caller {
      invitations {
        id
        organizationId
        organizationName
        role
        createdAt
        expiresAt
      }
    }
  }
`);

export const SetMemberRole = graphql(`
  mutation SetMemberRole($input: SetMemberRoleInput!) {
    setMemberRole(input: $input) {
      __typename
      ... on Membership {
        role
        user {
          id
        }
      }
      ...RefusalFields
    }
  }
`);

export const RemoveMember = graphql(`
  mutation RemoveMember($input: RemoveMemberInput!) {
    removeMember(input: $input) {
      __typename
      ... on RemoveMemberPayload {
        organizationId
        userId
        revision
      }
      ...RefusalFields
    }
  }
`);

export const CreateOrganization = graphql(`
  mutation CreateOrganization($name: String!) {
    createOrganization(input: { name: $name }) {
      __typename
      ... on Organization {
        id
        name
        revision
        members {
          edges {
            node {
              role
              user {
                id
              }
            }
          }
        }
      }
      ...RefusalFields
    }
  }
`);

export const UpdateOrganization = graphql(`
  mutation UpdateOrganization($input: UpdateOrganizationInput!) {
    updateOrganization(input: $input) {
      __typename
      ... on Organization {
        id
        name
        apiKeyManagers
        supportContact
        revision
      }
      ...RefusalFields
    }
  }
`);

export const MyMemberships = graphql(`
  query MyMemberships {
    caller {
      memberships {
        role
        organization {
          id
          name
        }
      }
    }
  }
`);

type Person = { id: string } | undefined;
type Place = { organization: { id: string } };
export type RoleName = 'OWNER' | 'ADMIN' | 'MEMBER';

/** An open invitation of this world's organization, as its owner makes it. */
export async function anInvitation(
  { ask }: Pick<Service, 'ask'>,
  { organization, owner }: Place & { owner: { id: string } },
  input: { userId: string; role?: RoleName },
) {
  const { data } = await ask(InviteMember, { input: { organizationId: organization.id, ...input } }, { as: owner });
  const invited = data?.inviteMember;
  if (invited?.__typename !== 'Invitation') throw new Error(JSON.stringify(invited));
  return invited;
}

/** What owners do with members and those whom they invite, what these answer, and what it comes to. */
export function membersOf({ ask, db }: Pick<Service, 'ask'> & { db: PrismaDatabase }) {
  return {
    invite: async ({ organization }: Place, as: Person, input: { userId: string; role?: RoleName }) => {
      const { data } = await ask(InviteMember, { input: { organizationId: organization.id, ...input } }, { as });
      return data?.inviteMember;
    },
    revoke: async ({ organization }: Place, as: Person, { id: invitationId }: { id: string }) => {
      const input = { organizationId: organization.id, invitationId };
      const { data } = await ask(RevokeInvitation, { input }, { as });
      return data?.revokeInvitation;
    },
    accept: async ({ organization }: Place, as: Person, { id: invitationId }: { id: string }) => {
      const input = { organizationId: organization.id, invitationId };
      const { data } = await ask(AcceptInvitation, { input }, { as });
      return data?.acceptInvitation;
    },
    decline: async ({ organization }: Place, as: Person, { id: invitationId }: { id: string }) => {
      const input = { organizationId: organization.id, invitationId };
      const { data } = await ask(DeclineInvitation, { input }, { as });
      return data?.declineInvitation;
    },
    receivedBy: async (as: Person) => {
      const { data } = await ask(MyInvitations, {}, { as });
      return data?.caller.invitations;
    },
    setRole: async ({ organization }: Place, as: Person, userId: string, role: RoleName) => {
      const { data } = await ask(SetMemberRole, { input: { organizationId: organization.id, userId, role } }, { as });
      return data?.setMemberRole;
    },
    remove: async ({ organization }: Place, as: Person, userId: string) => {
      const { data } = await ask(RemoveMember, { input: { organizationId: organization.id, userId } }, { as });
      return data?.removeMember;
    },
    listedTo: async ({ organization }: Place, as: Person) => {
      const { data } = await ask(ListInvitations, { organizationId: organization.id }, { as });
      return data?.organization?.invitations?.edges.map(({ node }) => node);
    },
    rolesIn: async ({ organization }: Place) => {
      const rows = await db.membership.findMany({ where: { organizationId: organization.id } });
      return Object.fromEntries(rows.map(({ userId, role }) => [userId, role]));
    },
  };
}
