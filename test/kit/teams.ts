import { typeid } from 'typeid-js';
import type { TeamSource } from '../../src/database/generated/prisma/enums.ts';
import type { PrismaDatabase } from '../../src/database/pool/client.ts';
import { graphql } from '../generated/gql.ts';
import type { CreateTeamInput, DeleteTeamInput, RenameTeamInput, SetTeamMembersInput } from '../generated/graphql.ts';
import type { Service } from './service.ts';
import type { World } from './world.ts';

interface TeamOptions {
  name?: string;
  source?: TeamSource;
  members?: readonly { id: string }[];
}

/** A team of an organization, as if it had been there before. */
export async function aTeam(
  db: PrismaDatabase,
  { id: organizationId }: { id: string },
  { name, source = 'CLAIMS', members = [] }: TeamOptions = {},
): Promise<{ id: string; name: string }> {
  const id = typeid('team').toString();
  const team = { id, name: name ?? `Team ${id.slice(-6)}`, organizationId, source };
  await db.team.create({
    data: { ...team, members: { create: members.map((member) => ({ userId: member.id })) } },
  });
  return { id, name: team.name };
}

graphql(`
  fragment TeamChanged on Team {
    id
    name
    source
    members(first: 100) {
      totalCount
      edges {
        node {
          id
        }
      }
    }
    organization {
      revision
    }
  }
`);

export const CreateTeam = graphql(`
  mutation CreateTeam($input: CreateTeamInput!) {
    createTeam(input: $input) {
      __typename
      ...TeamChanged
      ...RefusalFields
    }
  }
`);

const RenameTeam = graphql(`
  mutation RenameTeam($input: RenameTeamInput!) {
    renameTeam(input: $input) {
      __typename
      ...TeamChanged
      ...RefusalFields
      ... on ExternalTeamError {
        source
      }
    }
  }
`);

const SetTeamMembers = graphql(`
  mutation SetTeamMembers($input: SetTeamMembersInput!) {
    setTeamMembers(input: $input) {
      __typename
      ...TeamChanged
      ...RefusalFields
      ... on ExternalTeamError {
        source
      }
    }
  }
`);

const DeleteTeam = graphql(`
  mutation DeleteTeam($input: DeleteTeamInput!) {
    deleteTeam(input: $input) {
      __typename
      ... on DeleteTeamPayload {
        deletedId
        revision
      }
      ...RefusalFields
      ... on ExternalTeamError {
        source
      }
    }
  }
`);

/** The input of a change in the organization of a world. */
type Given<Input> = Omit<Input, 'organizationId'>;

/** What an admin, unless somebody else is named, is answered to a change of the teams of a world. */
export function teamChangesOf({ ask }: Pick<Service, 'ask'>) {
  type Where = Pick<World, 'organization' | 'admin'>;
  const inputOf = <Input extends object>({ organization }: Where, given: Input) => ({
    input: { organizationId: organization.id, ...given },
  });
  const create = async (world: Where, given: Given<CreateTeamInput>, as: { id: string } = world.admin) =>
    (await ask(CreateTeam, inputOf(world, given), { as })).data?.createTeam;
  return {
    create,
    /** A team that is created as it is asked for. */
    created: async (world: Where, given: Partial<Given<CreateTeamInput>> = {}) => {
      const team = await create(world, { name: `Team ${typeid('x').toString().slice(-8)}`, ...given });
      if (team?.__typename !== 'Team') throw new Error(JSON.stringify(team));
      return team;
    },
    rename: async (world: Where, given: Given<RenameTeamInput>, as: { id: string } = world.admin) =>
      (await ask(RenameTeam, inputOf(world, given), { as })).data?.renameTeam,
    setMembers: async (world: Where, given: Given<SetTeamMembersInput>, as: { id: string } = world.admin) =>
      (await ask(SetTeamMembers, inputOf(world, given), { as })).data?.setTeamMembers,
    remove: async (world: Where, given: Given<DeleteTeamInput>, as: { id: string } = world.admin) =>
      (await ask(DeleteTeam, inputOf(world, given), { as })).data?.deleteTeam,
  };
}

type Answered = { __typename: string; members?: { edges: { node: { id: string } }[] } } | undefined;

/** The ids of the members of a changed team, as they are answered. */
export function memberIdsOf(team: Answered): string[] {
  return team?.members?.edges.map(({ node }) => node.id) ?? [];
}
