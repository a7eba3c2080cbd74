import { isInterfaceType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';
import { graphql } from '../generated/gql.ts';
import { CreateConfig } from '../kit/config-operations.ts';
import { anApiKey } from '../kit/keys.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { aMember } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db, takeStatements } = service;

const Nodes = graphql(`
  query Nodes($ids: [ID!]!) {
    nodes(ids: $ids) {
      __typename
      id
    }
  }
`);

const OneNode = graphql(`
  query OneNode($id: ID!) {
    node(id: $id) {
      __typename
      id
    }
  }
`);

const Members = graphql(`
  query Members($ids: [ID!]!, $first: Int) {
    nodes(ids: $ids) {
      ... on Organization {
        id
        name
        modelSettings {
          updatedBy {
            name
          }
        }
        members(first: $first) {
          totalCount
          edges {
            node {
              role
              user {
                id
                name
                email
              }
              organization {
                id
              }
            }
          }
        }
      }
    }
  }
`);

/** A world in which every type of object has one. */
async function aFullWorld() {
  const world = await aWorld();
  const { organization, admin } = world;
  await ask(UpdateSettings, { input: { organizationId: organization.id, disabledModels: ['x'] } }, { as: admin });
  const revision = await db.revision.findFirstOrThrow({ where: { organizationId: organization.id } });
  return { ...world, settingsId: organization.id.replace('org_', 'oms_'), revisionId: revision.id };
}

describe('node', () => {
  it('answers every type of object by its one id', async () => {
    const { organization, admin, owner, settingsId, revisionId } = await aFullWorld();
    const ids = [organization.id, settingsId, admin.id, 'mdl_openai/gpt-4o', revisionId];

    const { data, errors } = await ask(Nodes, { ids }, { as: owner });

    expect(errors).toBe(undefined);
    expect(data?.nodes).toEqual([
      { __typename: 'Organization', id: ids[0] },
      { __typename: 'OrganizationModelSettings', id: ids[1] },
      { __typename: 'User', id: ids[2] },
      { __typename: 'Model', id: ids[3] },
      { __typename: 'Revision', id: ids[4] },
    ]);
  });

  it('tells at once who made a model, and who created a configuration or an API key', async () => {
    const world = await aWorld();
    const apiKey = await anApiKey(service, world, ['READ']);
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) {
      ... on Model { creator } ... on ModelConfig { createdBy { id } } ... on ApiKey { createdBy { id } } } }`;
    const { data: created } = await ask(
      CreateConfig,
      { input: { organizationId: world.organization.id, provider: 'openai', modelId: 'gpt-4o' } },
      { as: world.owner },
    );
    const config = created?.createModelConfig.__typename === 'ModelConfig' ? created.createModelConfig.id : '';

    const { data } = await ask<unknown, { ids: string[] }>(
      query,
      { ids: ['mdl_openai/gpt-4o', config, apiKey.id] },
      { as: world.owner },
    );

    const createdBy = { id: world.owner.id };
    expect(data).toEqual({ nodes: [{ creator: 'openai' }, { createdBy }, { createdBy }] });
  });

  it("answers another tenant's object as one that does not exist, byte for byte", async () => {
    const { organization, admin, stranger, settingsId, revisionId } = await aFullWorld();
    const textOf = async (id: string) => {
      const { data, errors } = await ask(OneNode, { id }, { as: stranger });
      return JSON.stringify({ data, errors });
    };

    for (const id of [organization.id, settingsId, admin.id, revisionId]) {
      const absent = `${id.slice(0, 4)}absent`;
      expect(await textOf(id)).toBe(await textOf(absent));
      expect(await textOf(id)).toBe('{"data":{"node":null}}');
    }
  });

  it('hides the history from a member as if it were not there', async () => {
    const { member, revisionId } = await aFullWorld();

    const { data, errors } = await ask(OneNode, { id: revisionId }, { as: member });

    expect({ data, errors }).toEqual({ data: { node: null }, errors: undefined });
  });

  it.each(['', 'x', '_', 'zzz_1', 'mdl_openai/none', 'constructor_1', 'org_', 'rev_\u0000'])(
    'is null for the id "%s", which no object has',
    async (id) => {
      const { member } = await aWorld();

      const { data, errors } = await ask(OneNode, { id }, { as: member });

      expect({ data, errors }).toEqual({ data: { node: null }, errors: undefined });
    },
  );

  it('leaves the others alone where some are hidden or absent', async () => {
    const { organization, foreignOrganization, member } = await aWorld();
    const ids = [
      foreignOrganization.id,
      organization.id,
      'org_absent',
      'nonsense',
      'mdl_openai/gpt-4o',
      organization.id,
    ];

    const { data } = await ask(Nodes, { ids }, { as: member });

    expect(data?.nodes.map((node) => node?.id ?? null)).toEqual([
      null,
      organization.id,
      null,
      null,
      'mdl_openai/gpt-4o',
      organization.id,
    ]);
  });

  it('asks an anonymous caller to sign in, and takes 100 ids at most', async () => {
    const { member } = await aWorld();

    const anonymous = await ask(OneNode, { id: 'mdl_openai/gpt-4o' });
    const many = await ask(Nodes, { ids: Array.from({ length: 101 }, () => 'org_x') }, { as: member });

    expect(anonymous.errors?.[0]?.extensions).toMatchObject({ code: 'AUTHENTICATION_REQUIRED' });
    expect(many.errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_ERROR' });
  });
});

describe('a user', () => {
  it('stays visible in the history of an organization that it left', async () => {
    const { organization, admin, owner, stranger } = await aFullWorld();
    await db.membership.delete({
      where: { organizationId_userId: { organizationId: organization.id, userId: admin.id } },
    });

    const known = await ask(OneNode, { id: admin.id }, { as: owner });
    const unknown = await ask(OneNode, { id: admin.id }, { as: stranger });

    expect(known.data?.node).toEqual({ __typename: 'User', id: admin.id });
    expect(unknown.data?.node).toBe(null);
  });
});

describe('members', () => {
  it('of many organizations ask the database a number of times that does not grow', async () => {
    const { organization, owner } = await aFullWorld();
    const others = await Promise.all([1, 2, 3, 4].map(() => aFullWorld()));
    for (const other of others) {
      await db.membership.create({
        data: { organizationId: other.organization.id, userId: owner.id, role: 'MEMBER' },
      });
      await aMember(db, other.organization, 'MEMBER');
    }
    const count = async (ids: string[], first: number) => {
      takeStatements();
      const { data, errors } = await ask(Members, { ids, first }, { as: owner });
      expect(errors).toBe(undefined);
      return { nodes: data?.nodes ?? [], statements: takeStatements() };
    };

    const few = await count([organization.id, ...others.slice(0, 1).map((other) => other.organization.id)], 100);
    const many = await count([organization.id, ...others.map((other) => other.organization.id)], 100);

    expect(many.nodes).toHaveLength(5);
    expect(many.nodes[1]).toMatchObject({ members: { totalCount: 5, edges: { length: 5 } } });
    // Whether two kinds of look-ups of users meet in one batch is a matter of timing; that rows add none is not.
    for (const { statements } of [few, many]) expect(statements.length).toBeLessThanOrEqual(11);
  });

  it('are listed with their roles, to members only', async () => {
    const { organization, owner, admin, member, stranger } = await aWorld();

    const { data } = await ask(Members, { ids: [organization.id] }, { as: member });
    const refused = await ask(Members, { ids: [organization.id] }, { as: stranger });

    const roles = data?.nodes[0] && 'members' in data.nodes[0] ? data.nodes[0].members.edges : [];
    expect(Object.fromEntries(roles.map(({ node }) => [node.user.id, node.role]))).toEqual({
      [owner.id]: 'OWNER',
      [admin.id]: 'ADMIN',
      [member.id]: 'MEMBER',
    });
    expect(refused.data?.nodes).toEqual([null]);
  });
});

describe('the id of a node', () => {
  it('is told at once, so that a row is no promise for its sake', () => {
    const node = schema.getType('Node');
    const types = isInterfaceType(node) ? schema.getPossibleTypes(node).filter(isObjectType) : [];

    const ids = types.map(
      (type) => type.getFields().id?.resolve?.({ id: 'x_1', organizationId: 'org_1' }, {}, {}, {} as never) ?? 'x_1',
    );

    expect(ids.length).toBeGreaterThan(5);
    expect(ids.filter((id) => id !== 'x_1')).toEqual(['oms_1']);
  });
});
