import { describe, expect, it } from 'vitest';
import { anApiKey } from '../kit/keys.ts';
import { AllowedModels } from '../kit/operations.ts';
import { setScope } from '../kit/scopes.ts';
import { nothingRemembered, startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import { aMember, type World } from '../kit/world.ts';

const service = await startService();
const { ask, anotherInstance, aWorld, db, heard } = service;

interface Models {
  totalCount: number;
  pageInfo: { hasNextPage: boolean; endCursor: string };
  edges: { node: { modelId: string } }[];
}

const models = '{ totalCount pageInfo { hasNextPage endCursor } edges { node { modelId } } }';

/** As the gateway of a supergraph asks. */
const OfUsers = `query ($representations: [_Any!]!, $o: ID!, $first: Int, $after: String) {
  _entities(representations: $representations) {
    ... on User { id availableModels(organizationId: $o, first: $first, after: $after) ${models} }
  }
}`;
const OfTeams = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { ... on Team { id availableModels(first: 100) ${models} } }
}`;

interface Asking {
  as?: { id: string };
  token?: string;
}

async function ofUsers(
  organization: { id: string },
  users: readonly { id: string }[],
  asking: Asking,
  page: object = { first: 100 },
  by: Pick<typeof service, 'ask'> = service,
) {
  const representations = users.map(({ id }) => ({ __typename: 'User', id }));
  const { data, errors } = await by.ask<{ _entities: ({ availableModels: Models } | null)[] }, Record<string, unknown>>(
    OfUsers,
    { representations, o: organization.id, ...page },
    asking,
  );
  return { found: data?._entities.map((user) => user?.availableModels) ?? [], code: errors?.[0]?.extensions.code };
}

async function ofTeam({ id }: { id: string }, asking: Asking) {
  const representations = [{ __typename: 'Team', id }];
  const { data, errors } = await ask<{ _entities: ({ availableModels: Models } | null)[] }, Record<string, unknown>>(
    OfTeams,
    { representations },
    asking,
  );
  return { found: data?._entities[0]?.availableModels, code: errors?.[0]?.extensions.code };
}

const idsOf = (found: Models | undefined) => found?.edges.map(({ node }) => node.modelId);

/** What a caller is listed itself. */
async function listedTo({ organization }: World, as: { id: string }) {
  const variables = { organizationId: organization.id, filter: { allowed: true }, first: 100 };
  const { data } = await ask(AllowedModels, variables, { as });
  return data?.models.edges.map(({ node }) => node.modelId);
}

async function aGovernedWorld() {
  const world = await aWorld();
  const team = await aTeam(db, world.organization, { members: [world.member] });
  await setScope(service, world, team.id, { allowedModels: ['gpt-4.1*', 'claude-sonnet-4-6'] });
  await setScope(service, world, world.member.id, { disabledProviders: ['anthropic'] });
  await heard();
  return { ...world, team };
}

describe('User.availableModels', () => {
  it('are the models that the user is listed as allowed itself: to itself, owners, admins and services that may read', async () => {
    const world = await aGovernedWorld();
    const { organization, owner, admin, member } = world;
    const { token } = await anApiKey(service, world, ['READ']);
    const own = await listedTo(world, member);

    for (const asking of [{ as: owner }, { as: admin }, { as: member }, { token }]) {
      const { found } = await ofUsers(organization, [member], asking);
      expect(idsOf(found[0])).toEqual(own);
    }
    expect(own).toContain('gpt-4.1-mini');
    expect(own?.every((modelId) => modelId.startsWith('gpt-4.1'))).toBe(true);
    expect(idsOf((await ofUsers(organization, [owner], { as: admin })).found[0])).toEqual(await listedTo(world, owner));
  });

  it('are read in pages, and counted', async () => {
    const { organization, member } = await aGovernedWorld();
    const [all] = (await ofUsers(organization, [member], { as: member })).found;

    const [first] = (await ofUsers(organization, [member], { as: member }, { first: 1 })).found;
    const after = first?.pageInfo.endCursor;
    const [rest] = (await ofUsers(organization, [member], { as: member }, { first: 100, after })).found;

    expect(first).toMatchObject({ totalCount: all?.edges.length, pageInfo: { hasNextPage: true } });
    expect([...(idsOf(first) ?? []), ...(idsOf(rest) ?? [])]).toEqual(idsOf(all));
  });

  it('are not told to other members, nor to a service that may not read, nor of an organization that the caller is not in', async () => {
    const world = await aGovernedWorld();
    const { organization, foreignOrganization, owner, member, admin } = world;
    const { token } = await anApiKey(service, world, ['USAGE_WRITE']);

    expect(await ofUsers(organization, [owner], { as: member })).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
    expect((await ofUsers(organization, [member], { token })).found).toEqual([undefined]);
    expect(await ofUsers(foreignOrganization, [member], { as: member })).toMatchObject({
      code: 'ORGANIZATION_ACCESS_DENIED',
    });
    expect(await ofUsers(foreignOrganization, [member], { as: admin })).toMatchObject({
      code: 'ORGANIZATION_ACCESS_DENIED',
    });
    expect(await ofUsers(organization, [member], {})).toMatchObject({ code: 'AUTHENTICATION_REQUIRED' });
  });

  it('are none in an organization that the user does not belong to', async () => {
    const { organization, foreignOrganization, stranger } = await aWorld();
    const member = await aMember(db, foreignOrganization, 'MEMBER');
    await db.membership.create({ data: { organizationId: organization.id, userId: stranger.id, role: 'ADMIN' } });
    await heard();

    const { found } = await ofUsers(organization, [member, stranger], { as: stranger });

    expect(found[0]).toEqual({ totalCount: 0, edges: [], pageInfo: expect.objectContaining({ hasNextPage: false }) });
    expect(found[1]?.totalCount).toBeGreaterThan(0);
  });

  it('are read for many users in as many statements as for one', async () => {
    const forgetful = anotherInstance({ cache: nothingRemembered });
    const world = await aGovernedWorld();
    const { organization, admin, member } = world;
    const others = await Promise.all(Array.from({ length: 20 }, () => aMember(db, organization, 'MEMBER')));
    const statementsFor = async (users: readonly { id: string }[]) => {
      forgetful.takeStatements();
      const { found } = await ofUsers(organization, users, { as: admin }, { first: 5 }, forgetful);
      expect(found.every((one) => (one?.edges.length ?? 0) > 0)).toBe(true);
      return forgetful.takeStatements().length;
    };
    await statementsFor([member]);

    expect(await statementsFor([member, ...others])).toBe(await statementsFor([member]));
  });
});

describe('Team.availableModels', () => {
  it('are the models that the rules of the team allow, without those of its members', async () => {
    const world = await aGovernedWorld();
    const { admin, member, team, stranger } = world;
    const { token } = await anApiKey(service, world, ['READ']);

    for (const asking of [{ as: admin }, { token }]) {
      const { found } = await ofTeam(team, asking);
      expect(idsOf(found)).toEqual(['claude-sonnet-4-6', ...((await listedTo(world, member)) ?? [])]);
    }
    expect(await ofTeam(team, { as: member })).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
    expect((await ofTeam(team, { as: stranger })).found).toBe(undefined);
  });
});
