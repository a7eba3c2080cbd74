import { getIntrospectionQuery } from 'graphql';
import { describe, expect, it } from 'vitest';
import { applyPolicy } from '../../src/commands/policy/apply-operation.ts';
import { startService } from '../kit/service.ts';
import { aReport } from '../kit/usage.ts';

const max = 350;
const { ask, aWorld, db, fetch, heard } = await startService();
const narrow = await startService({ limits: { complexity: max } });

const told = { headers: { 'graphql-cost': 'report' } };

interface Answered {
  extensions?: { cost?: { requestedQueryCost: number; maximumAvailable: number } };
}

/** What the service says that a query costs; nobody is signed in, so that nothing is read. */
async function costOf(query: string, variables: Record<string, unknown> = {}): Promise<number | undefined> {
  const answer: object = await ask(query, variables, told);
  return (answer as Answered).extensions?.cost?.requestedQueryCost;
}

const page = (size: number) =>
  `{ organization(id: "org_x") { modelConfigs(first: ${size}) { totalCount edges { node { id model { id } } } pageInfo { endCursor } } } }`;

describe('the cost of an operation', () => {
  it('is a point for each object that it may read, a fifth for each value, and at least one', async () => {
    expect(await costOf('{ __typename }')).toBe(1);
    expect(await costOf('{ caller { kind user { id name } } }')).toBe(2);
    expect(await costOf(`{ caller { ${Array.from({ length: 5 }, (_, n) => `k${n}: kind`).join(' ')} } }`)).toBe(2);
  });

  it('knows how long pages are, in a literal, by a variable, and where nothing is said', async () => {
    const byVariable = `query ($n: Int = 7) { models(organizationId: "org_x", last: $n) { edges { node { id } } } }`;

    // The organization, its settings, the page and its count, the entries, a model for each, and two ids for each.
    expect(await costOf(page(100))).toBe(1 + 6 + 1 + 100 + 100 + 100 + 40);
    expect(await costOf(page(0))).toBe(1 + 6 + 1 + 1 + 1);
    expect(await costOf(byVariable, { n: 20 })).toBe(21 + 4);
    expect(await costOf(byVariable)).toBe(9);
    expect(await costOf('{ models(organizationId: "org_x") { edges { cursor } } }')).toBe(51 + 10);
  });

  it('knows how many ids are asked for', async () => {
    const nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on ModelConfig { model { id } } } }';

    expect(await costOf(nodes, { ids: Array(60).fill('cfg_x') })).toBe(3 * 60 + 60 + 24);
    expect(await costOf(nodes, { ids: [] })).toBe(1);
  });

  it('knows how many references a gateway asks for, of whatever type', async () => {
    const entities = `query ($of: [_Any!]!) { _entities(representations: $of) {
      ... on Membership { role user { id } } ... on Revision { changes { added } } } }`;
    const of = Array(10).fill({ __typename: 'Membership', organizationId: 'org_x', userId: 'usr_x' });

    // A role, the user and its id; three changes, each with twenty entries.
    expect(await costOf(entities, { of })).toBe(10 * (3 + 0.2 + 1 + 0.2 + 3 + 3 * 20 * 0.2));
  });

  it('counts a fragment wherever it is spread', async () => {
    expect(await costOf('{ a: caller { ...V } b: caller { ...V } } fragment V on Caller { user { id } }')).toBe(4);
  });

  it('counts the operation that is asked for, and no other', async () => {
    const query = `query A { caller { kind } } query B ${page(100)}`;
    const response = await fetch(
      new Request('http://localhost/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...told.headers },
        body: JSON.stringify({ query, operationName: 'B' }),
      }),
    );

    expect(await response.json()).toHaveProperty('extensions.cost.requestedQueryCost', 348);
  });

  it('is more for a change, with the lists that it brings', async () => {
    const input = { organizationId: 'org_x', disabledModels: ['a', 'b'], disabledProviders: ['google'] };
    const usage = { organizationId: 'org_x', records: Array.from({ length: 40 }, () => aReport()) };

    const settings =
      'mutation ($input: UpdateModelSettingsInput!) { updateModelSettings(input: $input) { __typename } }';
    const batch = 'mutation ($input: RecordModelUsageInput!) { recordModelUsage(input: $input) { __typename } }';

    const team = 'mutation ($input: SetTeamMembersInput!) { setTeamMembers(input: $input) { __typename } }';
    const users = (length: number) => Array(length).fill('usr_x');
    const members = { organizationId: 'org_x', teamId: 'team_x', addUserIds: users(20), removeUserIds: users(5) };

    expect(await costOf(settings, { input })).toBe(10 + 3);
    expect(await costOf(batch, { input: usage })).toBe(10 + 40);
    expect(await costOf(team, { input: members })).toBe(10 + 25 / 5);
    // As many as a team may have: both lists can be sent.
    const all = { ...members, addUserIds: users(10_000), removeUserIds: users(10_000) };
    expect(await costOf(team, { input: all })).toBeLessThan(5_000);
  });

  it('knows what lists without pages, and open objects, may hold', async () => {
    const settings = (fields: string) => costOf(`{ organizationModelSettings(organizationId: "org_x") { ${fields} } }`);
    const series =
      'query ($from: DateTime!) { modelUsageSeries(organizationId: "org_x", granularity: HOUR, from: $from, to: "2026-02-01T00:00:00Z") { at } }';
    const refusals =
      'query ($from: DateTime!) { organization(id: "org_x") { refusals(from: $from, to: "2026-02-01T00:00:00Z", first: 10) { totalCount } } }';
    const usage = (first: string) => costOf(`{ modelConfigUsage(organizationId: "org_x"${first}) { provider } }`);

    // 250 entries of up to 200 characters.
    expect(await settings('revision')).toBe(1);
    expect(await costOf('{ organization(id: "org_x") { modelSettings { revision } } }')).toBe(1 + 6 + 1);
    expect(await settings('disabledModels')).toBe(1 + 10);
    expect(await settings('a: disabledModels b: disabledModels')).toBe(1 + 20);
    expect(await settings('allowedModels')).toBe(1 + 10);
    expect(await settings('deadSelectors')).toBe(1 + 20);
    expect(await settings('selectorWarnings { selector }')).toBe(1 + 250 + 50);
    expect(await costOf('{ nodes(ids: ["cfg_x", "cfg_y"]) { ... on ModelConfig { settings } } }')).toBe(3 * 2 + 2 * 10);
    expect(await costOf(refusals, { from: '2026-01-31T00:00:00Z' })).toBe(1 + 11 + 2 + 10);
    expect(await costOf(refusals, { from: '2000-01-01T00:00:00Z' })).toBe(1 + 11 + 90 + 10);
    expect(await costOf(series, { from: '2026-01-31T00:00:00Z' })).toBe(25 + 5);
    expect(await costOf(series, { from: '2000-01-01T00:00:00Z' })).toBe(1_000 + 200);
    expect(await usage('')).toBe(1_000 + 200);
    expect(await usage(', first: 20')).toBe(20 + 4);
    expect(await usage(', first: -20')).toBe(1);
  });

  it('is what it takes to parse a document, and to compare policies', async () => {
    const apply = 'mutation ($input: ApplyPolicyInput!) { applyPolicy(input: $input) { __typename } }';
    const long = 'x'.repeat(262_144);
    const applied = (document: string) => costOf(apply, { input: { organizationId: 'org_x', document } });
    const of = (fields: string) => costOf(`{ organization(id: "org_x") { ${fields} } }`);

    expect(await applied('{}')).toBe(10 + 1);
    expect(await applied('*a,'.repeat(1_000))).toBe(10 + 3_000 / 8 + 3_000 / 200);
    expect(await applied(long)).toBe(10 + Math.ceil(20_000 / 8 + 262_144 / 200));
    expect(await costOf(applyPolicy.query, { input: { organizationId: 'org_x', document: long } })).toBeLessThan(5_000);
    expect(await of('policy { revision }')).toBe(1 + 6 + 1);
    expect(await of('policyDiff(from: 1) { to impact { newlyBlockedCount } }')).toBe(1 + 6 + 1 + 45);
    expect(await of('revisions(first: 100) { edges { node { impact { newlyBlockedCount } } } }')).toBe(
      1 + 1 + 100 + 100 * 45 + 20,
    );
    expect(await of('policyDiff(from: 1) { impact { newlyBlocked(first: 70) { recentUsers } } }')).toBe(
      1 + 6 + 1 + 45 + 70 + 14,
    );
    expect(await of('policyDiff(from: 1) { impact { newlyAllowed { recentUsers } } }')).toBe(1 + 6 + 1 + 45 + 50 + 10);
  });

  it('is what it takes to list aliases, and to find which revisions have decided', async () => {
    const access = (fields: string) =>
      costOf(`{ modelAccess(organizationId: "org_x", modelKey: "gpt-4o") { ${fields} } }`);

    expect(await costOf('{ organization(id: "org_x") { modelAliases { name } } }')).toBe(1 + 6 + 250 + 50);
    expect(await access('decidedBy { revision }')).toBe(1 + 40 + 1);
  });

  it('knows how many organizations the viewer is in', async () => {
    const { owner } = await aWorld();
    const mine = '{ caller { memberships { organization { models { edges { cursor } } } } } }';
    const cost = async () =>
      ((await ask(mine, {}, { ...told, as: owner })) as Answered).extensions?.cost?.requestedQueryCost;
    const alone = await cost();
    await db.organization.createMany({ data: Array.from({ length: 9 }, (_, n) => ({ id: `org_cost_${n}` })) });
    await db.membership.createMany({
      data: Array.from({ length: 9 }, (_, n) => ({
        organizationId: `org_cost_${n}`,
        userId: owner.id,
        role: 'MEMBER' as const,
      })),
    });
    await heard();

    expect(alone).toBe(1 + 1 * (4 + 1 + 6 + 51 + 10));
    expect(await cost()).toBe(1 + 10 * (4 + 1 + 6 + 51 + 10));
  });

  it('is a third of a point for each part of the schema that introspection may read', async () => {
    const { member } = await aWorld();
    const cost = async (query: string) =>
      ((await ask(query, {}, { ...told, as: member })) as Answered).extensions?.cost?.requestedQueryCost;

    // A type, six fields of it, and the type of each.
    expect(await cost('{ __type(name: "Caller") { name fields { name type { name } } } }')).toBe(Math.floor(13 / 3));
    expect(await cost(getIntrospectionQuery())).toBeLessThan(2_500);
  });

  it('is told to nobody who does not ask', async () => {
    expect(await ask('{ __typename }')).not.toHaveProperty('extensions');
    expect(await ask('{ __typename }', {}, { headers: { 'graphql-cost': 'yes' } })).not.toHaveProperty('extensions');
  });
});

describe('an operation that would cost more than one may', () => {
  it('is refused, with what it would cost, before anything of it runs', async () => {
    const { owner } = await narrow.aWorld();
    await narrow.ask('{ __typename }', {}, { as: owner });
    narrow.takeStatements();
    await narrow.ask('{ __typename }', {}, { as: owner });
    const ofAuthentication = narrow.takeStatements();

    const allowed = await narrow.ask(page(100), {}, { ...told, as: owner });
    narrow.takeStatements();
    const refused = await narrow.ask(page(101), {}, { as: owner });

    expect(allowed).toMatchObject({
      data: {},
      extensions: { cost: { requestedQueryCost: 348, maximumAvailable: max } },
    });
    expect(refused).not.toHaveProperty('data');
    expect(refused.errors).toMatchObject([
      {
        message: `Complexity limit of ${max} exceeded, found 351.`,
        extensions: { code: 'VALIDATION_ERROR', details: { cost: 351, max } },
      },
    ]);
    expect(narrow.takeStatements()).toEqual(ofAuthentication);
  });

  it('changes nothing', async () => {
    const { organization, owner } = await narrow.aWorld();
    const change = `mutation { updateModelSettings(input: { organizationId: "${organization.id}", disabledProviders: ["google"] }) {
      ... on OrganizationModelSettings { organization { models(first: 100) { edges { node { access(organizationId: "x") { allowed }
      creator: keyStatus(organizationId: "x") } } } modelConfigs(first: 100) { totalCount } } } } }`;

    const { errors, data } = await narrow.ask(change, {}, { as: owner });

    expect(data).toBe(undefined);
    expect(errors).toMatchObject([{ extensions: { code: 'VALIDATION_ERROR', details: { max } } }]);
    expect(await narrow.db.revision.count({ where: { organizationId: organization.id } })).toBe(0);
  });

  it('is one that multiplies pages, by default', async () => {
    const pages = (depth: number): string =>
      depth === 0 ? 'id' : `modelConfigs(first: 100) { edges { node { organization { ${pages(depth - 1)} } } } }`;

    expect((await ask(`{ organization(id: "org_x") { ${pages(2)} } }`)).errors).toMatchObject([
      { extensions: { code: 'VALIDATION_ERROR', details: { max: 5_000 } } },
    ]);
  });

  it('is not a page of a hundred configurations with all that belongs to them', async () => {
    const { organization, member } = await aWorld();
    const { data, errors } = await ask(
      `{ organization(id: "${organization.id}") { modelConfigs(first: 100) { totalCount edges { node { id organization { id }
        user { id } createdBy { id } model { id reasoning { __typename } } providerKey { id } access { allowed model { id } } } } } } }`,
      {},
      { as: member },
    );

    expect(errors).toBe(undefined);
    expect(data).toHaveProperty('organization.modelConfigs.totalCount', 0);
  });

  it.each([
    'modelConfigUsage(organizationId: "org_x", first: -1000000) { provider }',
    'caller { memberships(first: -1000000) { role } }',
    'modelUsageSeries(organizationId: "org_x", granularity: HOUR, from: "2026-02-01T00:00:00Z", to: "2000-01-01T00:00:00Z") { at }',
    'models(organizationId: "org_x", first: -1000000) { edges { cursor } }',
  ])('is not made up for by one that asks for less than nothing: %s', async (field) => {
    const { member } = await aWorld();
    const dear =
      'organization(id: "org_x") { a: models(first: 100) { edges { node { aliases } } } modelConfigs(first: 100) { edges { node { organization { modelConfigs(first: 100) { edges { cursor } } } } } } }';

    const { errors, data } = await ask(`{ less: ${field} ${dear} }`, {}, { as: member });

    expect(data).toBe(undefined);
    expect(errors?.[0]?.message).toMatch(/^Complexity limit of 5000 exceeded/);
  });

  it('is one that compares policies more often than a page or its aliases may', async () => {
    const { organization, owner } = await aWorld();
    const aliases = (impact: string) =>
      Array.from({ length: 29 }, (_, from) => `a${from}: policyDiff(from: 0) { impact { ${impact} } }`).join(' ');
    const attempt = (fields: string) =>
      ask(`{ organization(id: "${organization.id}") { ${fields} } }`, {}, { ...told, as: owner });
    const costOf = (answer: object) => (answer as Answered).extensions?.cost?.requestedQueryCost;

    const cheap = await attempt(aliases('newlyBlockedCount'));
    const page = await attempt('revisions(first: 100) { edges { node { impact { newlyBlockedCount } } } }');
    const lists = await attempt(
      aliases('newlyBlocked(first: 100) { model { id } } newlyAllowed(first: 100) { before }'),
    );
    const listsOfPage = await attempt(
      'revisions(first: 100) { edges { node { impact { newlyBlocked { before } } } } }',
    );
    const less = await attempt(
      `${aliases('newlyBlocked(first: -1000000) { before }')} revisions(first: 100) { edges { node { impact { recentUses newlyBlocked { before } } } } }`,
    );

    expect(cheap.errors).toBe(undefined);
    expect(costOf(cheap)).toBe(Math.floor(1 + 29 * (6 + 1 + 45 + 0.2)));
    expect(page.errors).toBe(undefined);
    expect(costOf(page)).toBeGreaterThan(3_000);
    for (const { data, errors } of [lists, listsOfPage, less]) {
      expect(data).toBe(undefined);
      expect(errors?.[0]?.message).toMatch(/^Complexity limit of 5000 exceeded/);
    }
  });

  it('cannot hide behind an argument that does not fit', async () => {
    const query = `query ($n: Int = 1) { a: models(organizationId: "org_x", first: $n) { totalCount } ${page(1).slice(1, -1)} }`;

    const { data, errors } = await ask(query, { n: 'x' });

    expect(data).toBe(undefined);
    expect(errors).toMatchObject([{ extensions: { code: 'VALIDATION_ERROR' } }]);
  });
});
