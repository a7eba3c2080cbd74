import { randomBytes } from 'node:crypto';
import { typeid } from 'typeid-js';
import { describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { mint } from '../kit/issuer.ts';
import { anApiKey, aProviderKey } from '../kit/keys.ts';
import { nothingRemembered, startService, today } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { ask, aWorld, db } = service;
const forgetful = service.anotherInstance({ cache: nothingRemembered });

const Entities = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) {
    __typename
    ... on Organization { id name }
    ... on User { id name }
    ... on Model { id displayName }
    ... on ModelConfig { id modelId }
    ... on ProviderKey { id last4 }
    ... on ApiKey { id }
    ... on Revision { id number }
    ... on Team { id source }
    ... on Membership { organizationId userId role }
  }
}`;

interface Found {
  _entities: ({ __typename: string; id: string } | null)[];
}

function entities(representations: unknown, as?: { id: string }, query = Entities) {
  return ask<Found, { representations: unknown }>(query, { representations }, { as });
}

/** What is selected of each of a thousand costs points. */
const Few = 'query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }';

const aReference = (__typename: string, id: string) => ({ __typename, id });
const aMembership = (organization: { id: string }, user: { id: string }) => ({
  __typename: 'Membership',
  organizationId: organization.id,
  userId: user.id,
});

/** The ids of configurations: as many as that, of the organization, or of one user in it. */
async function configsOf({ organization, admin }: World, count: number, userId: string | null = null) {
  const rows = Array.from({ length: count }, () => ({
    id: typeid('cfg').toString(),
    organizationId: organization.id,
    userId,
    creatorId: userId ?? admin.id,
    provider: 'openai',
    modelId: 'gpt-4o',
    createdAt: today,
    updatedAt: today,
  }));
  await db.modelConfig.createMany({ data: rows });
  return rows.map(({ id }) => id);
}

describe('_entities', () => {
  it('answers mixed references in their order, and null in the place of each that is absent or foreign', async () => {
    const world = await aWorld();
    const { organization, foreignOrganization, owner, admin, member, stranger } = world;
    const [shared = '', own = '', others = ''] = [
      ...(await configsOf(world, 1)),
      ...(await configsOf(world, 1, member.id)),
      ...(await configsOf(world, 1, admin.id)),
    ];
    const references = [
      aReference('User', owner.id),
      aReference('Organization', foreignOrganization.id),
      aReference('ModelConfig', shared),
      aReference('Model', 'mdl_openai/gpt-4o'),
      aReference('User', stranger.id),
      aReference('ModelConfig', own),
      aReference('Organization', 'org_absent'),
      aReference('Organization', owner.id),
      aReference('ModelConfig', others),
      aReference('Organization', organization.id),
      aReference('Model', 'mdl_openai/none'),
      aReference('User', owner.id),
    ];

    const { data, errors } = await entities(references, member);

    expect(errors).toBe(undefined);
    expect(data?._entities).toEqual([
      { __typename: 'User', id: owner.id, name: owner.name },
      null,
      { __typename: 'ModelConfig', id: shared, modelId: 'gpt-4o' },
      { __typename: 'Model', id: 'mdl_openai/gpt-4o', displayName: 'GPT-4o' },
      null,
      { __typename: 'ModelConfig', id: own, modelId: 'gpt-4o' },
      null,
      null,
      null,
      { __typename: 'Organization', id: organization.id, name: organization.name },
      null,
      { __typename: 'User', id: owner.id, name: owner.name },
    ]);
  });

  it.each([
    ['empty', ''],
    ['nonsense', 'nonsense'],
    ["a model's", 'mdl_openai/gpt-4o'],
    ['one with a NUL', 'org_\u0000'],
    ['a name of every object', 'constructor_1'],
  ])('is null for an organization whose id is %s', async (_, id) => {
    const { member } = await aWorld();

    const { data, errors } = await entities([aReference('Organization', id)], member);

    expect({ data, errors }).toEqual({ data: { _entities: [null] }, errors: undefined });
  });

  it('knows the users of Clerk too', async () => {
    const { organization, member } = await aWorld();
    const id = `user_${typeid('usr').getSuffix()}`;
    await db.user.create({
      data: { id, memberships: { create: { organizationId: organization.id, role: 'MEMBER' } } },
    });

    const { data } = await entities([aReference('User', id)], member);

    expect(data?._entities).toEqual([{ __typename: 'User', id, name: null }]);
  });

  it('answers keys, API keys, revisions, teams and memberships, to those who may see them', async () => {
    const world = await aWorld();
    const { organization, owner, admin, member, stranger } = world;
    const providerKey = await aProviderKey(service, world);
    const apiKey = await anApiKey(service, world, ['READ']);
    const team = await aTeam(db, organization);
    const revision = await db.revision.findFirstOrThrow({ where: { organizationId: organization.id } });
    const references = [
      aReference('ProviderKey', providerKey.id),
      aReference('ApiKey', apiKey.id),
      aReference('Revision', revision.id),
      aReference('Team', team.id),
      aMembership(organization, admin),
    ];
    const told = async (as: { id: string }) =>
      (await entities(references, as)).data?._entities.map((entity) => entity?.__typename);

    expect((await entities(references, owner)).data?._entities).toEqual([
      { __typename: 'ProviderKey', id: providerKey.id, last4: providerKey.last4 },
      { __typename: 'ApiKey', id: apiKey.id },
      { __typename: 'Revision', id: revision.id, number: revision.number },
      { __typename: 'Team', id: team.id, source: 'CLAIMS' },
      { __typename: 'Membership', organizationId: organization.id, userId: admin.id, role: 'ADMIN' },
    ]);
    expect(await told(admin)).toEqual(['ProviderKey', undefined, 'Revision', 'Team', 'Membership']);
    expect(await told(member)).toEqual([undefined, undefined, undefined, 'Team', 'Membership']);
    expect(await told(stranger)).toEqual(references.map(() => undefined));
  });

  it('finds a model by its provider and what that calls it, exactly', async () => {
    const { member } = await aWorld();
    const slashed = readCatalog().models.find(({ modelId }) => modelId.includes('/'));
    const aModel = (provider: string, modelId: string) => ({ __typename: 'Model', provider, modelId });
    const references = [
      aModel('openai', 'gpt-4o'),
      aModel('openai', 'GPT-4o'),
      aModel('anthropic', 'gpt-4o'),
      aModel('constructor', 'gpt-4o'),
      aModel('openai', ''),
      aModel('openai/gpt', '4o'),
      ...(slashed ? [aModel(slashed.provider, slashed.modelId)] : []),
    ];

    const { data, errors } = await entities(references, member);

    expect(errors).toBe(undefined);
    expect(data?._entities.map((entity) => entity?.id ?? null)).toEqual([
      ...['mdl_openai/gpt-4o', null, null, null, null, null],
      ...(slashed ? [slashed.id] : []),
    ]);
  });

  it("knows the caller's own membership by the role that it acts by, and the others' by the database", async () => {
    const { organization, owner, member } = await aWorld();
    const token = await mint({ sub: member.id, org_id: organization.id, org_role: 'org:admin' });
    const references = [aMembership(organization, member), aMembership(organization, owner)];

    const { data } = await ask<Found, Record<string, unknown>>(Entities, { representations: references }, { token });

    expect(data?._entities).toMatchObject([{ role: 'ADMIN' }, { role: 'OWNER' }]);
    expect((await entities(references, owner)).data?._entities).toMatchObject([{ role: 'MEMBER' }, { role: 'OWNER' }]);
  });

  it.each(['Organization', 'User', 'Model', 'ModelConfig', 'ProviderKey', 'ApiKey', 'Revision', 'Membership', 'Team'])(
    'reads 100 references of %s in one statement at most',
    async (type) => {
      const world = await aWorld();
      const references = await oneHundred(type, world);
      const statementsOf = async (query: string, variables = {}) => {
        forgetful.takeStatements();
        const asking = { as: world.owner };
        const { data, errors } = await forgetful.ask<Found, Record<string, unknown>>(query, variables, asking);
        expect(errors).toBe(undefined);
        return { count: forgetful.takeStatements().length, found: data?._entities ?? [] };
      };

      const nothing = await statementsOf('{ __typename }');
      const { count, found } = await statementsOf(Entities, { representations: references });

      expect(found).toMatchObject(references);
      expect(count - nothing.count).toBe(type === 'Model' ? 0 : 1);
    },
  );

  it.each([
    ['an unknown type', { __typename: 'Unicorn', id: 'org_1' }, '.__typename'],
    ['a type that is no entity', { __typename: 'Invitation', id: 'inv_1' }, '.__typename'],
    ['a name of every object', { __typename: 'constructor', id: 'org_1' }, '.__typename'],
    ['no type', { id: 'org_1' }, '.__typename'],
    ['no id', { __typename: 'Organization' }, '.id'],
    ['an id that is no string', { __typename: 'Organization', id: { in: ['org_1'] } }, '.id'],
    ['an id that is far too long', { __typename: 'Organization', id: `org_${'x'.repeat(10_000)}` }, '.id'],
    ['half of a key of two', { __typename: 'Membership', organizationId: 'org_1' }, '.userId'],
    ['half of a second key', { __typename: 'Model', provider: 'openai', modelId: 4 }, '.modelId'],
    ['a membership by an id', { __typename: 'Membership', id: 'org_1' }, '.organizationId'],
    ['no object', 'org_1', ''],
    ['a list', [], ''],
  ])('is null, with an error, in the place of %s, and answers the others', async (_, representation, path) => {
    const { organization, owner, member } = await aWorld();
    const references = [aReference('Organization', organization.id), representation, aReference('User', owner.id)];

    const { status, data, errors } = await entities(references, member);

    expect(status).toBe(200);
    expect(data?._entities.map((entity) => entity?.id ?? null)).toEqual([organization.id, null, owner.id]);
    expect(errors).toMatchObject([
      {
        path: ['_entities', 1],
        extensions: { code: 'VALIDATION_ERROR', details: { issues: [{ path: `representations.1${path}` }] } },
      },
    ]);
    expect(JSON.stringify(errors)).not.toContain('org_');
  });

  it('tells ten faults of many, and of the rest how many there are', async () => {
    const { organization, member } = await aWorld();
    const bad = Array.from({ length: 998 }, () => ({ __typename: 'Unicorn', id: 'x' }));
    const good = aReference('Organization', organization.id);

    const { data, errors } = await entities([good, ...bad, good], member, Few);

    expect(data?._entities.filter((entity) => entity !== null)).toHaveLength(2);
    expect(data?._entities).toHaveLength(1_000);
    expect(errors?.map(({ path }) => path)).toEqual(Array.from({ length: 11 }, (_, index) => ['_entities', index + 1]));
    expect(errors?.at(-1)).toMatchObject({ message: 'representations: 988 more are no references' });
    expect(JSON.stringify({ data, errors }).length).toBeLessThan(30_000);
  });

  it('takes references that stand in the document, and 1,000 at most', async () => {
    const { organization, member } = await aWorld();
    const inline = `{ _entities(representations: [{ __typename: "Organization", id: "${organization.id}" }]) { __typename } }`;
    const many = (length: number) =>
      entities(Array(length).fill(aReference('Organization', organization.id)), member, Few);

    expect((await ask(inline, {}, { as: member })).data).toEqual({ _entities: [{ __typename: 'Organization' }] });
    expect((await many(1_000)).data?._entities).toHaveLength(1_000);
    expect((await many(1_001)).errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it('asks an anonymous caller to sign in', async () => {
    const { errors } = await entities([aReference('Model', 'mdl_openai/gpt-4o')]);

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'AUTHENTICATION_REQUIRED' });
  });
});

/** References to a hundred objects of this type that the owner may see. */
async function oneHundred(type: string, world: World): Promise<Record<string, string>[]> {
  const { organization, owner } = world;
  const all = (ids: string[]) => ids.map((id) => aReference(type, id));
  const some = (prefix: string) => Array.from({ length: 100 }, () => typeid(prefix).toString());
  switch (type) {
    case 'Organization': {
      const ids = some('org');
      await db.organization.createMany({ data: ids.map((id) => ({ id })) });
      await db.membership.createMany({
        data: ids.map((organizationId) => ({ organizationId, userId: owner.id, role: 'OWNER' as const })),
      });
      return all(ids);
    }
    case 'User':
    case 'Membership': {
      const ids = some('usr');
      await db.user.createMany({ data: ids.map((id) => ({ id })) });
      await db.membership.createMany({
        data: ids.map((userId) => ({ organizationId: organization.id, userId, role: 'MEMBER' as const })),
      });
      return type === 'User' ? all(ids) : ids.map((id) => aMembership(organization, { id }));
    }
    case 'ModelConfig':
      return all(await configsOf(world, 100));
    case 'ProviderKey': {
      const { id: made } = await aProviderKey(service, world);
      const key = await db.providerKey.findUniqueOrThrow({ where: { id: made } });
      const ids = some('key');
      await db.providerKey.createMany({ data: ids.map((id) => ({ ...key, id })) });
      return all(ids);
    }
    case 'ApiKey': {
      const { id: made } = await anApiKey(service, world, ['READ']);
      const key = await db.apiKey.findUniqueOrThrow({ where: { id: made } });
      const ids = some('api');
      await db.apiKey.createMany({ data: ids.map((id) => ({ ...key, id, hash: randomBytes(32) })) });
      return all(ids);
    }
    case 'Team': {
      const ids = some('team');
      await db.team.createMany({
        data: ids.map((id) => ({ id, name: id, organizationId: organization.id, source: 'CLAIMS' as const })),
      });
      return all(ids);
    }
    case 'Revision': {
      for (let n = 0; n < 100; n++) await aProviderKey(service, world);
      const revisions = await db.revision.findMany({ where: { organizationId: organization.id }, take: 100 });
      return all(revisions.map(({ id }) => id));
    }
    default:
      return all(
        readCatalog()
          .models.slice(0, 100)
          .map(({ id }) => id),
      );
  }
}
