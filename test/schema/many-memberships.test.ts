import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { maxOrganizationIds } from '../../src/domain/reading/read-scope.ts';
import { CreateConfig } from '../kit/config-operations.ts';
import { anApiKey, aProviderKey, UpdateProviderKey } from '../kit/keys.ts';
import { anInvitation } from '../kit/members.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import { aMember, anOrganization } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db, takeStatements } = service;

/** A world, and the ids of one object of each kind in it that is looked for by its id, and of one elsewhere. */
async function aFilledWorld() {
  const world = await aWorld();
  const { organization, member, stranger, foreignOrganization } = world;
  const foreign = { ...world, organization: foreignOrganization, owner: stranger, admin: stranger, member: stranger };
  const ids: (string | undefined)[] = [];
  for (const of of [world, foreign]) {
    const organizationId = of.organization.id;
    await ask(UpdateSettings, { input: { organizationId, disabledModels: ['x'] } }, { as: of.admin });
    const input = { organizationId, provider: 'openai', modelId: 'gpt-4o' };
    const created = await ask(CreateConfig, { input }, { as: of.member });
    const config = created.data?.createModelConfig;
    ids.push(config && 'id' in config ? config.id : undefined);
    ids.push((await aProviderKey(service, of)).id, (await anApiKey(service, of, ['READ'])).id);
    ids.push((await db.revision.findFirstOrThrow({ where: { organizationId } })).id, of.member.id);
    ids.push((await anInvitation(service, of, { userId: typeid('usr').toString() })).id);
    ids.push((await aTeam(db, of.organization)).id);
  }
  await db.modelConfig.updateMany({
    where: { organizationId: organization.id, userId: member.id },
    data: { userId: null },
  });
  return { world, ids: ids.map((id) => id ?? '') };
}

/** Someone in this role there, and a member of more organizations than are named in a statement. */
async function aMemberOfMany(organization: { id: string }, role: 'OWNER' | 'ADMIN' | 'MEMBER') {
  const person = await aMember(db, organization, role);
  for (let n = 0; n < maxOrganizationIds; n += 1) {
    const { id } = await anOrganization(db, `Other ${n}`);
    await db.membership.create({ data: { organizationId: id, userId: person.id, role: 'OWNER' } });
  }
  return person;
}

const Nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

describe.each(['OWNER', 'ADMIN', 'MEMBER'] as const)('whoever is %s in one of many organizations', (role) => {
  it('sees there by ids what one sees who is in that one alone', async () => {
    const { world, ids } = await aFilledWorld();
    const inOne = await aMember(db, world.organization, role);
    const inMany = await aMemberOfMany(world.organization, role);

    const expected = await ask<{ nodes: unknown[] }, { ids: string[] }>(Nodes, { ids }, { as: inOne });
    takeStatements();
    const seen = await ask<{ nodes: unknown[] }, { ids: string[] }>(Nodes, { ids }, { as: inMany });
    const statements = takeStatements();

    expect(seen.data).toEqual(expected.data);
    const nodes = seen.data?.nodes ?? [];
    expect(nodes.slice(7)).toEqual(ids.slice(7).map(() => null));
    const isShown = nodes.slice(0, 7).map((node) => node !== null);
    expect(isShown).toEqual([
      true,
      role !== 'MEMBER',
      role === 'OWNER',
      role !== 'MEMBER',
      true,
      role === 'OWNER',
      true,
    ]);
    // Of each kind one, none of which names all of the organizations.
    expect(statements.filter((sql) => sql.includes('FROM public."Membership" p'))).toHaveLength(7);
    expect(statements.filter((sql) => /"organizationId" = ANY\(\$/.test(sql))).toEqual([]);
  });
});

describe('whoever manages one of many organizations', () => {
  it('changes a provider key there, and none elsewhere', async () => {
    const { world, ids } = await aFilledWorld();
    const inMany = await aMemberOfMany(world.organization, 'ADMIN');
    const rename = async (id: string | undefined) => {
      const { data } = await ask(UpdateProviderKey, { input: { id: id ?? '', name: 'Mine' } }, { as: inMany });
      return data?.updateProviderKey;
    };

    expect(await rename(ids[1])).toMatchObject({ __typename: 'ProviderKey', name: 'Mine' });
    expect(await rename(ids[8])).toMatchObject({ __typename: 'ModelgateNotFoundError' });
  });
});
