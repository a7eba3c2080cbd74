import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import { mint } from '../kit/issuer.ts';
import { anApiKey } from '../kit/keys.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { type Service, startService, today } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { aWorld, db, heard } = service;
const instance = service.anotherInstance();

const UpdateUser = graphql(`
  mutation UpdateUser($name: String!) {
    updateUser(input: { name: $name }) {
      __typename
      ... on User {
        id
        name
      }
      ...RefusalFields
    }
  }
`);

const NamesShown = graphql(`
  query NamesShown($organizationId: ID!) {
    organization(id: $organizationId) {
      modelSettings {
        updatedBy {
          name
        }
      }
      members {
        edges {
          node {
            user {
              id
              name
            }
          }
        }
      }
      revisions(last: 1) {
        edges {
          node {
            actor {
              name
            }
          }
        }
      }
    }
  }
`);

// The row of an organization is not cached; what shows names without it is answered from the cache.
const cached = `query ($organizationId: ID!) { organizationModelSettings(organizationId: $organizationId) { updatedBy { name } } }`;

interface Cached {
  organizationModelSettings: { updatedBy: { name: string } };
}

const changeName = async (at: Service, asking: object, name: string) =>
  (await at.ask(UpdateUser, { name }, asking)).data?.updateUser;

/** All names that an instance shows the owner where the admin's is due. */
async function shownBy(at: Service, { organization, owner, admin }: World) {
  const variables = { organizationId: organization.id };
  const { data } = await at.ask(NamesShown, variables, { as: owner });
  const members = data?.organization?.members.edges.map(({ node }) => node.user) ?? [];
  const settings = await at.ask<Cached, typeof variables>(cached, variables, { as: owner });
  return [
    data?.organization?.modelSettings.updatedBy?.name,
    members.find(({ id }) => id === admin.id)?.name,
    data?.organization?.revisions?.edges[0]?.node.actor?.name,
    settings.data?.organizationModelSettings.updatedBy.name,
  ];
}

/** A world whose admin has changed something, which both instances have shown to the owner. */
async function aShownWorld() {
  await expect.poll(() => instance.lease.isHeld, { timeout: 10_000 }).toBe(true);
  const world = await aWorld();
  const input = { organizationId: world.organization.id, disabledModels: ['gpt-4o'] };
  await service.ask(UpdateSettings, { input }, { as: world.admin });
  for (const at of [service, instance]) {
    expect(await shownBy(at, world)).toEqual(Array(4).fill(world.admin.name));
  }
  return world;
}

describe('updateUser', () => {
  it('changes the name of the viewer, and marks it as chosen', async () => {
    const { member, admin } = await aWorld();

    expect(await changeName(service, { as: member }, '  Lena Petrova ')).toEqual({
      __typename: 'User',
      id: member.id,
      name: 'Lena Petrova',
    });
    expect(await db.user.findUnique({ where: { id: member.id } })).toMatchObject({
      name: 'Lena Petrova',
      nameSetByUser: true,
    });
    expect(await db.user.findUnique({ where: { id: admin.id } })).toMatchObject({
      name: admin.name,
      nameSetByUser: false,
    });
  });

  it('is seen at once on every instance, wherever the name is shown to others', async () => {
    const world = await aShownWorld();
    const variables = { organizationId: world.organization.id };
    instance.takeStatements();
    await instance.ask(cached, variables, { as: world.owner });
    expect(instance.takeStatements()).toEqual([]);

    await changeName(service, { as: world.admin }, 'Jonas Okafor');

    for (const at of [service, instance]) expect(await shownBy(at, world)).toEqual(Array(4).fill('Jonas Okafor'));
  });

  it('leaves no instance behind where another program writes the name', async () => {
    const world = await aShownWorld();

    await db.user.update({ where: { id: world.admin.id }, data: { name: 'Jonas Okafor' } });
    await heard();

    for (const at of [service, instance]) expect(await shownBy(at, world)).toEqual(Array(4).fill('Jonas Okafor'));
  });

  it('keeps the name from those of tokens, however late they come', async () => {
    const { member } = await aWorld();
    const later = service.anotherInstance({ clock: () => new Date(today.getTime() + 7_200_000) });
    const ownName = `{ caller { user { name } } }`;
    const nameAt = async (at: Pick<typeof service, 'ask'>, name: string) => {
      const token = await mint({ sub: member.id, name });
      const { data } = await at.ask<{ caller: { user: { name: string } } }, Record<string, never>>(
        ownName,
        {},
        { token },
      );
      return data?.caller.user.name;
    };
    expect(await nameAt(service, 'L. Petrova')).toBe('L. Petrova');

    await changeName(service, { as: member }, 'Lena Petrova');

    expect([await nameAt(later, 'L. Petrova'), await nameAt(later, 'LP'), await nameAt(instance, 'LP')]).toEqual(
      Array(3).fill('Lena Petrova'),
    );
  });

  it.each(['', '   ', 'x'.repeat(201), 'a\u0000b'])('refuses the name "%s", and changes nothing', async (name) => {
    const { member } = await aWorld();

    expect(await changeName(service, { as: member }, name)).toMatchObject({
      __typename: 'ModelgateValidationError',
      issues: [{ path: 'name' }],
    });
    expect(await db.user.findUnique({ where: { id: member.id } })).toMatchObject({
      name: member.name,
      nameSetByUser: false,
    });
  });

  it('is for people alone', async () => {
    const { token } = await anApiKey(service, await aWorld(), ['READ', 'SETTINGS_WRITE']);

    expect(await changeName(service, { token }, 'Robot')).toMatchObject({
      __typename: 'ModelgateForbiddenError',
      code: 'INSUFFICIENT_PERMISSIONS',
    });
    const { member } = await aWorld();
    const acting = { token: await mint({ sub: member.id, act: { sub: 'support' } }) };
    expect(await changeName(service, acting, 'Robot')).toMatchObject({ code: 'INSUFFICIENT_PERMISSIONS' });
    expect(await changeName(service, {}, 'Nobody')).toMatchObject({ code: 'AUTHENTICATION_REQUIRED' });
    expect(await db.user.count({ where: { name: { in: ['Robot', 'Nobody'] } } })).toBe(0);
  });
});
