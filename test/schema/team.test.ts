import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import { startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';

const { ask, aWorld, db, heard, takeStatements } = await startService();

const ListTeams = graphql(`
  query ListTeams($organizationId: ID!, $first: Int = 20, $after: String) {
    organization(id: $organizationId) {
      teams(first: $first, after: $after) {
        edges {
          node {
            name
            source
            members(first: 10) {
              edges {
                node {
                  id
                  name
                }
              }
              totalCount
            }
          }
        }
        pageInfo {
          endCursor
          hasNextPage
        }
        totalCount
      }
    }
  }
`);

async function listed(organization: { id: string }, as: { id: string }, page: { first?: number; after?: string } = {}) {
  const { data } = await ask(ListTeams, { organizationId: organization.id, ...page }, { as });
  return data?.organization?.teams;
}

/** Someone whom tokens alone make a member. */
async function aStranger(name: string) {
  const user = { id: typeid('usr').toString(), name };
  await db.user.create({ data: user });
  return user;
}

describe('the teams of an organization', () => {
  it('are listed to its members by name, page by page, with who is in them', async () => {
    const { organization, owner, member } = await aWorld();
    const [one, other] = [member, owner].sort((left, right) => (left.id < right.id ? -1 : 1));
    await aTeam(db, organization, { name: 'Research', source: 'SCIM', members: [member, owner] });
    await aTeam(db, organization, { name: 'Analysis' });

    const first = await listed(organization, member, { first: 1 });
    const next = await listed(organization, member, { first: 1, after: first?.pageInfo.endCursor ?? '' });

    expect(first).toMatchObject({
      totalCount: 2,
      pageInfo: { hasNextPage: true },
      edges: [{ node: { name: 'Analysis', source: 'CLAIMS', members: { totalCount: 0, edges: [] } } }],
    });
    expect(next?.edges).toEqual([
      {
        node: {
          name: 'Research',
          source: 'SCIM',
          members: { totalCount: 2, edges: [one, other].map((user) => ({ node: { id: user?.id, name: user?.name } })) },
        },
      },
    ]);
  });

  it('have members who are in the organization by their tokens alone, and others see these', async () => {
    const { organization, member, stranger } = await aWorld();
    const colleague = await aStranger('Nadia Haddad');
    await aTeam(db, organization, { members: [colleague] });
    const seen = (as: { id: string }) =>
      ask('query ($id: ID!) { node(id: $id) { ... on User { name } } }', { id: colleague.id }, { as });

    const teams = await listed(organization, member);

    expect(teams?.edges[0]?.node.members.edges).toEqual([{ node: colleague }]);
    expect((await seen(member)).data).toEqual({ node: { name: 'Nadia Haddad' } });
    expect((await seen(stranger)).data).toEqual({ node: null });
  });

  it('are without those whom the directory has deactivated', async () => {
    const { organization, owner, member } = await aWorld();
    await aTeam(db, organization, { source: 'SCIM', members: [owner, member] });
    const times = { createdAt: new Date(), updatedAt: new Date() };
    const user = { userId: member.id, userName: 'm', active: false, attributes: {}, ...times };
    await db.scimUser.create({ data: { organizationId: organization.id, ...user } });

    const [team] = (await listed(organization, owner))?.edges ?? [];

    expect(team?.node.members).toMatchObject({ totalCount: 1, edges: [{ node: { id: owner.id } }] });
  });

  it('are read anew once one has changed', async () => {
    const { organization, member } = await aWorld();
    const { id } = await aTeam(db, organization, { name: 'Before' });
    await heard();
    await listed(organization, member);

    await db.team.update({ where: { id }, data: { name: 'After' } });
    await heard();

    expect((await listed(organization, member))?.edges[0]?.node.name).toBe('After');
  });

  it('take no more statements where there are more of them', async () => {
    const { organization, owner, admin, member } = await aWorld();
    const statementsFor = async () => {
      await heard();
      takeStatements();
      await listed(organization, member);
      return takeStatements().length;
    };
    await aTeam(db, organization, { members: [owner] });
    const forOne = await statementsFor();

    for (const members of [[owner, admin], [member], [owner, member]]) await aTeam(db, organization, { members });

    expect(await statementsFor()).toBe(forOne);
    expect((await listed(organization, member))?.totalCount).toBe(4);
  });

  it('are not told to anybody else', async () => {
    const { organization, stranger } = await aWorld();
    await aTeam(db, organization);

    const { data, errors } = await ask(ListTeams, { organizationId: organization.id }, { as: stranger });

    expect(data?.organization ?? null).toBe(null);
    expect(errors?.[0]?.extensions.code).toBe('ORGANIZATION_ACCESS_DENIED');
  });
});
