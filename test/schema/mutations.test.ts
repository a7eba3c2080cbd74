import { describe, expect, it } from 'vitest';
import { platformKeyScopes } from '../../src/domain/keys/platform-key.ts';
import { schema } from '../../src/schema/schema.ts';
import { aPlatformKey } from '../kit/platform-keys.ts';
import { startService, today } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const { ask, aWorld, db } = await startService();

type Who = 'owner' | 'admin' | 'member';
const everyone: Who[] = ['owner', 'admin', 'member'];
const admins: Who[] = ['owner', 'admin'];
const owners: Who[] = ['owner'];

const inAnHour = () => new Date(today.getTime() + 60 * 60 * 1000);

/** A world with one of each object that a mutation can name. */
async function aFullWorld() {
  const world = await aWorld();
  const { organization, admin, member } = world;
  const suffix = organization.id.slice(4);
  const now = new Date();
  const ids = {
    shared: `cfg_s${suffix}`,
    own: `cfg_o${suffix}`,
    providerKey: `key_${suffix}`,
    apiKey: `api_${suffix}`,
    invitation: `inv_${suffix}`,
    scimToken: `sct_${suffix}`,
    exception: `exc_${suffix}`,
    team: `team_${suffix}`,
  };
  const config = {
    organizationId: organization.id,
    creatorId: admin.id,
    provider: 'anthropic',
    modelId: 'claude-sonnet-4-6',
    createdAt: now,
    updatedAt: now,
  };
  await db.modelConfig.create({ data: { ...config, id: ids.shared } });
  await db.modelConfig.create({ data: { ...config, id: ids.own, userId: member.id, creatorId: member.id } });
  await db.providerKey.create({
    data: {
      id: ids.providerKey,
      organizationId: organization.id,
      provider: 'openai',
      name: 'Main',
      sealed: Buffer.from('sealed'),
      masterKeyId: 'test',
      last4: 'abcd',
      createdAt: now,
      updatedAt: now,
    },
  });
  await db.apiKey.create({
    data: {
      id: ids.apiKey,
      organizationId: organization.id,
      name: 'Service',
      hash: Buffer.from(suffix),
      last4: 'wxyz',
      scopes: [],
      createdById: world.owner.id,
      createdAt: now,
    },
  });
  await db.scimToken.create({
    data: {
      id: ids.scimToken,
      organizationId: organization.id,
      name: 'Directory',
      hash: Buffer.from(`scim${suffix}`),
      last4: 'wxyz',
      issuer: 'https://id.example.com',
      subjectAttribute: 'EXTERNAL_ID',
      createdById: world.owner.id,
      createdAt: now,
    },
  });
  await db.team.create({ data: { id: ids.team, organizationId: organization.id, name: 'Team', source: 'MANUAL' } });
  await db.invitation.create({
    data: {
      id: ids.invitation,
      organizationId: organization.id,
      userId: 'usr_invited',
      role: 'MEMBER',
      invitedById: world.owner.id,
      createdAt: now,
      expiresAt: new Date(now.getTime() + 1e9),
    },
  });
  await db.modelException.create({
    data: {
      id: ids.exception,
      organizationId: organization.id,
      subjectId: member.id,
      models: ['gpt-4o'],
      state: 'REQUESTED',
      until: inAnHour(),
      reason: 'x',
      requestedById: member.id,
      createdAt: now,
    },
  });
  return { ...world, ids };
}

type FullWorld = Awaited<ReturnType<typeof aFullWorld>>;

interface Case {
  /** The input that names this world's objects. */
  input: (world: FullWorld) => Record<string, unknown>;
  /** Who may; everybody else who is a member is refused. */
  allowed: Who[];
  /** The object is no member's but one's: to the others it does not exist. */
  private?: true;
}

const inOrganization =
  (more: (world: FullWorld) => object = () => ({})) =>
  (world: FullWorld) => ({
    organizationId: world.organization.id,
    ...more(world),
  });
const sonnet = { provider: 'anthropic', modelId: 'claude-sonnet-4-6' };
const anException = () => ({ models: ['gpt-4o'], until: inAnHour(), reason: 'x' });
const secret = 'a-secret-of-enough-characters';

/** Every mutation of the graph; one that takes several kinds of objects stands here once for each. */
const cases: Record<string, Case> = {
  updateModelSettings: { input: inOrganization(() => ({ disabledModels: ['x'] })), allowed: admins },
  applyPolicy: { input: inOrganization(() => ({ document: 'disabledModels: [x]' })), allowed: admins },
  reviewModels: { input: inOrganization(() => ({ allow: ['gpt-4o'] })), allowed: admins },
  restorePolicy: { input: inOrganization(() => ({ revision: 0 })), allowed: admins },
  setScopePolicy: {
    input: inOrganization(({ member }) => ({ subjectId: member.id, disabledModels: ['x'] })),
    allowed: admins,
  },
  clearScopePolicy: { input: inOrganization(() => ({ subjectId: 'role_member' })), allowed: admins },
  setModelAlias: { input: inOrganization(() => ({ name: 'fast', targets: ['gpt-4o'] })), allowed: admins },
  deleteModelAlias: { input: inOrganization(() => ({ name: 'fast' })), allowed: admins },
  'createModelConfig (own)': { input: inOrganization(() => sonnet), allowed: everyone },
  'createModelConfig (shared)': {
    input: inOrganization(() => ({ ...sonnet, scope: 'ORGANIZATION' })),
    allowed: admins,
  },
  'updateModelConfig (own)': {
    input: ({ ids }) => ({ id: ids.own, isEnabled: false }),
    allowed: ['member'],
    private: true,
  },
  'updateModelConfig (shared)': { input: ({ ids }) => ({ id: ids.shared, isEnabled: false }), allowed: admins },
  setModelConfigEnabled: { input: ({ ids }) => ({ id: ids.shared, isEnabled: false }), allowed: admins },
  setDefaultModelConfig: { input: ({ ids }) => ({ id: ids.shared }), allowed: admins },
  deleteModelConfig: { input: ({ ids }) => ({ id: ids.shared }), allowed: admins },
  createProviderKey: { input: inOrganization(() => ({ provider: 'openai', name: 'x', secret })), allowed: admins },
  updateProviderKey: { input: ({ ids }) => ({ id: ids.providerKey, name: 'y' }), allowed: admins },
  rotateProviderKey: { input: ({ ids }) => ({ id: ids.providerKey, secret }), allowed: admins },
  deleteProviderKey: { input: ({ ids }) => ({ id: ids.providerKey }), allowed: admins },
  createApiKey: { input: inOrganization(() => ({ name: 'x', scopes: ['READ'] })), allowed: owners },
  revokeApiKey: { input: ({ ids }) => ({ id: ids.apiKey }), allowed: owners },
  createScimToken: { input: inOrganization(() => ({ name: 'x' })), allowed: owners },
  revokeScimToken: { input: inOrganization(({ ids }) => ({ scimTokenId: ids.scimToken })), allowed: owners },
  updateOrganization: { input: inOrganization(() => ({ name: 'x', apiKeyManagers: 'ADMINS' })), allowed: owners },
  inviteMember: { input: inOrganization(() => ({ userId: 'usr_somebody' })), allowed: owners },
  revokeInvitation: { input: inOrganization(({ ids }) => ({ invitationId: ids.invitation })), allowed: owners },
  setMemberRole: { input: inOrganization(({ admin }) => ({ userId: admin.id, role: 'MEMBER' })), allowed: owners },
  removeMember: {
    input: inOrganization(({ foreignOrganization, stranger }) => ({ userId: foreignOrganization ? stranger.id : '' })),
    allowed: owners,
  },
  requestModelException: { input: inOrganization(() => anException()), allowed: everyone },
  grantModelException: {
    input: inOrganization(({ member }) => ({ ...anException(), subjectId: member.id })),
    allowed: admins,
  },
  decideModelException: {
    input: inOrganization(({ ids }) => ({ exceptionId: ids.exception, grant: true })),
    allowed: admins,
  },
  revokeModelException: { input: inOrganization(({ ids }) => ({ exceptionId: ids.exception })), allowed: everyone },
  createTeam: { input: inOrganization(({ member }) => ({ name: 'x', userIds: [member.id] })), allowed: admins },
  renameTeam: { input: inOrganization(({ ids }) => ({ teamId: ids.team, name: 'x' })), allowed: admins },
  setTeamMembers: {
    input: inOrganization(({ ids, member }) => ({ teamId: ids.team, addUserIds: [member.id] })),
    allowed: admins,
  },
  deleteTeam: { input: inOrganization(({ ids }) => ({ teamId: ids.team })), allowed: admins },
  recordModelUsage: {
    input: inOrganization(({ organization }) => ({
      records: [{ id: organization.id, modelKey: 'claude-sonnet-4-6', promptTokens: 1, completionTokens: 1 }],
    })),
    allowed: admins,
  },
};

/** Mutations that name no object of the viewer's organizations: anyone who is signed in may. What is answered: invitation.test.ts. */
const open = ['createOrganization', 'acceptInvitation', 'declineInvitation', 'updateUser'];

const mutationOf = (name: string) => name.split(' ')[0] ?? '';

async function attempt(name: string, input: object, as?: { id: string }, by: object = {}) {
  const mutation = mutationOf(name);
  const type = `${mutation[0]?.toUpperCase()}${mutation.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { ${mutation}(input: $input) { __typename ... on ModelgateError { code message } } }`;
  const { data, errors } = await ask<Record<string, { __typename: string; code?: string }>, { input: object }>(
    query,
    { input },
    { as, ...by },
  );
  expect(errors).toBe(undefined);
  return data?.[mutation] ?? { __typename: 'nothing' };
}

/** The same input, with every id of the organization's replaced by one that nothing has. */
function withAbsentIds(input: object, { organization, ids }: FullWorld): object {
  const text = JSON.stringify(input);
  const absent = [organization.id, ...Object.values(ids)].reduce(
    (changed, id) => changed.replaceAll(`"${id}"`, `"${id.slice(0, 4)}absent"`),
    text,
  );
  return JSON.parse(absent);
}

const stateOf = async ({ organization }: World) => {
  const where = { where: { organizationId: organization.id } };
  return JSON.stringify(
    [
      await db.organization.findUnique({ where: { id: organization.id } }),
      await db.modelConfig.findMany(where),
      await db.providerKey.findMany(where),
      await db.apiKey.findMany(where),
      await db.scimToken.findMany(where),
      await db.membership.findMany(where),
      await db.invitation.findMany(where),
      await db.modelException.findMany(where),
      await db.team.findMany(where),
      await db.teamMember.findMany(where),
      await db.modelSettings.findMany(where),
      await db.usageRecord.count(where),
    ],
    (_, value) => (typeof value === 'bigint' ? String(value) : value),
  );
};

describe('the mutations', () => {
  it('all stand in this table', () => {
    const fields = Object.keys(schema.getMutationType()?.getFields() ?? {});

    expect([...new Set([...Object.keys(cases).map(mutationOf), ...open])].toSorted()).toEqual(fields.toSorted());
  });

  it('that name no object are for everyone who is signed in', async () => {
    const { stranger } = await aWorld();

    expect(await attempt('createOrganization', { name: 'x' })).toMatchObject({ code: 'AUTHENTICATION_REQUIRED' });
    expect(await attempt('createOrganization', { name: 'x' }, stranger)).not.toHaveProperty('code');
  });
});

describe.each(Object.entries(cases))('%s', (name, { input, allowed, ...more }) => {
  it(`is for ${allowed.join(', ')} alone, and changes nothing for the others`, async () => {
    for (const who of everyone) {
      const world = await aFullWorld();
      const before = await stateOf(world);

      const { code = 'OK' } = await attempt(name, input(world), world[who]);

      const refused = more.private ? 'NOT_FOUND' : 'INSUFFICIENT_PERMISSIONS';
      // Who may is not told that it may not, whatever else is said of the input.
      if (allowed.includes(who)) expect([who, code]).not.toEqual([who, refused]);
      else {
        expect([who, code]).toEqual([who, refused]);
        expect(await stateOf(world)).toBe(before);
      }
    }
  });

  it('answers a platform key that acts elsewhere, or nowhere, as if nothing of it existed, and changes nothing', async () => {
    const world = await aFullWorld();
    const { organization, foreignOrganization } = world;
    const { token, inOrganization } = await aPlatformKey(db, platformKeyScopes);
    const before = await stateOf(world);
    const given = input(world);

    const unnamed = await attempt(name, given, undefined, { token });
    const foreign = JSON.stringify(await attempt(name, given, undefined, inOrganization(foreignOrganization)));
    const absent = JSON.stringify(
      await attempt(name, withAbsentIds(given, world), undefined, inOrganization(foreignOrganization)),
    );

    expect(unnamed).toMatchObject({
      code: expect.stringMatching(/ORGANIZATION_ACCESS_DENIED|INSUFFICIENT_PERMISSIONS/),
    });
    expect(foreign.replaceAll(organization.id, 'org_absent')).toBe(absent);
    expect(foreign).toMatch(/"ORGANIZATION_ACCESS_DENIED"|"NOT_FOUND"|No platform key may/);
    expect(await stateOf(world)).toBe(before);
  });

  it('answers a stranger as if nothing of it existed, sends the anonymous to sign in, and changes nothing', async () => {
    const world = await aFullWorld();
    const { organization, stranger } = world;
    const before = await stateOf(world);
    const given = input(world);

    const anonymous = await attempt(name, given);
    const foreign = JSON.stringify(await attempt(name, given, stranger));
    const absent = JSON.stringify(await attempt(name, withAbsentIds(given, world), stranger));

    expect(anonymous).toMatchObject({ __typename: 'ModelgateUnauthenticatedError', code: 'AUTHENTICATION_REQUIRED' });
    expect(foreign.replaceAll(organization.id, 'org_absent')).toBe(absent);
    expect(foreign).toMatch(/"ORGANIZATION_ACCESS_DENIED"|"NOT_FOUND"/);
    expect(await stateOf(world)).toBe(before);
  });
});
