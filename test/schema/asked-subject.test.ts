import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { anApiKey } from '../kit/keys.ts';
import { refusalsOf } from '../kit/refusals.ts';
import { AskFor, ClearScope, DecideFor, setScope } from '../kit/scopes.ts';
import { nothingRemembered, startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, anotherInstance, db, heard } = service;

type Asking = { as?: { id: string }; token?: string };

/** A world with rules for a team, its member, a role, and an API key. */
async function aGovernedWorld() {
  const world = await aWorld();
  const { organization, member } = world;
  const team = await aTeam(db, organization, { members: [member] });
  const key = await anApiKey(service, world, ['READ']);
  await setScope(service, world, member.id, { disabledModels: ['gpt-4o-mini'] });
  await setScope(service, world, team.id, { allowedModels: ['openai/*', 'claude*'] });
  await setScope(service, world, 'role_member', { disabledProviders: ['google', 'anthropic'] });
  await setScope(service, world, key.id, { allowedModels: ['gpt-4.1'] });
  await heard();
  return { ...world, team, key };
}

async function decided({ organization }: World, asking: Asking, subjectId: string | null = null) {
  const { data, errors } = await ask(DecideFor, { organizationId: organization.id, subjectId }, asking);
  expect(errors).toBe(undefined);
  if (!data) return expect.fail();
  const rows = data.organization?.models.edges.map(({ node }) => node) ?? [];
  const options = data.modelGroups.flatMap((group) => group.options);
  return {
    listed: data.models.edges.map(({ node }) => node.id),
    count: data.models.totalCount,
    allowed: rows.filter(({ access }) => access.allowed).map(({ id }) => id),
    options: options.filter(({ access }) => access.allowed).map(({ model }) => model.id),
  };
}

async function access({ organization }: World, modelKey: string, about: object, asking: Asking) {
  const variables = { organizationId: organization.id, modelKey, ...about };
  const { data, errors } = await ask(AskFor, variables, asking);
  return data?.modelAccess ?? errors?.[0]?.extensions;
}

describe('decisions for another subject', () => {
  it('are those that the subject itself is told, in every field, for owners, admins and services that may read', async () => {
    const world = await aGovernedWorld();
    const { owner, admin, member, key } = world;

    for (const [subject, asking] of [
      [member.id, { as: member }],
      [key.id, { token: key.token }],
    ] as const) {
      const own = await decided(world, asking);
      for (const other of [{ as: owner }, { as: admin }, { token: key.token }, asking]) {
        expect(await decided(world, other, subject)).toEqual(own);
      }
      expect(own.count).toBeGreaterThan(0);
      expect(own.allowed).toEqual(own.listed.slice(0, own.allowed.length));
      expect([...own.options].sort()).toEqual([...own.listed].sort());
    }
    expect((await decided(world, { as: admin }, key.id)).listed).toEqual(
      expect.arrayContaining(['mdl_openai/gpt-4.1']),
    );
  });

  it('are by the rules of a team alone, or of a role alone, where these are asked about', async () => {
    const world = await aGovernedWorld();
    const { admin, team, member } = world;
    const reasons = async (modelKey: string, subjectId: string) =>
      (await access(world, modelKey, { subjectId }, { as: admin })) as { reasons: string[] };

    expect(await reasons('claude-sonnet-4-6', team.id)).toMatchObject({ allowed: true });
    expect(await reasons('gpt-4o-mini', team.id)).toMatchObject({ allowed: true });
    expect(await reasons('gemini-3.8-flash', team.id)).toMatchObject({ reasons: ['NOT_ALLOWED'] });
    expect(await reasons('gemini-3.8-flash', 'role_member')).toMatchObject({ reasons: ['PROVIDER_DISABLED'] });
    expect(await reasons('gemini-3.8-flash', 'role_admin')).toMatchObject({ allowed: true });
    expect(await reasons('gemini-3.8-flash', member.id)).toMatchObject({
      reasons: ['PROVIDER_DISABLED', 'NOT_ALLOWED'],
    });
    expect(await reasons('gpt-4o-mini', member.id)).toMatchObject({ reasons: ['MODEL_DISABLED'] });
  });

  it('are not told to members, nor to services that may not read; everybody may give its own id', async () => {
    const world = await aGovernedWorld();
    const { admin, member, team, key } = world;
    const other = await anApiKey(service, world, ['SETTINGS_WRITE']);

    for (const subjectId of [admin.id, team.id, 'role_member', key.id, 'usr_absent', 'nobody']) {
      expect(await access(world, 'gpt-4o', { subjectId }, { as: member })).toMatchObject({
        code: 'INSUFFICIENT_PERMISSIONS',
      });
    }
    expect(await access(world, 'gpt-4o', { subjectId: key.id }, { token: other.token })).toMatchObject({
      code: 'INSUFFICIENT_PERMISSIONS',
    });
    expect(await access(world, 'gpt-4o-mini', { subjectId: member.id }, { as: member })).toMatchObject({
      reasons: ['MODEL_DISABLED'],
    });
    expect(await access(world, 'o3', { subjectId: key.id }, { token: key.token })).toMatchObject({
      reasons: ['NOT_ALLOWED'],
    });
  });

  it('refuse whoever is of another organization like nobody: it does not belong to this one', async () => {
    const world = await aGovernedWorld();
    const { admin, stranger, foreignOrganization } = world;
    const foreignTeam = await aTeam(db, foreignOrganization, { members: [stranger] });
    const foreignWorld = { ...world, organization: foreignOrganization, owner: stranger };
    const foreignKey = await anApiKey(service, foreignWorld, ['READ']);

    for (const subjectId of [stranger.id, 'usr_absent', foreignTeam.id, 'team_absent', foreignKey.id, 'api_absent']) {
      expect(await access(world, 'gpt-4o', { subjectId }, { as: admin })).toEqual({
        allowed: false,
        reasons: ['NOT_A_MEMBER'],
        revision: 5,
      });
      expect(await decided(world, { as: admin }, subjectId)).toEqual({
        listed: [],
        count: 0,
        allowed: [],
        options: [],
      });
    }
  });

  it.each([
    'models(organizationId: $o, subjectId: $s) { totalCount }',
    'organization(id: $o) { models(subjectId: $s) { totalCount } }',
    'modelGroups(organizationId: $o, subjectId: $s) { baseModel }',
    'modelAccess(organizationId: $o, subjectId: $s, modelKey: "o3") { allowed }',
    'node(id: "mdl_openai/o3") { ... on Model { access(organizationId: $o, subjectId: $s) { allowed } } }',
  ])('refuse what is the id of no subject: %s', async (field) => {
    const { organization, admin } = await aWorld();

    for (const s of ['nobody', 'role_nobody', 'org_1', 'usr_', 'usr_a b', 'team_\u0000', '']) {
      const query = `query ($o: ID!, $s: ID) { ${field} }`;
      const { errors } = await ask(query, { o: organization.id, s }, { as: admin });
      expect([s, errors?.[0]?.extensions]).toMatchObject([
        s,
        { code: 'VALIDATION_ERROR', details: { issues: [{ path: 'subjectId' }] } },
      ]);
    }
  });

  it('are no refusals of anybody: only what the subject asks itself is counted', async () => {
    const world = await aGovernedWorld();
    const { admin, member } = world;

    await access(world, 'gpt-4o-mini', { subjectId: member.id }, { as: admin });
    expect(await refusalsOf(service, world)).toEqual([]);
    await access(world, 'gpt-4o-mini', { subjectId: member.id }, { as: member });

    expect(await refusalsOf(service, world)).toMatchObject([{ subjectId: member.id, modelKey: 'openai/gpt-4o-mini' }]);
  });

  it('can be asked by the policy of an earlier revision, with the teams of today', async () => {
    const world = await aGovernedWorld();
    const { organization, admin, member, team, key } = world;
    await ask(ClearScope, { input: { organizationId: organization.id, subjectId: team.id } }, { as: admin });
    const then = (subjectId: string, atRevision?: number) =>
      access(world, 'command-a-03-2025', { subjectId, ...(atRevision !== undefined && { atRevision }) }, { as: admin });

    expect(await then(member.id)).toMatchObject({ allowed: true });
    expect(await then(member.id, 5)).toMatchObject({ reasons: ['NOT_ALLOWED'], revision: 5 });
    expect(await then(member.id, 1)).toMatchObject({ allowed: true, revision: 1 });
    expect(await then('usr_absent', 5)).toMatchObject({ reasons: ['NOT_A_MEMBER'] });
    expect(await access(world, 'o3', { subjectId: member.id, atRevision: 5 }, { as: member })).toMatchObject({
      code: 'INSUFFICIENT_PERMISSIONS',
    });
    expect(await access(world, 'o3', { subjectId: member.id, atRevision: 5 }, { token: key.token })).toMatchObject({
      code: 'INSUFFICIENT_PERMISSIONS',
    });
  });

  it('are made for a member whom only tokens name, by its teams', async () => {
    const world = await aGovernedWorld();
    const colleague = { id: typeid('usr').toString(), name: 'Nadia Haddad' };
    await db.user.create({ data: colleague });
    const asked = () => access(world, 'gemini-3.8-flash', { subjectId: colleague.id }, { as: world.admin });
    await heard();
    expect(await asked()).toMatchObject({ reasons: ['NOT_A_MEMBER'] });

    await db.teamMember.create({
      data: { teamId: world.team.id, userId: colleague.id, organizationId: world.organization.id },
    });
    await heard();

    expect(await asked()).toMatchObject({ reasons: ['NOT_ALLOWED'] });
    await setScope(service, world, colleague.id, { disabledProviders: ['google'] });
    expect(await asked()).toMatchObject({ reasons: ['PROVIDER_DISABLED', 'NOT_ALLOWED'] });
  });

  it('take no statement for each row', async () => {
    const forgetful = anotherInstance({ cache: nothingRemembered });
    const world = await aGovernedWorld();
    const statementsFor = async (first: number, subjectId: string) => {
      forgetful.takeStatements();
      const query = `query ($o: ID!, $first: Int, $s: ID) { models(organizationId: $o, first: $first, subjectId: $s, filter: { allowed: false }) {
        edges { node { access(organizationId: $o, subjectId: $s) { reasons } } } } }`;
      const { data } = await forgetful.ask<{ models: { edges: unknown[] } }, Record<string, unknown>>(
        query,
        { o: world.organization.id, first, s: subjectId },
        { as: world.admin },
      );
      expect(data?.models.edges).toHaveLength(first);
      return forgetful.takeStatements().length;
    };
    await statementsFor(1, world.member.id);

    for (const subjectId of [world.member.id, world.team.id, 'role_member', world.key.id]) {
      expect(await statementsFor(60, subjectId)).toBe(await statementsFor(1, subjectId));
    }
  });
});
