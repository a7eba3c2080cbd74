import { getNamedType, isAbstractType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';
import type { ApiKeyScope, CreateModelConfigInput } from '../generated/graphql.ts';
import { CreateConfig } from '../kit/config-operations.ts';
import { exceptionsOf, made } from '../kit/exceptions.ts';
import { anApiKey, aProviderKey } from '../kit/keys.ts';
import { anInvitation } from '../kit/members.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { askFor, thatDay } from '../kit/refusals.ts';
import { aScimToken } from '../kit/scim.ts';
import { startService, today } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';

// Exceptions must not have ended by the clock of the database either, which is not that of the test.
const service = await startService({ limits: { exceptionDays: 3_650 } });
const { ask, aWorld, db } = service;

const world = await aWorld();
const { organization, owner, admin, member, stranger } = world;
const o = organization.id;

await ask(UpdateSettings, { input: { organizationId: o, disabledModels: ['gpt-4o'] } }, { as: owner });
await ask(
  UpdateSettings,
  { input: { organizationId: o, disabledModels: [], defaultModelKey: 'gpt-4.1-mini' } },
  { as: owner },
);
const revision = await db.revision.findFirstOrThrow({ where: { organizationId: o } });
const usedKey = await aProviderKey(service, world);
const privateKey = await aProviderKey(service, world);
const idleKey = await aProviderKey(service, world);

async function aConfig(as: { id: string }, input: Partial<CreateModelConfigInput>) {
  const given = { organizationId: o, provider: 'openai', modelId: 'gpt-4o', ...input };
  const { data } = await ask(CreateConfig, { input: given }, { as });
  if (data?.createModelConfig.__typename !== 'ModelConfig') throw new Error(JSON.stringify(data));
  return data.createModelConfig.id;
}
const shared = await aConfig(owner, { scope: 'ORGANIZATION', providerKeyId: usedKey.id, isDefault: true });
const scimToken = await aScimToken(service, world);
const invitation = await anInvitation(service, world, { userId: stranger.id });
const team = await aTeam(db, organization, { members: [member] });
const { request, grant, decide } = exceptionsOf(service, () => today);
const exception = made(await request(world, member));
await decide(world, admin, exception, { grant: false });
await ask(UpdateSettings, { input: { organizationId: o, disabledModels: ['gpt-4.1'] } }, { as: owner });
const until = '2036-11-01T00:00:00Z';
const ofTeam = made(await grant(world, owner, { subjectId: team.id, models: ['gpt-4.1'], until }));
const own = await aConfig(member, { providerKeyId: privateKey.id });
await askFor(service, organization, 'nothing', { as: member });
await service.refusals.flush();
/** If the policy were again what it was at first. */
const impact = (fields: string) => `policyDiff(from: 2, to: 1) { impact { ${fields} } }`;
const refusals = `refusals(from: "${thatDay.from}", to: "${thatDay.to}")`;

async function aService(...scopes: ApiKeyScope[]) {
  const { id, token } = await anApiKey(service, world, scopes);
  return { id, token };
}

/** Everyone who may ask, as they ask. The services are of the organization, but for the last one. */
const actors = {
  owner: { as: owner },
  admin: { as: admin },
  member: { as: member },
  outsider: { as: stranger },
  anonymous: {},
  reading: await aService('READ'),
  reporting: await aService('USAGE_WRITE'),
  keyUsing: await aService('KEYS_USE'),
  changing: await aService('SETTINGS_WRITE'),
  readingAndKeyUsing: await aService('READ', 'KEYS_USE'),
  foreign: await anApiKey(service, { ...world, organization: world.foreignOrganization, owner: stranger }, [
    'READ',
  ]).then(({ id, token }) => ({ id, token })),
};
type Who = keyof typeof actors;

const everyone = Object.keys(actors) as Who[];
const readers: Who[] = ['owner', 'admin', 'member', 'reading', 'readingAndKeyUsing'];

/** An object, who sees it, and every way to it; a list that is not for all of them says for whom it is. */
interface Thing {
  type: string;
  id: string;
  seenBy: Who[];
  routes: Record<string, string | { query: string; for: Who[] }>;
}

const aNode = (type: string, id: string, fields: string) => `{ node(id: "${id}") { ... on ${type} { ${fields} } } }`;
const inOrganization = (fields: string) => `{ organization(id: "${o}") { ${fields} } }`;
const byId = (id: string) => ({
  'Query.node': `{ node(id: "${id}") { id } }`,
  'Query.nodes': `{ nodes(ids: ["org_absent", "${id}"]) { id } }`,
});
const asEntity = (type: string, id: string) => ({
  'Query._entities': `{ _entities(representations: [{ __typename: "${type}", id: "${id}" }]) { ... on ${type} { id } } }`,
});
const settingsId = o.replace('org_', 'oms_');
const model = 'mdl_openai/gpt-4o';

const things: Thing[] = [
  {
    type: 'Organization',
    id: o,
    seenBy: readers,
    routes: {
      ...byId(o),
      ...asEntity('Organization', o),
      'Query.organization': inOrganization('id'),
      'Membership.organization': {
        query: '{ caller { memberships { organization { id } } } }',
        for: ['owner', 'admin', 'member'],
      },
      'OrganizationModelSettings.organization': aNode('OrganizationModelSettings', settingsId, 'organization { id }'),
      'ModelConfig.organization': aNode('ModelConfig', shared, 'organization { id }'),
      'ProviderKey.organization': aNode('ProviderKey', usedKey.id, 'organization { id }'),
      'Team.organization': aNode('Team', team.id, 'organization { id }'),
      'ModelException.organization': {
        query: aNode('ModelException', exception.id, 'organization { id }'),
        for: ['owner', 'admin', 'member'],
      },
      'ApiKey.organization': {
        query: '{ caller { apiKey { organization { id } } } }',
        for: ['reading', 'readingAndKeyUsing'],
      },
    },
  },
  {
    type: 'OrganizationModelSettings',
    id: settingsId,
    seenBy: readers,
    routes: {
      ...byId(settingsId),
      'Query.organizationModelSettings': `{ organizationModelSettings(organizationId: "${o}") { id } }`,
      'Organization.modelSettings': inOrganization('modelSettings { id }'),
    },
  },
  {
    type: 'User',
    id: owner.id,
    seenBy: readers,
    routes: {
      ...byId(owner.id),
      ...asEntity('User', owner.id),
      'Caller.user': { query: '{ caller { user { id } } }', for: ['owner'] },
      'Membership.user': inOrganization('members { edges { node { user { id } } } }'),
      'OrganizationModelSettings.updatedBy': aNode('OrganizationModelSettings', settingsId, 'updatedBy { id }'),
      'ModelConfig.createdBy': aNode('ModelConfig', shared, 'createdBy { id }'),
      'ApiKey.createdBy': { query: aNode('ApiKey', actors.reading.id, 'createdBy { id }'), for: ['owner', 'reading'] },
      'ScimToken.createdBy': {
        query: inOrganization('scimTokens { createdBy { id } }'),
        for: ['owner'],
      },
      'ModelException.decidedBy': {
        query: aNode('ModelException', ofTeam.id, 'decidedBy { id }'),
        for: ['owner', 'admin', 'member'],
      },
      'Policy.changedBy': { query: inOrganization('policy { changedBy { id } }'), for: ['owner', 'admin'] },
      'Revision.actor': { query: aNode('Revision', revision.id, 'actor { id }'), for: ['owner', 'admin'] },
    },
  },
  {
    type: 'User',
    id: member.id,
    seenBy: readers,
    routes: {
      'ModelException.requestedBy': {
        query: aNode('ModelException', exception.id, 'requestedBy { id }'),
        for: ['owner', 'admin', 'member'],
      },
      'ModelConfig.user': { query: aNode('ModelConfig', own, 'user { id }'), for: ['member'] },
      'Team.members': aNode('Team', team.id, 'members { edges { node { id } } }'),
      'ModelRefusal.user': {
        query: inOrganization(`${refusals} { edges { node { user { id } } } }`),
        for: ['owner', 'admin'],
      },
    },
  },
  {
    type: 'Membership',
    id: owner.id,
    seenBy: readers,
    routes: {
      'Query._entities': `{ _entities(representations: [
        { __typename: "Membership", organizationId: "${o}", userId: "${owner.id}" }
      ]) { ... on Membership { userId role } } }`,
      'Organization.members': inOrganization('members { edges { node { role user { id } } } }'),
      'Caller.memberships': { query: '{ caller { memberships { role user { id } } } }', for: ['owner'] },
    },
  },
  {
    type: 'ModelConfig',
    id: shared,
    seenBy: readers,
    routes: {
      ...byId(shared),
      ...asEntity('ModelConfig', shared),
      'Query.modelConfigs': `{ modelConfigs(organizationId: "${o}") { edges { node { id } } } }`,
      'Organization.modelConfigs': inOrganization('modelConfigs { edges { node { id } } }'),
      'EffectiveDefaultModel.config': inOrganization('effectiveDefaultModel { config { id } }'),
      'ModelResolution.config': {
        query: `{ resolveModel(organizationId: "${o}", modelKey: "gpt-4o") { config { id } } }`,
        for: readers.filter((who) => who !== 'member'),
      },
      'PolicyImpact.modelConfigs': { query: inOrganization(impact('modelConfigs { id }')), for: ['owner', 'admin'] },
    },
  },
  {
    type: 'ModelConfig',
    id: own,
    seenBy: ['member'],
    routes: {
      ...byId(own),
      ...asEntity('ModelConfig', own),
      'Query.modelConfigs': `{ modelConfigs(organizationId: "${o}") { edges { node { id } } } }`,
      'Organization.modelConfigs': inOrganization('modelConfigs { edges { node { id } } }'),
      'ModelResolution.config': `{ resolveModel(organizationId: "${o}", modelKey: "gpt-4o") { config { id } } }`,
      'Caller.modelConfigs': '{ caller { modelConfigs { edges { node { id } } } } }',
    },
  },
  ...[
    { key: usedKey, config: shared, seenBy: readers },
    { key: privateKey, config: own, seenBy: ['owner', 'admin', 'member', 'readingAndKeyUsing'] as Who[] },
    { key: idleKey, config: undefined, seenBy: ['owner', 'admin', 'readingAndKeyUsing'] as Who[] },
  ].map(({ key, config, seenBy }) => ({
    type: 'ProviderKey',
    id: key.id,
    seenBy,
    routes: {
      ...byId(key.id),
      ...asEntity('ProviderKey', key.id),
      'Organization.providerKeys': {
        query: inOrganization('providerKeys { edges { node { id } } }'),
        for: ['owner', 'admin'] as Who[],
      },
      'ProviderKeySecret.providerKey': {
        query: `{ providerKeySecret(id: "${key.id}") { providerKey { id } } }`,
        for: ['readingAndKeyUsing'] as Who[],
      },
      ...(config && {
        'ModelConfig.providerKey': {
          query: aNode('ModelConfig', config, 'providerKey { id }'),
          for: config === own ? (['member'] as Who[]) : everyone,
        },
      }),
    },
  })),
  {
    type: 'ApiKey',
    id: actors.reading.id,
    seenBy: ['owner', 'reading'],
    routes: {
      ...byId(actors.reading.id),
      ...asEntity('ApiKey', actors.reading.id),
      'Organization.apiKeys': { query: inOrganization('apiKeys { edges { node { id } } }'), for: ['owner'] },
      'Caller.apiKey': { query: '{ caller { apiKey { id } } }', for: ['reading'] },
    },
  },
  {
    type: 'ScimToken',
    id: scimToken.id,
    seenBy: ['owner'],
    routes: { 'Organization.scimTokens': inOrganization('scimTokens { id }') },
  },
  {
    type: 'ApiKey',
    id: actors.changing.id,
    seenBy: ['owner', 'changing'],
    routes: { ...byId(actors.changing.id), ...asEntity('ApiKey', actors.changing.id) },
  },
  {
    type: 'Team',
    id: team.id,
    seenBy: readers,
    routes: {
      ...byId(team.id),
      ...asEntity('Team', team.id),
      'Organization.teams': inOrganization('teams { edges { node { id } } }'),
    },
  },
  ...[exception.id, ofTeam.id].map((id) => ({
    type: 'ModelException',
    id,
    seenBy: ['owner', 'admin', 'member'] as Who[],
    routes: {
      ...byId(id),
      ...asEntity('ModelException', id),
      'Organization.modelExceptions': inOrganization('modelExceptions { edges { node { id } } }'),
      'ModelAccess.exception': {
        query: `{ modelAccess(organizationId: "${o}", modelKey: "gpt-4.1") { exception { id } } }`,
        for: id === ofTeam.id ? (['member'] as Who[]) : [],
      },
    },
  })),
  {
    type: 'Invitation',
    id: invitation.id,
    seenBy: ['owner'],
    routes: {
      ...byId(invitation.id),
      'Organization.invitations': inOrganization('invitations { edges { node { id } } }'),
    },
  },
  {
    type: 'ReceivedInvitation',
    id: invitation.id,
    seenBy: ['outsider'],
    routes: { 'Caller.invitations': '{ caller { invitations { id } } }' },
  },
  {
    type: 'Revision',
    id: revision.id,
    seenBy: ['owner', 'admin'],
    routes: {
      ...byId(revision.id),
      ...asEntity('Revision', revision.id),
      'Organization.revisions': inOrganization('revisions { edges { node { id } } }'),
    },
  },
  {
    type: 'Model',
    id: model,
    seenBy: everyone.filter((who) => who !== 'anonymous'),
    routes: {
      ...byId(model),
      ...asEntity('Model', model),
      'Query.models': {
        query: `{ models(organizationId: "${o}", filter: { search: "gpt-4o" }) { edges { node { id } } } }`,
        for: readers,
      },
      'Organization.models': {
        query: inOrganization('models(filter: { search: "gpt-4o" }) { edges { node { id } } }'),
        for: readers,
      },
      'User.availableModels': {
        query: aNode('User', owner.id, `availableModels(organizationId: "${o}", last: 100) { edges { node { id } } }`),
        for: ['owner', 'admin', 'reading', 'readingAndKeyUsing'],
      },
      'Team.availableModels': {
        query: aNode('Team', team.id, 'availableModels(last: 100) { edges { node { id } } }'),
        for: ['owner', 'admin', 'reading', 'readingAndKeyUsing'],
      },
      'ModelConfig.model': { query: aNode('ModelConfig', shared, 'model { id }'), for: readers },
      'ModelAccess.model': {
        query: `{ modelAccess(organizationId: "${o}", modelKey: "gpt-4o") { model { id } } }`,
        for: readers,
      },
      'ModelResolution.model': {
        query: `{ resolveModel(organizationId: "${o}", modelKey: "gpt-4o") { model { id } } }`,
        for: readers,
      },
      'ModelImpact.model': {
        query: inOrganization(impact('newlyBlocked { model { id } }')),
        for: ['owner', 'admin'],
      },
      'SelectorPreview.matches': {
        query: `{ previewSelector(organizationId: "${o}", selector: "gpt-4o") { matches { edges { node { id } } } } }`,
        for: ['owner', 'admin', 'changing'],
      },
      'SelectorPreview.allows': {
        query: `{ previewSelector(organizationId: "${o}", selector: "gpt-4o") { allows { edges { node { id } } } } }`,
        for: ['owner', 'admin', 'changing'],
      },
      'Query.modelsInUse': { query: `{ modelsInUse(organizationId: "${o}") { id } }`, for: readers },
      'Organization.modelsInUse': { query: inOrganization('modelsInUse { id }'), for: readers },
      'EffectiveDefaultModel.model': { query: inOrganization('effectiveDefaultModel { model { id } }'), for: readers },
    },
  },
];

/** Below another object of its own: who sees that sees these, as the catalog is no secret. */
const beneath = [
  'AliasImpact.from',
  'AliasImpact.to',
  'DefaultImpact.from',
  'DefaultImpact.to',
  'ModelAlias.model',
  'ModelAlias.shadows',
  'ModelOption.model',
  'ModelRefusal.model',
  'ModelUsage.model',
  // Who may ask for these stands in access.test.ts.
  'Organization.pendingModels',
  'OrganizationModelSettings.defaultModel',
  // As `config`, of a default that may not be used now.
  'SkippedDefault.config',
];

/** All fields that answer objects of this type; results of changes stand in mutations.test.ts, events in organization-revision.test.ts. */
function routesTo(type: string): string[] {
  return Object.values(schema.getTypeMap())
    .filter((parent) => isObjectType(parent))
    .filter(({ name }) => !/^Mutation$|^__|^OrganizationRevision$|Payload$|Edge$|Connection$/.test(name))
    .flatMap((parent) => Object.values(parent.getFields()).map((field) => ({ parent, field })))
    .filter(({ field }) => {
      const answered = getNamedType(field.type);
      const types = isAbstractType(answered) ? schema.getPossibleTypes(answered) : [answered];
      return types.some(({ name }) => name === type || name === `${type}Connection`);
    })
    .map(({ parent, field }) => `${parent.name}.${field.name}`);
}

describe.each(things)('$type', ({ id, seenBy, routes }) => {
  it.each(Object.entries(routes))('is seen by the same by %s', async (_, route) => {
    const { query, for: some } = typeof route === 'string' ? { query: route, for: everyone } : route;

    const seen = [];
    for (const who of everyone) {
      const { data } = await ask(query, {}, actors[who]);
      if (JSON.stringify(data ?? null).includes(`"${id}"`)) seen.push(who);
    }

    expect(seen).toEqual(everyone.filter((who) => seenBy.includes(who) && some.includes(who)));
  });
});

it.each([...new Set(things.map(({ type }) => type))])('%s has no route beside these', (type) => {
  const known = [...things.flatMap((thing) => (thing.type === type ? Object.keys(thing.routes) : [])), ...beneath];

  expect(routesTo(type).filter((route) => !known.includes(route))).toEqual([]);
});

describe('a service that may change the settings, but not read them', () => {
  it('is told what its own change came to, and nothing more', async () => {
    const mutation = `mutation ($fields: Boolean!) { updateModelSettings(input: { organizationId: "${o}" }) {
      ... on OrganizationModelSettings { id defaultModelKey revision organization @include(if: $fields) { name } } } }`;

    const told = await ask(mutation, { fields: false }, actors.changing);
    const more = await ask(mutation, { fields: true }, actors.changing);

    expect(told.data).toMatchObject({ updateModelSettings: { id: settingsId, defaultModelKey: 'gpt-4.1-mini' } });
    expect(JSON.stringify(more)).not.toContain(organization.name);
    expect(more.errors?.[0]?.extensions.code).toBe('INSUFFICIENT_PERMISSIONS');
  });
});
