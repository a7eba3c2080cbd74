import { describe, expect, it } from 'vitest';
import { anApiKey } from '../kit/keys.ts';
import { ReadHistory } from '../kit/operations.ts';
import { RestorePolicy } from '../kit/policy.ts';
import { ClearScope, ReadScopes, SetScope } from '../kit/scopes.ts';
import { startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import { aMember, type World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db, heard } = service;

async function set({ organization, admin }: World, subjectId: string, change: object, as = admin) {
  const input = { organizationId: organization.id, subjectId, ...change };
  const { data, errors } = await ask(SetScope, { input }, { as });
  expect(errors).toBe(undefined);
  return data?.setScopePolicy ?? expect.fail();
}

async function clear({ organization, admin }: World, subjectId: string, change: object = {}) {
  const input = { organizationId: organization.id, subjectId, ...change };
  const { data } = await ask(ClearScope, { input }, { as: admin });
  return data?.clearScopePolicy ?? expect.fail();
}

async function scopesOf({ organization, admin }: World, about: { subjectId?: string; atRevision?: number } = {}) {
  const { data } = await ask(ReadScopes, { organizationId: organization.id, ...about }, { as: admin });
  return data?.organization ?? expect.fail();
}

async function historyOf({ organization, admin }: World) {
  const { data } = await ask(ReadHistory, { organizationId: organization.id, first: 10 }, { as: admin });
  return data?.organization?.revisions?.edges.map(({ node }) => node) ?? [];
}

const made = (revision: number) => ({ __typename: 'OrganizationModelSettings', settingsRevision: revision });

describe('setScopePolicy', () => {
  it('gives lists to a user, a team, a role and an API key, as the catalog spells them', async () => {
    const world = await aWorld();
    const team = await aTeam(db, world.organization);
    const key = await anApiKey(service, world, ['READ']);

    expect(
      await set(world, team.id, { disabledModels: ['GPT-4o', 'gpt-4oo'], allowedModels: ['openai/*'] }),
    ).toMatchObject(made(2));
    await set(world, world.member.id, { disabledProviders: ['google'] });
    await set(world, 'role_member', { allowedModels: [] });
    await set(world, key.id, { disabledModels: ['o3'] });

    const { scopePolicies, policy } = await scopesOf(world);
    expect(scopePolicies.map(({ subjectId, kind }) => [subjectId, kind])).toEqual(
      [
        [key.id, 'API_KEY'],
        ['role_member', 'ROLE'],
        [team.id, 'TEAM'],
        [world.member.id, 'USER'],
      ].toSorted(),
    );
    expect(policy.scopes).toMatchObject(scopePolicies.map(({ subjectId, kind }) => ({ subjectId, kind })));
    expect(await scopesOf(world, { subjectId: team.id })).toMatchObject({
      scopePolicies: [
        {
          disabledProviders: [],
          disabledModels: ['gpt-4o', 'gpt-4oo'],
          allowedModels: ['openai/*'],
          deadSelectors: ['gpt-4oo'],
          selectorWarnings: [{ selector: 'gpt-4oo', nearest: expect.arrayContaining(['gpt-4o']) }],
        },
      ],
    });
  });

  it('leaves what is absent, adds and removes beside whole lists in one revision, and says in the history whose they are', async () => {
    const world = await aWorld();
    await set(world, world.member.id, { disabledProviders: ['google', 'mistral'], disabledModels: ['gpt-4o'] });

    const change = {
      addDisabledProviders: ['cohere'],
      removeDisabledProviders: ['Google'],
      disabledModels: [],
      reason: 'Contract',
    };
    expect(await set(world, world.member.id, change)).toMatchObject(made(2));

    expect(await scopesOf(world)).toMatchObject({
      scopePolicies: [{ disabledProviders: ['mistral', 'cohere'], disabledModels: [], allowedModels: null }],
    });
    const [entry] = await historyOf(world);
    expect(entry).toMatchObject({
      action: 'SCOPE_POLICY_UPDATED',
      changes: [
        { field: `scopes.${world.member.id}.disabledModels`, added: [], removed: ['gpt-4o'] },
        { field: `scopes.${world.member.id}.disabledProviders`, added: ['cohere'], removed: ['google'] },
      ],
    });
  });

  it('makes no revision where nothing changes, in whatever order it is said, nor for a subject without any list', async () => {
    const world = await aWorld();
    await set(world, 'role_admin', { disabledProviders: ['google', 'mistral'] });

    for (const change of [
      {},
      { disabledProviders: ['mistral', 'google'] },
      { addDisabledProviders: ['google'], removeDisabledModels: ['gpt-4o'] },
    ]) {
      expect(await set(world, 'role_admin', change)).toMatchObject(made(1));
    }
    expect(await set(world, 'role_owner', { disabledModels: [] })).toMatchObject(made(1));
    expect(await set(world, 'role_admin', { removeDisabledProviders: ['google', 'mistral'] })).toMatchObject(made(2));

    expect((await scopesOf(world)).scopePolicies).toEqual([]);
  });

  it.each([
    ['a user of another organization', ({ stranger }: World) => stranger.id],
    ['nobody', () => 'usr_absent'],
    [
      'a team of another organization',
      ({ foreignOrganization }: World) => aTeam(db, foreignOrganization).then(({ id }) => id),
    ],
    ['no team', () => 'team_absent'],
    ['no API key', () => 'api_absent'],
  ])('refuses %s by the same words, and changes nothing', async (_, subjectOf) => {
    const world = await aWorld();
    const subjectId = await subjectOf(world);

    for (const told of [await set(world, subjectId, { disabledModels: ['o3'] }), await clear(world, subjectId)]) {
      expect(told).toMatchObject({
        code: 'VALIDATION_ERROR',
        issues: [{ path: 'subjectId', message: 'names no member, team or API key of this organization' }],
      });
    }
    expect(await scopesOf(world)).toMatchObject({ revision: 0, scopePolicies: [] });
  });

  it('refuses an API key of another organization, and one that is revoked', async () => {
    const world = await aWorld();
    const foreign = await anApiKey(
      service,
      { ...world, organization: world.foreignOrganization, owner: world.stranger },
      ['READ'],
    );
    const revoked = await anApiKey(service, world, ['READ']);
    await db.apiKey.update({ where: { id: revoked.id }, data: { revokedAt: new Date() } });

    expect(await set(world, foreign.id, { disabledModels: ['o3'] })).toMatchObject({ code: 'VALIDATION_ERROR' });
    expect(await set(world, revoked.id, { disabledModels: ['o3'] })).toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it.each([
    [{ subjectId: 'org_1' }, 'subjectId'],
    [{ subjectId: 'role_nobody' }, 'subjectId'],
    [{ subjectId: 'usr_a\u0000' }, 'subjectId'],
    [{ disabledModels: ['*'] }, 'disabledModels.0'],
    [{ disabledModels: null }, 'disabledModels'],
    [{ addAllowedModels: ['a*b'] }, 'addAllowedModels.0'],
    [{ disabledModels: ['o3'], addDisabledModels: ['o1'] }, 'addDisabledModels'],
    [{ allowedModels: null, removeAllowedModels: ['o1'] }, 'removeAllowedModels'],
    [{ addDisabledModels: ['o3'], removeDisabledModels: ['O3'] }, 'removeDisabledModels'],
    [{ reason: 'NUL \u0000' }, 'reason'],
  ])('refuses %j, and changes nothing', async (change, path) => {
    const world = await aWorld();

    const told = await set(world, world.member.id, { addDisabledProviders: ['google'], ...change });

    expect(told).toMatchObject({ code: 'VALIDATION_ERROR', issues: [expect.objectContaining({ path })] });
    expect(await scopesOf(world)).toMatchObject({ revision: 0, scopePolicies: [] });
  });

  it('refuses a provider that does not exist, and another revision than was expected', async () => {
    const world = await aWorld();

    expect(await set(world, 'role_member', { addDisabledProviders: ['openai', 'opnai'] })).toMatchObject({
      code: 'INVALID_PROVIDER_SLUG',
    });
    expect(await set(world, 'role_member', { addDisabledProviders: ['openai'], expectedRevision: 3 })).toMatchObject({
      code: 'REVISION_CONFLICT',
    });
    expect(await scopesOf(world)).toMatchObject({ revision: 0, scopePolicies: [] });
  });

  it('refuses to let a list grow longer than a document may have it, also by what is added', async () => {
    const world = await aWorld();
    const models = Array.from({ length: 250 }, (_, index) => `model-${index}`);
    await set(world, 'role_member', { disabledModels: models });

    expect(await set(world, 'role_member', { addDisabledModels: ['one-more'] })).toMatchObject({
      code: 'VALIDATION_ERROR',
      issues: [
        {
          path: 'scopes.role_member.disabledModels',
          message: 'must not have more than 250 entries; it would have 251',
        },
      ],
    });
    expect(
      await set(world, 'role_member', { addDisabledModels: ['one-more'], removeDisabledModels: ['model-7'] }),
    ).toMatchObject(made(2));
  });

  it('can be tried: nothing is written, and the impact counts the members of the team', async () => {
    const world = await aWorld();
    const members = [
      world.member,
      await aMember(db, world.organization, 'MEMBER'),
      await aMember(db, world.organization, 'MEMBER'),
    ];
    const team = await aTeam(db, world.organization, { members });

    const told = await set(world, team.id, { disabledModels: ['gpt-4o-mini'], dryRun: true });

    expect(told).toMatchObject({
      __typename: 'PolicyPreview',
      revision: 0,
      changes: [{ field: `scopes.${team.id}.disabledModels`, added: ['gpt-4o-mini'], removed: [] }],
      impact: { newlyBlockedCount: 2, newlyAllowedCount: 0 },
    });
    expect(told.__typename === 'PolicyPreview' && JSON.parse(told.document)).toEqual({
      scopes: { [team.id]: { disabledModels: ['gpt-4o-mini'] } },
    });
    const impact = `{ newlyBlocked(first: 1) { members } membersLeftWithoutModel }`;
    const { data } = await ask<{ setScopePolicy: unknown }, Record<string, unknown>>(
      `mutation ($input: SetScopePolicyInput!) { setScopePolicy(input: $input) { ... on PolicyPreview { impact ${impact} } } }`,
      { input: { organizationId: world.organization.id, subjectId: team.id, allowedModels: [], dryRun: true } },
      { as: world.admin },
    );
    expect(data?.setScopePolicy).toMatchObject({
      impact: {
        newlyBlocked: [{ members: 3 }],
        membersLeftWithoutModel: 3,
      },
    });
    expect(await scopesOf(world)).toMatchObject({ revision: 0, scopePolicies: [] });
  });
});

describe('clearScopePolicy', () => {
  it('takes the lists of a subject out of the policy, and is a revision that can be tried', async () => {
    const world = await aWorld();
    await set(world, 'role_member', { disabledModels: ['o3'] });
    await set(world, 'role_admin', { disabledModels: ['o3'] });

    const removed = [{ field: 'scopes.role_member.disabledModels', removed: ['o3'] }];
    expect(await clear(world, 'role_member', { dryRun: true })).toMatchObject({
      changes: expect.arrayContaining(removed),
    });
    expect(await clear(world, 'role_member', { expectedRevision: 1 })).toMatchObject({ code: 'REVISION_CONFLICT' });
    expect(await clear(world, 'role_member', { expectedRevision: 2 })).toMatchObject(made(3));
    expect(await clear(world, 'role_member')).toMatchObject(made(3));

    expect((await scopesOf(world)).scopePolicies).toMatchObject([{ subjectId: 'role_admin' }]);
    expect(await historyOf(world)).toMatchObject([{ action: 'SCOPE_POLICY_CLEARED' }, {}, {}]);
  });

  it('is for a subject that is gone too, whose lists can also be changed as long as there are any', async () => {
    const world = await aWorld();
    const team = await aTeam(db, world.organization);
    await set(world, team.id, { disabledModels: ['o3', 'o1'] });
    await db.team.delete({ where: { id: team.id } });
    await heard();

    expect(await set(world, team.id, { removeDisabledModels: ['o1'] })).toMatchObject(made(2));
    expect(await clear(world, team.id)).toMatchObject(made(3));

    expect(await set(world, team.id, { disabledModels: ['o3'] })).toMatchObject({ code: 'VALIDATION_ERROR' });
    expect(await clear(world, team.id)).toMatchObject({ code: 'VALIDATION_ERROR' });
  });
});

describe('the scopes of a policy', () => {
  it('are those of each revision, and come back when it is restored', async () => {
    const world = await aWorld();
    await set(world, world.member.id, { allowedModels: ['gpt-4o'] });
    await clear(world, world.member.id);

    const input = { organizationId: world.organization.id, revision: 1 };
    expect((await scopesOf(world, { atRevision: 1 })).policy.scopes).toMatchObject([{ subjectId: world.member.id }]);
    expect((await scopesOf(world)).policy.scopes).toEqual([]);
    await ask(RestorePolicy, { input }, { as: world.admin });

    expect((await scopesOf(world)).scopePolicies).toMatchObject([
      { subjectId: world.member.id, allowedModels: ['gpt-4o'] },
    ]);
  });

  it('are in its document, whose scopes without any list are none', async () => {
    const world = await aWorld();
    const { organization, admin } = world;
    const apply = async (document: string) => {
      const { data } = await ask<{ applyPolicy: { revision?: number } }, Record<string, unknown>>(
        'mutation ($input: ApplyPolicyInput!) { applyPolicy(input: $input) { ... on OrganizationModelSettings { revision } } }',
        { input: { organizationId: organization.id, document } },
        { as: admin },
      );
      return data?.applyPolicy.revision;
    };
    await set(world, world.member.id, { allowedModels: [], disabledProviders: ['google'] });
    const { data } = await ask<{ policyDocument: string }, { id: string }>(
      'query ($id: ID!) { policyDocument(organizationId: $id, format: YAML) }',
      { id: organization.id },
      { as: admin },
    );

    expect(await apply(`${data?.policyDocument}  role_admin: {}\n`)).toBe(1);
    expect(await apply('scopes: { role_admin: { disabledModels: [] } }')).toBe(2);
    expect(await apply('scopes: { role_owner: {} }')).toBe(2);
    expect(await apply(data?.policyDocument ?? '')).toBe(3);

    expect((await scopesOf(world)).scopePolicies).toMatchObject([
      { subjectId: world.member.id, allowedModels: [], disabledProviders: ['google'] },
    ]);
  });

  it('are not shown to members, nor to a service that only reads', async () => {
    const world = await aWorld();
    const team = await aTeam(db, world.organization, { members: [world.member] });
    await set(world, team.id, { disabledModels: ['o3'] });
    const { token } = await anApiKey(service, world, ['READ']);
    const ofTeam = `query ($id: ID!) { node(id: $id) { ... on Team { scopePolicy { disabledModels } } } }`;

    for (const asking of [{ as: world.member }, { token }]) {
      const listed = await ask(ReadScopes, { organizationId: world.organization.id }, asking);
      const one = await ask<{ node: unknown }, { id: string }>(ofTeam, { id: team.id }, asking);
      expect(listed.errors?.[0]?.extensions.code).toBe('INSUFFICIENT_PERMISSIONS');
      expect(one.errors?.[0]?.extensions.code).toBe('INSUFFICIENT_PERMISSIONS');
      expect(JSON.stringify([listed.data, one.data])).not.toContain('o3');
    }
    const { data } = await ask<{ node: unknown }, { id: string }>(ofTeam, { id: team.id }, { as: world.admin });
    expect(data?.node).toEqual({ scopePolicy: { disabledModels: ['o3'] } });
  });

  it('are read by the id of a subject alone where it is one', async () => {
    const { organization, admin } = await aWorld();

    const { errors } = await ask(ReadScopes, { organizationId: organization.id, subjectId: 'nobody' }, { as: admin });

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_ERROR' });
  });
});
