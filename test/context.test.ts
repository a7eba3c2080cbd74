import { describe, expect, it } from 'vitest';
import { anonymous } from '../src/auth/viewer.ts';
import { TaggedCache } from '../src/cache/tagged-cache.ts';
import { noTags } from '../src/cache/tags.ts';
import { readCatalog } from '../src/catalog/read-catalog.ts';
import { createContext, type RequestInfo, type Services } from '../src/context.ts';
import { createRevisionHub } from '../src/domain/feed/revision-hub.ts';
import type { OrganizationState } from '../src/domain/ledger/snapshot.ts';
import { SubjectCache } from '../src/domain/subjects/subject-loader.ts';
import { limitsOf } from '../src/limits.ts';
import { Loaders } from '../src/loaders.ts';
import { defaultPolicy } from '../src/policy/policy-value.ts';
import { UpdateSettings } from './kit/operations.ts';
import { setScope } from './kit/scopes.ts';
import { startService, testVault, today } from './kit/service.ts';
import { aTeam } from './kit/teams.ts';
import type { World } from './kit/world.ts';

const { ask, aWorld, changeFeed, db, tags, heard } = await startService();
const limits = limitsOf();
const revisionHub = createRevisionHub({ db, changeFeed, limits });
const services: Services = {
  db,
  vault: testVault,
  tags,
  states: new TaggedCache<OrganizationState>(),
  subjectCache: new SubjectCache(),
  catalog: readCatalog(),
  platformProviders: new Set(),
  organizationCreation: { creators: 'anyone', operators: new Set() },
  issuers: [],
  invitationUrl: undefined,
  limits,
  revisionHub,
};
const requestInfo: RequestInfo = {
  viewer: anonymous,
  request: new Request('http://localhost/graphql', { method: 'POST' }),
  params: {},
  connection: { signal: new AbortController().signal, lastEventId: null, disconnect: () => {} },
  now: today,
  onTypedError: () => {},
  actIn: () => {},
  onRefusal: () => {},
};

const page = { after: undefined, before: undefined, limit: 10, inverted: false };
const period = { from: new Date('2026-11-22T00:00:00Z'), to: today };
const filter = { state: null, subjectId: null, ownIds: null };
const list = { order: { field: 'CREATED_AT', direction: 'ASC' }, filter: {}, hasSettings: false } as const;

async function disable({ organization, admin }: World, model: string): Promise<void> {
  const input = { organizationId: organization.id, disabledModels: [model] };
  await ask(UpdateSettings, { input }, { as: admin });
}

type Read = (context: ReturnType<typeof createContext>, id: string) => unknown;

const covered: [string, Read][] = [
  ['a snapshot', ({ states }, id) => states.load(id)],
  ['members', ({ members }, id) => members.load({ ownerId: id, page })],
  ['a membership', ({ membersByKey }, id) => membersByKey.load({ organizationId: id, userId: 'usr_absent' })],
  ['how many members', ({ memberCounts }, id) => memberCounts.load(id)],
  ['revisions', ({ revisions }, id) => revisions.load({ ownerId: id, page })],
  ['the policy at a revision', ({ policies }, id) => policies.at.load({ organizationId: id, atRevision: null })],
  [
    'the origin of a cause',
    ({ policies }, id) => {
      const cause = { reason: 'MODEL_DISABLED', subjectId: null, entry: 'gpt-4o' } as const;
      return policies.origins.load({ ...cause, organizationId: id, revision: 0 });
    },
  ],
  ['configurations', ({ configs }, id) => configs.pages.load({ ownerId: id, page: { ...page, ...list } })],
  ['how many configurations', ({ configs }, id) => configs.counts.load({ ownerId: id, page: { allowed: true } })],
  ['default configurations', ({ configs }, id) => configs.defaults.load({ id, hasSettings: false })],
  [
    'an exception that a decision names',
    ({ exceptions }, id) => exceptions.ofDecisions.load({ organizationId: id, id: 'exc_absent' }),
  ],
  [
    'the configuration to use of a model',
    ({ configs }, id) =>
      configs.usable.load({
        organizationId: id,
        provider: 'openai',
        modelId: 'gpt-4o',
        hasOwn: true,
        hasSettings: false,
      }),
  ],
  ['teams', ({ teams }, id) => teams.pages.load({ ownerId: id, page })],
  ['how many teams', ({ teams }, id) => teams.counts.load(id)],
  ['the teams of a user', ({ teams }, id) => teams.ofUsers.load({ organizationId: id, userId: 'usr_absent' })],
  ['the size of settings', ({ configs }, id) => configs.settingsBytes.load(id)],
  ['configured models', ({ configs }, id) => configs.configured.load(id)],
  ['a subject', ({ subjects }, id) => subjects.load({ organizationId: id, subjectId: 'usr_absent' })],
];

const uncovered: [string, Read][] = [
  ['the database itself', ({ database }) => database().query`SELECT 1`],
  ['what seals keys', ({ vault }) => vault()],
  ['a configuration by its id', ({ configs }) => configs.byId.load({ id: 'cfg_absent', hasSettings: true })],
  ['configurations by their ids', ({ configs }) => configs.byIds.load([{ id: 'cfg_absent', hasSettings: true }])],
  ['revisions by their ids', ({ revisionsById }) => revisionsById.load('rev_absent')],
  ['invitations by their ids', ({ invitationsById }) => invitationsById.load('inv_absent')],
  ['invitations', ({ invitations }, id) => invitations.load({ ownerId: id, page })],
  ['how many invitations', ({ invitationCounts }, id) => invitationCounts.load(id)],
  ['organizations by their ids', ({ organizations }, id) => organizations.load(id)],
  ['users', ({ knownUsers }) => knownUsers.load('usr_absent')],
  ['SCIM tokens', ({ scimTokens }, id) => scimTokens.load(id)],
  ['a team by its id', ({ teams }) => teams.byId.load('team_absent')],
  ['members of a team', ({ teams }) => teams.members.load({ ownerId: 'team_absent', page })],
  ['how many members of a team', ({ teams }) => teams.memberCounts.load('team_absent')],
  ['exceptions', ({ exceptions }, id) => exceptions.pages.load({ ownerId: id, page: { ...page, ...filter } })],
  ['how many exceptions', ({ exceptions }, id) => exceptions.counts.load({ ownerId: id, page: filter })],
  ['an exception by its id', ({ exceptions }) => exceptions.byId.load('exc_absent')],
  ['provider keys', ({ providerKeys }, id) => providerKeys.pages.load({ ownerId: id, page })],
  ['how many provider keys', ({ providerKeys }, id) => providerKeys.counts.load(id)],
  ['a provider key by its id', ({ providerKeys }) => providerKeys.byId.load('key_absent')],
  ['whose provider key it is', ({ providerKeys }) => providerKeys.owners.load('key_absent')],
  ['uses of a provider key', ({ providerKeys }) => providerKeys.usageCounts.load('key_absent')],
  ['API keys', ({ apiKeys }, id) => apiKeys.pages.load({ ownerId: id, page })],
  ['how many API keys', ({ apiKeys }, id) => apiKeys.counts.load(id)],
  ['an API key by its id', ({ apiKeys }) => apiKeys.byId.load('api_absent')],
  ['whose API key it is', ({ apiKeys }) => apiKeys.owners.load('api_absent')],
  [
    'usage',
    ({ usage }, id) => usage.byModel.load({ ownerId: id, page: { period: { from: null, to: null }, first: 1 } }),
  ],
  ['refusals', ({ refusals }, id) => refusals.pages.load({ ownerId: id, page: { ...page, ...period } })],
  ['how many refusals', ({ refusals }, id) => refusals.counts.load({ ownerId: id, page: period })],
  ['models in use', ({ usage }, id) => usage.modelsInUse.load(id)],
  [
    'what a comparison of policies needs',
    ({ policies }, id) => policies.facts.load({ organizationId: id, subjectIds: ['role_owner'] }),
  ],
];

describe('what a request reads', () => {
  it.each(covered)('of an organization rests on its tag: %s', async (_, read) => {
    const world = await aWorld();
    const context = createContext(services, requestInfo);
    await read(context, world.organization.id);
    const taken = () => [...context.dependencies.tags].every(({ isCurrent }) => isCurrent);
    const before = taken();

    await disable(world, 'gpt-4o');
    await heard();

    expect(context.dependencies.isCacheable).toBe(true);
    expect([before, taken()]).toEqual([true, false]);
  });

  it.each(uncovered)('without a tag is never repeatable: %s', async (_, read) => {
    const { organization } = await aWorld();
    const context = createContext(services, requestInfo);

    await read(context, organization.id);

    expect(context.dependencies.isCacheable).toBe(false);
  });

  it('has every loader there is in one of these two lists', () => {
    const named = [...covered, ...uncovered].map(([, read]) => read.toString()).join();
    const context = createContext(services, requestInfo);
    const members = Object.keys(Object.getOwnPropertyDescriptors(Loaders.prototype)) as (keyof typeof context)[];
    const loaders = members.flatMap((name) => {
      const value: unknown = context[name];
      if (typeof value !== 'object' || value === null) return [];
      if ('clearAll' in value) return [`${name}.load`];
      return Object.entries(value).flatMap(([kind, loader]) =>
        typeof loader === 'object' && loader !== null && 'clearAll' in loader ? [`${name}.${kind}.load`] : [],
      );
    });

    expect(loaders.length).toBeGreaterThan(15);
    expect(loaders.filter((loader) => !named.includes(loader))).toEqual([]);
  });
});

describe('who asks', () => {
  it('is what the answer rests on, whatever is read', () => {
    const tag = { isCurrent: true };

    const { dependencies: reads } = createContext(services, { ...requestInfo, viewer: { ...anonymous, tag: tag } });

    expect([...reads.tags]).toContain(tag);
  });
});

describe('the decisions of a request', () => {
  it('for who asks are made once for the rows of a list, and are of no other organization, subject or revision', async () => {
    const world = await aWorld();
    const [id, foreignId] = [world.organization.id, world.foreignOrganization.id];
    await disable(world, 'gpt-4o');
    await heard();
    const context = createContext(services, requestInfo);
    const decisions: typeof context.decisions = (...asked) => context.decisions(...asked);
    const since = { sinceRevision: null, changedAt: null, changedById: null };
    const before = { organizationId: id, revision: 0, policy: defaultPolicy, ...since };

    const own = await decisions(id);
    const ofRole = await decisions(id, 'role_owner');
    const again = await decisions(id);
    const earlier = await decisions(id, null, before);
    const present = await decisions(id);
    const foreign = await decisions(foreignId);

    expect([again, present].every((one) => one === own)).toBe(true);
    expect([own.subject.role, ofRole.subject.role]).toEqual([null, 'OWNER']);
    expect([own, earlier].map(({ state }) => state.disabledModels)).toEqual([['gpt-4o'], []]);
    expect([own, foreign].map(({ state }) => state.organizationId)).toEqual([id, foreignId]);
  });
});

it('the teams of who asks are read only where some rule is of a team', async () => {
  const world = await aWorld();
  const { id } = world.organization;
  const team = await aTeam(db, world.organization, { members: [world.member] });
  await heard();
  const memberships = new Map([[id, 'MEMBER' as const]]);
  const viewer = { ...anonymous, kind: 'USER' as const, userId: world.member.id, memberships };
  const decisionsOfRequest = () => createContext(services, { ...requestInfo, viewer }).decisions(id);
  await decisionsOfRequest();

  const withoutRules = decisionsOfRequest();
  await setScope({ ask }, world, team.id, { disabledModels: ['gpt-4o'] });
  await heard();

  expect(withoutRules).not.toBeInstanceOf(Promise);
  expect((await withoutRules).subject).toMatchObject({ teams: [], role: 'MEMBER' });
  expect((await decisionsOfRequest()).subject).toMatchObject({ teams: [team.id], role: 'MEMBER' });
});

describe('what is remembered', () => {
  it('is there at once for the next request, and one request sees one state', async () => {
    const world = await aWorld();
    const { id } = world.organization;
    const first = createContext(services, requestInfo);
    const read = await first.states.load(id);
    const second = createContext(services, requestInfo);
    const found = second.states.load(id);

    await disable(world, 'gpt-4o');
    await heard();

    expect(found).toBe(read);
    expect(await second.states.load(id)).toBe(read);
    expect(await createContext(services, requestInfo).states.load(id)).toMatchObject({ revision: 1 });
  });

  it('is read anew where it was not there when it was asked for first', async () => {
    const { id } = (await aWorld()).organization;
    const first = createContext(services, requestInfo);

    const before = first.states.peek(id);
    const remembered = await createContext(services, requestInfo).states.load(id);
    const later = createContext(services, requestInfo).states.peek(id);
    const own = await first.states.load(id);

    expect(before).toBe(undefined);
    expect(later).toBe(remembered);
    expect(own).toEqual(remembered);
    expect(own).not.toBe(remembered);
  });

  it('neither reaches a transaction nor comes from it', async () => {
    const { organization } = await aWorld();
    const outside = createContext(services, requestInfo);
    await outside.states.load(organization.id);

    const undone = db.transaction(async (tx) => {
      const within = outside.within(tx);
      await tx.query`UPDATE "Organization" SET "revision" = 7 WHERE "id" = ${organization.id}`;
      expect(await within.states.load(organization.id)).toMatchObject({ revision: 7 });
      expect([...within.dependencies.tags].every(({ isCurrent }) => isCurrent)).toBe(false);
      throw new Error('undone');
    });

    await expect(undone).rejects.toThrow('undone');
    expect(createContext(services, requestInfo).states.load(organization.id)).toMatchObject({ revision: 0 });
  });

  it('of what was noted is forgotten, also by a context around it', async () => {
    const ids = ['org_a', 'usr_b', 'org_c'];
    const outside = createContext(services, requestInfo);
    const within = outside.within(db);
    const taken = ids.map((id) => tags.take(id));

    within.actor().invalidate('org_a', 'usr_b');
    within.invalidate();
    const inTransaction = taken.map(({ isCurrent }) => isCurrent);
    outside.invalidate();

    expect(inTransaction).toEqual([true, true, true]);
    expect(taken.map(({ isCurrent }) => isCurrent)).toEqual([false, false, true]);
  });

  it('of a request is forgotten too, so that it sees what it has changed', async () => {
    const world = await aWorld();
    const { id } = world.organization;
    const context = createContext(services, requestInfo);
    const read = () => Promise.all([context.states.load(id), context.memberCounts.load(id)]);
    const before = await read();

    await disable(world, 'gpt-4o');
    await db.membership.deleteMany({ where: { userId: world.member.id } });
    await heard();
    const meanwhile = await read();
    context.invalidate();

    expect(meanwhile).toEqual(before);
    expect(await read()).toMatchObject([{ revision: 1 }, (before[1] ?? 0) - 1]);
  });

  it('is nothing where there are no tags', async () => {
    const { organization } = await aWorld();
    const forgetful = { ...services, tags: noTags, states: new TaggedCache<OrganizationState>() };

    await createContext(forgetful, requestInfo).states.load(organization.id);

    expect(createContext(forgetful, requestInfo).states.load(organization.id)).toBeInstanceOf(Promise);
  });
});
