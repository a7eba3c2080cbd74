import type { Database } from '../../src/database/client.ts';
import { graphql } from '../generated/gql.ts';
import type { Service } from './service.ts';

export const AddMember = graphql(`
  mutation AddMember($input: AddMemberInput!) {
    addMember(input: $input) {
      __typename
      ... on Membership {
        role
        user {
          id
        }
        organization {
          id
          revision
          members {
            totalCount
          }
        }
      }
      ... on UserError {
        code
        message
      }
      ... on ValidationError {
        issues {
          path
          message
        }
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
      ... on UserError {
        code
        message
      }
      ... on ValidationError {
        issues {
          path
          message
        }
      }
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
      ... on UserError {
        code
        message
      }
      ... on ValidationError {
        issues {
          path
          message
        }
      }
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
      ... on UserError {
        code
        message
      }
      ... on ValidationError {
        issues {
          path
          message
        }
      }
    }
  }
`);

export const MyMemberships = graphql(`
  query MyMemberships {
    viewer {
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

/** What owners do with members, and what it comes to. */
export function membersOf({ ask, db }: Pick<Service, 'ask'> & { db: Database }) {
  return {
    add: async ({ organization }: Place, as: Person, input: { userId: string; role?: RoleName }) => {
      const { data } = await ask(AddMember, { input: { organizationId: organization.id, ...input } }, { as });
      return data?.addMember;
    },
    setRole: async ({ organization }: Place, as: Person, userId: string, role: RoleName) => {
      const { data } = await ask(SetMemberRole, { input: { organizationId: organization.id, userId, role } }, { as });
      return data?.setMemberRole;
    },
    remove: async ({ organization }: Place, as: Person, userId: string) => {
      const { data } = await ask(RemoveMember, { input: { organizationId: organization.id, userId } }, { as });
      return data?.removeMember;
    },
    rolesIn: async ({ organization }: Place) => {
      const rows = await db.membership.findMany({ where: { organizationId: organization.id } });
      return Object.fromEntries(rows.map(({ userId, role }) => [userId, role]));
    },
  };
}
