import { platformKeyScopes } from '../../src/domain/keys/platform-key.ts';
import { CreateConfig, MakeDefault, UpdateConfig } from '../kit/config-operations.ts';
import { exceptionsOf, made } from '../kit/exceptions.ts';
import { mint } from '../kit/issuer.ts';
import { anApiKey, aProviderKey } from '../kit/keys.ts';
import { aPlatformKey } from '../kit/platform-keys.ts';
import { type startService, today } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import { aReport, record } from '../kit/usage.ts';
import { aMember, type World } from '../kit/world.ts';

export type FuzzedService = Awaited<ReturnType<typeof startService>>;

/** A world with something of everything in it, and beside it an organization of others, of which nobody sends anything. */
export interface Scene {
  organization: string;
  foreignOrganization: string;
  /** Headers of those who send, by who they are. */
  senders: Record<string, Record<string, string>>;
  /** Ids that are there, by what they are of: those that are used, and others that are there to be deleted. */
  ids: Record<IdKind, string[]>;
  spare: Record<IdKind, string[]>;
  /** What no answer may hold: values of keys, and tokens. */
  secrets: string[];
  /** What only the other organization's people may read. */
  foreignNames: string[];
}

export type IdKind =
  | 'organization'
  | 'user'
  | 'newUser'
  | 'config'
  | 'providerKey'
  | 'apiKey'
  | 'invitation'
  | 'exception'
  | 'team'
  | 'other';

export async function setScene(service: FuzzedService): Promise<Scene> {
  const { db } = service;
  const world = await service.aWorld();
  const guests = await Promise.all([1, 2, 3, 4].map(() => aMember(db, world.organization, 'MEMBER')));
  const own = await fill(service, world);
  const { stranger, foreignOrganization } = world;
  const mark = foreignOrganization.id.slice(-8);
  const name = `foreign-${mark}-name`;
  await db.organization.update({ where: { id: foreignOrganization.id }, data: { name } });
  await db.user.update({ where: { id: stranger.id }, data: { name } });
  const theirs = { ...world, organization: foreignOrganization, owner: stranger, admin: stranger, member: stranger };
  const foreign = await fill(service, theirs, name);
  const invited = ['accepts', 'declines', 'waits'].map((what) => `usr_${what}_${mark}`);
  await db.user.createMany({ data: invited.map((id) => ({ id, name: 'Invited' })) });
  const invitations = await Promise.all(invited.map((id) => invite(service, world, id)));

  const { request } = exceptionsOf(service, () => today);
  const exceptions: string[] = [];
  for (const asked of [1, 2, 3, 4, 5]) {
    exceptions.push(made(await request(world, world.member, { reason: `Number ${asked}` })).id);
  }

  const teams = await Promise.all(
    Array.from({ length: 6 }, () => aTeam(db, world.organization, { source: 'MANUAL', members: [world.member] })),
  );
  const teamIds = teams.map(({ id }) => id);

  const platform = await aPlatformKey(db, platformKeyScopes);
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const person = async ({ id }: { id: string }) => bearer(await mint({ sub: id }));
  const now = Math.floor(Date.now() / 1_000);
  const byScope = Object.entries(own.apiKeys).map(([scope, { token }]) => [`a key that may ${scope}`, bearer(token)]);
  return {
    organization: world.organization.id,
    foreignOrganization: foreignOrganization.id,
    senders: {
      'the owner': await person(world.owner),
      'an admin': await person(world.admin),
      'an admin by claim': bearer(
        await mint({ sub: world.admin.id, v: 2, o: { id: world.organization.id, rol: 'admin' } }),
      ),
      'a member': await person(world.member),
      'someone who accepts': await person({ id: invited[0] ?? '' }),
      'someone who declines': await person({ id: invited[1] ?? '' }),
      'an outsider': await person({ id: `usr_outsider_${mark}` }),
      nobody: {},
      'a bad token': bearer('eyJhbGciOiJFUzI1NiJ9.e30.AAAA'),
      'an expired token': bearer(await mint({ sub: world.owner.id, exp: now - 3_600 })),
      ...Object.fromEntries(byScope),
      'a platform key': { ...bearer(platform.token), 'x-organization-id': world.organization.id },
      'a platform key that names nothing': bearer(platform.token),
      'a platform key that names what is not': { ...bearer(platform.token), 'x-organization-id': 'org_absent' },
      'a key in a header of its own': { 'x-api-key': own.apiKeys.READ?.token ?? '' },
    },
    ids: {
      organization: [world.organization.id],
      user: [world.member, ...guests.slice(0, 1)].map(({ id }) => id),
      newUser: Array.from({ length: 30 }, (_, index) => `usr_new${index}_${mark}`),
      config: own.configs.slice(0, 5),
      providerKey: own.providerKeys.slice(0, 2),
      apiKey: Object.values(own.apiKeys).map(({ id }) => id),
      invitation: invitations.slice(0, 2),
      exception: exceptions.slice(0, 3),
      team: teamIds.slice(0, 3),
      other: [
        ...[foreignOrganization, stranger, world.owner].map(({ id }) => id),
        ...[
          ...foreign.configs,
          ...foreign.providerKeys,
          ...foreign.spareApiKeys,
          ...own.revisions,
          ...foreign.revisions,
        ],
        ...[world.organization, foreignOrganization].map(({ id }) => id.replace('org_', 'oms_')),
        'mdl_openai/gpt-4o',
      ],
    },
    spare: {
      organization: [world.organization.id],
      user: guests.slice(1).map(({ id }) => id),
      newUser: ['usr_new'],
      config: own.configs.slice(5),
      providerKey: own.providerKeys.slice(2),
      apiKey: own.spareApiKeys,
      invitation: invitations.slice(2),
      exception: exceptions.slice(3),
      team: teamIds.slice(3),
      other: ['mdl_openai/gpt-4o'],
    },
    secrets: [...own.secrets, ...foreign.secrets, platform.token],
    foreignNames: [name],
  };
}

const configured = [
  { provider: 'openai', modelId: 'gpt-4o', scope: 'ORGANIZATION' },
  { provider: 'anthropic', modelId: 'claude-sonnet-4-6', scope: 'ORGANIZATION' },
  { provider: 'openai', modelId: 'gpt-4.1', scope: 'ORGANIZATION' },
  { provider: 'google', modelId: 'gemini-2.5-pro', scope: 'USER' },
  { provider: 'openai', modelId: 'gpt-4o', scope: 'USER' },
] as const;

/** Keys, configurations, uses and revisions, each of them called `name`. */
async function fill(service: FuzzedService, world: World, name = 'Ours') {
  const { organization, owner } = world;
  const organizationId = organization.id;
  const scopes = ['READ', 'USAGE_WRITE', 'KEYS_USE', 'SETTINGS_WRITE'] as const;
  const keys = await Promise.all(
    scopes.map(async (scope) => [scope, await anApiKey(service, world, [scope])] as const),
  );
  const spare = await Promise.all([1, 2, 3].map(() => anApiKey(service, world, ['READ'])));
  const openai = await aProviderKey(service, world, { name: `${name} at OpenAI` });
  const inactive = await aProviderKey(service, world, { name, provider: 'anthropic', isActive: false });

  const deletable = await Promise.all([1, 2, 3].map(() => aProviderKey(service, world, { name, provider: 'google' })));

  const configs: string[] = [];
  for (const config of [...configured, ...configured]) {
    const input = { organizationId, ...config, settings: { temperature: 0.5, name } };
    const { data } = await service.ask(CreateConfig, { input }, { as: owner });
    if (data?.createModelConfig.__typename === 'ModelConfig') configs.push(data.createModelConfig.id);
  }
  const [first = '', second = ''] = configs;
  await service.ask(MakeDefault, { input: { id: first } }, { as: owner });
  await service.ask(UpdateConfig, { input: { id: first, providerKeyId: openai.id } }, { as: owner });
  await service.ask(UpdateConfig, { input: { id: second, isEnabled: false } }, { as: owner });
  await service.ask(
    `mutation ($id: ID!, $models: [String!]) {
       updateModelSettings(input: { organizationId: $id, disabledModels: $models }) { __typename } }`,
    { id: organizationId, models: ['gpt-4o-mini', name] },
    { as: owner },
  );
  await record(service, organization, owner, [aReport(), aReport({ modelConfigId: first }), aReport()]);
  const revisions = await service.db.revision.findMany({ where: { organizationId }, take: 2 });
  return {
    configs,
    providerKeys: [openai, inactive, ...deletable].map(({ id }) => id),
    apiKeys: Object.fromEntries(keys),
    spareApiKeys: spare.map(({ id }) => id),
    revisions: revisions.map(({ id }) => id),
    secrets: [
      ...[openai, inactive, ...deletable].map(({ secret }) => secret),
      ...[...spare, ...Object.values(Object.fromEntries(keys))].map(({ token }) => token),
    ],
  };
}

async function invite({ ask }: FuzzedService, { organization, owner }: World, userId: string): Promise<string> {
  const { data } = await ask<{ inviteMember: { id: string } }, Record<string, string>>(
    `mutation ($organizationId: ID!, $userId: ID!) {
       inviteMember(input: { organizationId: $organizationId, userId: $userId }) { ... on Invitation { id } } }`,
    { organizationId: organization.id, userId },
    { as: owner },
  );
  return data?.inviteMember.id ?? '';
}
