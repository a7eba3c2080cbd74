import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import { exceptionsOf, made } from '../kit/exceptions.ts';
import { anApiKey } from '../kit/keys.ts';
import { UpdateOrganization } from '../kit/members.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { setScope } from '../kit/scopes.ts';
import { startService, today } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db, heard, takeStatements } = service;
const { grant } = exceptionsOf(service, () => today);

const Why = graphql(`
  query WhyMay($organizationId: ID!, $modelKey: String!, $subjectId: ID, $atRevision: Int) {
    modelAccess(
      organizationId: $organizationId
      modelKey: $modelKey
      subjectId: $subjectId
      atRevision: $atRevision
    ) {
      allowed
      reasons
      exception {
        id
      }
      supportContact
      decidedBy {
        reason
        subjectId
        entry
        revision
        message
      }
    }
  }
`);

type Asker = { as?: { id: string }; token?: string };

async function why({ organization }: World, modelKey: string, asker: Asker, more: object = {}) {
  const { data, errors } = await ask(Why, { organizationId: organization.id, modelKey, ...more }, asker);
  expect(errors).toBe(undefined);
  return data?.modelAccess;
}

async function settle({ organization, admin }: World, change: object) {
  await ask(UpdateSettings, { input: { organizationId: organization.id, ...change } }, { as: admin });
}

/** The day of the ledger is that of the database. */
const day = new Date().toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });

describe('ModelAccess.decidedBy', () => {
  it('tells an admin what is against a model at each level, since when, by whom and why', async () => {
    const world = await aWorld();
    const { admin, member, organization } = world;
    await db.user.update({ where: { id: admin.id }, data: { name: 'Mara' } });
    await db.user.update({ where: { id: member.id }, data: { name: 'Lin' } });
    const team = await aTeam(db, organization, { members: [member] });
    await heard();
    await settle(world, { disabledModels: ['gpt-4.1'] });
    await setScope(service, world, team.id, { disabledModels: ['gpt-4o*'], reason: 'cost' });
    await setScope(service, world, member.id, { allowedModels: ['gpt-4.1'] });
    await setScope(service, world, 'role_member', { disabledProviders: ['openai'] });
    await settle(world, { disabledModels: ['gpt-4.1', 'gpt-4o-mini'] });
    const { name } = await db.team.findUniqueOrThrow({ where: { id: team.id } });

    const told = await why(world, 'gpt-4o-mini', { as: admin }, { subjectId: member.id });

    expect(told?.reasons).toEqual(['PROVIDER_DISABLED', 'MODEL_DISABLED', 'NOT_ALLOWED']);
    expect(told?.decidedBy).toEqual([
      {
        reason: 'PROVIDER_DISABLED',
        subjectId: 'role_member',
        entry: 'openai',
        revision: 4,
        message: `The provider openai is switched off for the role MEMBER by Mara on ${day}`,
      },
      {
        reason: 'MODEL_DISABLED',
        subjectId: null,
        entry: 'gpt-4o-mini',
        revision: 5,
        message: `"gpt-4o-mini" is switched off for the organization by Mara on ${day}`,
      },
      {
        reason: 'MODEL_DISABLED',
        subjectId: team.id,
        entry: 'gpt-4o*',
        revision: 2,
        message: `"gpt-4o*" is switched off for team ${name} by Mara on ${day}: cost`,
      },
      {
        reason: 'NOT_ALLOWED',
        subjectId: member.id,
        entry: null,
        revision: 3,
        message: `Not on the allow list of user Lin, which was changed by Mara on ${day}`,
      },
    ]);
    expect((await why(world, 'gpt-4.1', { as: admin }, { subjectId: member.id }))?.decidedBy).toMatchObject([
      { reason: 'PROVIDER_DISABLED' },
      // The revision that brought it, though a later one has changed the list.
      { reason: 'MODEL_DISABLED', entry: 'gpt-4.1', revision: 1 },
    ]);
  });

  it('is null for members, also about themselves, and for services that only read', async () => {
    const world = await aWorld();
    await settle(world, { disabledModels: ['gpt-4o'] });
    const { token } = await anApiKey(service, world, ['READ']);

    expect(await why(world, 'gpt-4o', { as: world.member })).toMatchObject({ allowed: false, decidedBy: null });
    expect(await why(world, 'gpt-4o', { token })).toMatchObject({ allowed: false, decidedBy: null });
    expect((await why(world, 'gpt-4o', { as: world.owner }))?.decidedBy).toHaveLength(1);
  });

  it('tells what an exception lifts, and nothing where nothing is against it, nor for what is no matter of the policy', async () => {
    const world = await aWorld();
    const { admin: as, member } = world;
    await settle(world, { disabledModels: ['gpt-4o'] });
    made(await grant(world, as, { subjectId: member.id, models: ['gpt-4o'], until: '2026-12-24T12:00:00.000Z' }));

    expect(await why(world, 'gpt-4o', { as }, { subjectId: member.id })).toMatchObject({
      allowed: true,
      exception: { id: expect.stringContaining('exc_') },
      decidedBy: [{ reason: 'MODEL_DISABLED', entry: 'gpt-4o', revision: 1 }],
    });
    expect(await why(world, 'gpt-4.1', { as })).toMatchObject({ allowed: true, decidedBy: [] });
    expect(await why(world, 'nova', { as })).toMatchObject({ reasons: ['UNKNOWN_MODEL'], decidedBy: [] });
    expect(await why(world, 'gpt-4-turbo', { as })).toMatchObject({ reasons: ['RETIRED'], decidedBy: [] });
  });

  it('explains the policy of an earlier revision by what had brought it until then', async () => {
    const world = await aWorld();
    const { admin: as } = world;
    await settle(world, { disabledModels: ['gpt-4o'] });
    await settle(world, { disabledModels: [] });
    await settle(world, { disabledModels: ['gpt-4o'] });

    expect((await why(world, 'gpt-4o', { as }))?.decidedBy).toMatchObject([{ revision: 3 }]);
    expect((await why(world, 'gpt-4o', { as }, { atRevision: 1 }))?.decidedBy).toMatchObject([{ revision: 1 }]);
    expect((await why(world, 'gpt-4o', { as }, { atRevision: 2 }))?.decidedBy).toEqual([]);
  });

  it('has no revision where no entry of the ledger brought it', async () => {
    const world = await aWorld();
    const { id: organizationId } = world.organization;
    await db.modelSettings.create({
      data: { organizationId, disabledModels: ['gpt-4o'], disabledProviders: [], updatedAt: new Date() },
    });
    await heard();

    expect((await why(world, 'gpt-4o', { as: world.admin }))?.decidedBy).toMatchObject([
      { revision: null, message: '"gpt-4o" is switched off for the organization' },
    ]);
  });

  it('tells of each entry of a list the revision that added it last, whatever was added to the list and removed since', async () => {
    const world = await aWorld();
    const { admin, organization } = world;
    const lists = [
      ['gpt-4o', 'gpt-4.1'],
      ['gpt-4.1'],
      ['gpt-4.1', 'gpt-4o', 'o3'],
      ['o3', 'gpt-4o', 'gpt-4.1', 'later'],
    ];
    for (const disabledModels of lists) await settle(world, { disabledModels });
    await setScope(service, world, 'role_admin', { disabledModels: ['gpt-4.1'] });

    const query = `query ($o: ID!) { ${['gpt-4o', 'gpt-4.1', 'o3']
      .map((key, index) => `of${index}: modelAccess(organizationId: $o, modelKey: "${key}") { decidedBy { revision } }`)
      .join(' ')} }`;
    const { data } = await ask<object, { o: string }>(query, { o: organization.id }, { as: admin });

    expect(data).toEqual({
      of0: { decidedBy: [{ revision: 3 }] },
      of1: { decidedBy: [{ revision: 1 }, { revision: 5 }] },
      of2: { decidedBy: [{ revision: 3 }] },
    });
  });

  it('finds the revisions of all causes of a request by one statement', async () => {
    const world = await aWorld();
    const { admin: as, organization } = world;
    await settle(world, { disabledProviders: ['openai'], disabledModels: ['gpt-4o', 'gpt-4.1'] });
    await why(world, 'gpt-4o', { as });
    takeStatements();

    const { data } = await ask<{ models: { edges: { node: { access: { decidedBy: object[] } } }[] } }, { id: string }>(
      `query ($id: ID!) { models(organizationId: $id, filter: { provider: "openai" }, first: 20) {
        edges { node { access(organizationId: $id) { decidedBy { revision message } } } } } }`,
      { id: organization.id },
      { as },
    );

    expect(data?.models.edges.every(({ node }) => node.access.decidedBy.length > 0)).toBe(true);
    expect(takeStatements().filter((sql) => sql.includes('jsonb_exists'))).toHaveLength(1);
  });
});

describe('ModelAccess.supportContact', () => {
  it('tells whom to ask about a refused model, and not about one that may be used', async () => {
    const world = await aWorld();
    const { member: as, organization, owner } = world;
    await settle(world, { disabledModels: ['gpt-4o'] });
    expect(await why(world, 'gpt-4o', { as })).toMatchObject({ supportContact: null });

    const contact = { organizationId: organization.id, supportContact: 'ai-desk@fernhill.example' };
    await ask(UpdateOrganization, { input: contact }, { as: owner });

    expect(await why(world, 'gpt-4o', { as })).toMatchObject({ supportContact: 'ai-desk@fernhill.example' });
    expect(await why(world, 'gpt-4.1', { as })).toMatchObject({ supportContact: null });
  });
});
