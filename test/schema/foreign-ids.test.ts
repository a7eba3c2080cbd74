import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { platformKeyScopes } from '../../src/domain/keys/platform-key.ts';
import { exceptionsOf, made } from '../kit/exceptions.ts';
import { anApiKey, aProviderKey } from '../kit/keys.ts';
import { anInvitation } from '../kit/members.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { aPlatformKey } from '../kit/platform-keys.ts';
import { nothingRemembered, startService, today } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';

const service = await startService();
const { aWorld, db } = service;
const forgetful = service.anotherInstance({ cache: nothingRemembered });

const world = await aWorld();
const { organization, admin, member, stranger, foreignOrganization } = world;
await service.ask(UpdateSettings, { input: { organizationId: organization.id, disabledModels: ['x'] } }, { as: admin });
const revision = await db.revision.findFirstOrThrow({ where: { organizationId: organization.id } });
const providerKey = await aProviderKey(service, world);
const apiKey = await anApiKey(service, world, ['READ']);
const invitation = await anInvitation(service, world, { userId: 'usr_someone' });
const { request } = exceptionsOf(service, () => today);
const exception = made(await request(world, member));
const team = await aTeam(db, organization, { members: [member] });
const [shared, own] = await Promise.all([null, member.id].map(aConfig));

async function aConfig(userId: string | null) {
  const of = { organizationId: organization.id, userId, creatorId: admin.id, providerKeyId: providerKey.id };
  const times = { createdAt: new Date(), updatedAt: new Date() };
  // As large as they come: whatever is read of it takes its time.
  const settings = { prompt: 'x'.repeat(100_000) };
  const id = typeid('cfg').toString();
  await db.modelConfig.create({ data: { id, ...of, provider: 'openai', modelId: 'gpt-4o', settings, ...times } });
  return id;
}

/** One object of each kind that has an id, all of an organization that the asker is not in. */
const foreign: [kind: string, id: string][] = [
  ['Organization', organization.id],
  ['OrganizationModelSettings', organization.id.replace('org_', 'oms_')],
  ['User', member.id],
  ['ModelConfig', shared ?? ''],
  ["ModelConfig (a user's own)", own ?? ''],
  ['ProviderKey', providerKey.id],
  ['ApiKey', apiKey.id],
  ['Revision', revision.id],
  ['Invitation', invitation.id],
  ['ModelException', exception.id],
  ['Team', team.id],
];
const entities = ['Organization', 'User', 'ModelConfig', 'ProviderKey', 'ApiKey', 'Revision', 'Team', 'ModelException'];

const absentAs = (id: string) => typeid(id.slice(0, id.indexOf('_'))).toString();

type Asking = { as?: { id: string }; token?: string; headers?: Record<string, string> };

const platformKey = await aPlatformKey(db, platformKeyScopes);
/** Who asks: a member of another organization, and a platform key that acts in it. */
const askers: [who: string, asking: Asking][] = [
  ['a stranger', { as: stranger }],
  ['a platform key', platformKey.inOrganization(foreignOrganization)],
];

/** All that can be seen of an answer, and what it asked the database. */
async function outcomeOf(query: string, variables: Record<string, unknown>, asking: Asking = { as: stranger }) {
  forgetful.takeStatements();
  const { status, data, errors } = await forgetful.ask(query, variables, asking);
  const told = errors?.map(({ message, path, extensions }) => ({ message, path, code: extensions.code }));
  return { answer: JSON.stringify({ status, data, told }), statements: forgetful.takeStatements() };
}

describe.each(foreign)('the id of a foreign %s', (kind, id) => {
  const lookups = [
    ['node', 'query ($id: ID!) { node(id: $id) { __typename id } }'],
    ['nodes', 'query ($id: ID!) { nodes(ids: [$id, $id]) { __typename id } }'],
  ] as const;
  it.each(lookups.flatMap(([field, query]) => askers.map(([who, asking]) => ({ field, query, who, asking }))))(
    'is answered by $field to $who as an absent one is, with the same statements',
    async ({ query, asking }) => {
      const found = await outcomeOf(query, { id }, asking);

      expect(found).toEqual(await outcomeOf(query, { id: absentAs(id) }, asking));
      expect(found.answer).not.toContain(id);
      // What is found is not hidden afterwards: it is not looked for elsewhere than where the viewer is.
      const [table = ''] = /^(ModelConfig|ModelException|ProviderKey|ApiKey|Revision|Team)/.exec(kind) ?? [];
      const sent = found.statements.filter((sql) => table !== '' && sql.includes(`FROM public."${table}"`));
      expect(sent).toHaveLength(table === '' ? 0 : 1);
      for (const sql of sent) expect(sql).toMatch(/"organizationId" = ANY/);
    },
  );
});

describe.each(foreign.filter(([kind]) => entities.includes(kind.split(' ')[0] ?? '')))(
  'a reference to a foreign %s',
  (kind, id) => {
    it.each(askers)(
      'is answered by _entities to %s as to an absent one, with the same statements',
      async (_, asking) => {
        const query = 'query ($r: _Any!) { _entities(representations: [$r, $r]) { __typename } }';
        const __typename = kind.split(' ')[0];

        const found = await outcomeOf(query, { r: { __typename, id } }, asking);

        expect(found).toEqual(await outcomeOf(query, { r: { __typename, id: absentAs(id) } }, asking));
        expect(found.answer).toContain('[null,null]');
      },
    );
  },
);

describe('a reference to a foreign Membership', () => {
  it.each([
    ['of a foreign organization', organization.id, member.id, 'org_absent'],
    ['of a stranger to the own one', foreignOrganization.id, member.id, foreignOrganization.id],
  ])('%s is answered by _entities as to an absent one, with the same statements', async (_, id, userId, absentId) => {
    const query = 'query ($r: _Any!) { _entities(representations: [$r, $r]) { __typename } }';
    const r = { __typename: 'Membership', organizationId: id, userId };

    const found = await outcomeOf(query, { r });

    expect(found).toEqual(await outcomeOf(query, { r: { ...r, organizationId: absentId, userId: absentAs(userId) } }));
    expect(found.answer).toContain('[null,null]');
  });
});

describe('an organization that the viewer is no member of', () => {
  it.each(['org', 'oms'])('is not asked the database about, nor are its settings (%s_)', async (prefix) => {
    const query = 'query ($id: ID!) { node(id: $id) { id } }';
    const nothing = await outcomeOf(query, { id: 'nonsense' });

    const found = await outcomeOf(query, { id: organization.id.replace('org', prefix) });

    expect(found.statements).toEqual(nothing.statements);
  });
});

describe.each([
  ['updateModelConfig', shared, { isEnabled: false }],
  ['updateModelConfig', own, { isEnabled: false }],
  ['setModelConfigEnabled', shared, { isEnabled: false }],
  ['setDefaultModelConfig', shared, {}],
  ['deleteModelConfig', shared, {}],
  ['deleteModelConfig', own, {}],
  ['updateProviderKey', providerKey.id, { name: 'Mine' }],
  ['rotateProviderKey', providerKey.id, { secret: 'sk-1234567890abcdef' }],
  ['deleteProviderKey', providerKey.id, { detach: true }],
  ['revokeApiKey', apiKey.id, {}],
] as const)('%s of a foreign %s', (name, id = '', input) => {
  it('is refused as of an absent one, with the same statements', async () => {
    const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
    const query = `mutation ($input: ${type}) { ${name}(input: $input) { __typename ... on ModelgateError { code message } } }`;

    const found = await outcomeOf(query, { input: { id, ...input } });

    expect(found).toEqual(await outcomeOf(query, { input: { id: absentAs(id), ...input } }));
    expect(found.answer).toContain('NOT_FOUND');
  });
});

describe('providerKeySecret', () => {
  it('refuses a foreign key as an absent one, with the same statements', async () => {
    const of = { ...world, organization: foreignOrganization, owner: stranger };
    const { token } = await anApiKey(service, of, ['READ', 'KEYS_USE']);
    const query = 'query ($id: ID!) { providerKeySecret(id: $id) { secret } }';

    const found = await outcomeOf(query, { id: providerKey.id }, { token });

    expect(found).toEqual(await outcomeOf(query, { id: absentAs(providerKey.id) }, { token }));
    expect(found.answer).toContain('NOT_FOUND');
  });
});
