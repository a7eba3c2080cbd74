import { typeid } from 'typeid-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anApiKey, aProviderKey } from '../kit/keys.ts';
import { startService, today } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import { startApolloGateway } from './apollo-gateway.ts';
import { type Invoice, startBilling } from './billing.ts';
import { startHiveGateway } from './hive-gateway.ts';
import { type Order, startOrders } from './orders.ts';
import { askAt, supergraphOf } from './supergraph.ts';

const secret = 'a-secret-that-both-of-them-know-of';
const open = await startService();
const closed = await startService({ subgraphHmacSecret: secret });
const invoices: Invoice[] = [];
const orderList: Order[] = [];
const billing = await startBilling(invoices);
const orders = await startOrders(orderList);
afterAll(() => Promise.all([billing.stop(), orders.stop()]));
const openSupergraph = await supergraphOf(open, billing, orders);
const closedSupergraph = await supergraphOf(closed, billing, orders);

const JoinedFromModelgate = `query ($id: ID!) {
  organization(id: $id) { name invoices { amount recipient { name } model { displayName } config { modelId } } }
}`;
const JoinedFromBilling = `query ($invoice: ID!) {
  invoice(id: $invoice) {
    amount
    organization { id name }
    recipient { id name invoices { amount } }
    model { displayName }
    config { model { displayName } }
  }
}`;
const JoinedFromOrders = `query ($order: ID!) {
  order(id: $order) {
    model { id displayName tokens }
    orderedBy { role budget user { name } }
    team { name }
    providerKey { last4 }
    apiKey { last4 }
    change { number }
    recipient { name email }
    payer { name revision }
    substitute { displayName lifecycle }
  }
}`;
const BudgetOfMembers = `query ($id: ID!) {
  organization(id: $id) { members { edges { node { role budget } } } models(first: 1) { edges { node { tokens } } } }
}`;
const Update = `mutation ($input: UpdateModelSettingsInput!) {
  updateModelSettings(input: $input) {
    __typename
    ... on OrganizationModelSettings { disabledProviders organization { name invoices { amount } } }
    ... on ModelgateError { code }
    ... on InvalidProviderSlugError { invalidProviders }
  }
}`;
const Settings = 'query ($id: ID!) { organizationModelSettings(organizationId: $id) { revision } }';
const WhoAmI = '{ caller { user { id } } }';

/** A world with a configuration, and an invoice to its admin for it. */
async function aBilledWorld({ aWorld, db }: typeof open) {
  const world = await aWorld();
  const organizationId = world.organization.id;
  const creatorId = world.admin.id;
  const config = { id: typeid('cfg').toString(), provider: 'openai', modelId: 'gpt-4o' };
  await db.modelConfig.create({ data: { ...config, organizationId, creatorId, createdAt: today, updatedAt: today } });
  const invoice: Invoice = {
    id: typeid('inv').toString(),
    amount: '12.50',
    organizationId,
    recipientId: creatorId,
    modelId: 'mdl_openai/gpt-4o',
    configId: config.id,
  };
  invoices.push(invoice);
  return { ...world, invoice };
}

/** A world with an order that refers to an object of every kind, by the names that the orders have for them. */
async function anOrder(service: typeof open) {
  const world = await service.aWorld();
  const { organization, admin } = world;
  const providerKey = await aProviderKey(service, world);
  const apiKey = await anApiKey(service, world, ['READ']);
  const order: Order = {
    id: typeid('ord').toString(),
    model: { provider: 'openai', modelId: 'gpt-4o' },
    orderedBy: { organizationId: organization.id, userId: admin.id },
    team: await aTeam(service.db, organization, { name: 'Research' }),
    providerKey,
    apiKey,
    change: await service.db.revision.findFirstOrThrow({ where: { organizationId: organization.id, number: 1 } }),
    recipient: { id: admin.id, name: 'As ordered' },
    payer: { id: organization.id, name: 'As ordered' },
    substitute: { provider: 'openai', modelId: 'gpt-4o-mini', displayName: 'As ordered' },
  };
  orderList.push(order);
  return { ...world, order, providerKey, apiKey };
}

describe.each([
  ['Hive Gateway, which signs its calls', closed, () => startHiveGateway(closedSupergraph, { secret })],
  ['Apollo Gateway', open, () => startApolloGateway(openSupergraph)],
  ['Apollo Gateway, told to sign its calls', closed, () => startApolloGateway(closedSupergraph, secret)],
] as const)('%s', (_, service, start) => {
  let gateway: { url: string; stop: () => Promise<void> } | undefined;
  beforeAll(async () => {
    gateway = await start();
  });
  afterAll(() => gateway?.stop());
  const ask = (query: string, variables: Record<string, unknown>, as?: { id: string }) =>
    askAt(gateway?.url ?? '', query, variables, as);

  it('joins what both subgraphs know of an object, from either side', async () => {
    const { organization, admin, member, invoice } = await aBilledWorld(service);

    const fromModelgate = await ask(JoinedFromModelgate, { id: organization.id }, member);
    const fromBilling = await ask(JoinedFromBilling, { invoice: invoice.id }, member);

    const recipient = { name: admin.name };
    const model = { displayName: 'GPT-4o' };
    expect(fromModelgate).toEqual({
      data: {
        organization: {
          name: organization.name,
          invoices: [{ amount: '12.50', recipient, model, config: { modelId: 'gpt-4o' } }],
        },
      },
    });
    expect(fromBilling).toEqual({
      data: {
        invoice: {
          amount: '12.50',
          organization: { id: organization.id, name: organization.name },
          recipient: { id: admin.id, ...recipient, invoices: [{ amount: '12.50' }] },
          model,
          config: { model },
        },
      },
    });
  });

  it('finds an object of every kind by what another subgraph knows of it, and takes the names that that provides', async () => {
    const { organization, owner, admin, order, providerKey, apiKey } = await anOrder(service);

    const { data, errors } = await ask(JoinedFromOrders, { order: order.id }, owner);

    expect(errors).toBe(undefined);
    expect(data).toEqual({
      order: {
        model: { id: 'mdl_openai/gpt-4o', displayName: 'GPT-4o', tokens: 1_000 },
        orderedBy: { role: 'ADMIN', budget: 25, user: { name: admin.name } },
        team: { name: 'Research' },
        providerKey: { last4: providerKey.last4 },
        apiKey: { last4: apiKey.last4 },
        change: { number: 1 },
        recipient: { name: 'As ordered', email: null },
        payer: { name: 'As ordered', revision: expect.any(Number) },
        substitute: { displayName: 'As ordered', lifecycle: expect.any(String) },
      },
    });
    expect((await ask(BudgetOfMembers, { id: organization.id }, owner)).data).toEqual({
      organization: {
        members: {
          edges: ['OWNER', 'ADMIN', 'MEMBER'].map(() => ({ node: { role: expect.any(String), budget: 25 } })),
        },
        models: { edges: [{ node: { tokens: 1_000 } }] },
      },
    });
  });

  it('tells a stranger of these only what the other subgraph knows', async () => {
    const { stranger, order } = await anOrder(service);

    const { data } = await ask(JoinedFromOrders, { order: order.id }, stranger);

    expect(data).toMatchObject({
      order: {
        model: { displayName: 'GPT-4o' },
        ...{ orderedBy: null, team: null, providerKey: null, apiKey: null, change: null },
        recipient: { name: 'As ordered', email: null },
      },
    });
  });

  it("tells a stranger nothing of another tenant's objects but the ids that the other subgraph has", async () => {
    const { organization, admin, stranger, invoice } = await aBilledWorld(service);

    const { data, errors } = await ask(JoinedFromBilling, { invoice: invoice.id }, stranger);

    expect(errors).toBe(undefined);
    expect(data).toEqual({
      invoice: {
        amount: '12.50',
        organization: { id: organization.id, name: null },
        recipient: { id: admin.id, name: null, invoices: [{ amount: '12.50' }] },
        model: { displayName: 'GPT-4o' },
        config: { model: null },
      },
    });
  });

  it('carries mutations, whose results are data whatever becomes of them', async () => {
    const { organization, admin, member } = await aBilledWorld(service);
    const update = async (as: { id: string }, provider: string) => {
      const input = { organizationId: organization.id, disabledProviders: [provider] };
      return (await ask(Update, { input }, as)).data;
    };

    expect(await update(member, 'google')).toEqual({
      updateModelSettings: { __typename: 'ModelgateForbiddenError', code: 'INSUFFICIENT_PERMISSIONS' },
    });
    expect(await update(admin, 'gogle')).toEqual({
      updateModelSettings: {
        __typename: 'InvalidProviderSlugError',
        code: 'INVALID_PROVIDER_SLUG',
        invalidProviders: ['gogle'],
      },
    });
    expect(await update(admin, 'google')).toEqual({
      updateModelSettings: {
        __typename: 'OrganizationModelSettings',
        disabledProviders: ['google'],
        organization: { name: organization.name, invoices: [{ amount: '12.50' }] },
      },
    });
  });

  it('hands on who asks, and the errors of Modelgate with their codes', async () => {
    const { organization, member, stranger, invoice } = await aBilledWorld(service);
    const codesOf = async (query: string, variables: Record<string, unknown>, as?: { id: string }) =>
      (await ask(query, variables, as)).errors?.map(({ extensions }) => extensions.code);

    expect((await ask(WhoAmI, {}, member)).data).toEqual({ caller: { user: { id: member.id } } });
    expect((await ask(WhoAmI, {})).data).toEqual({ caller: { user: null } });
    expect(await codesOf(Settings, { id: organization.id }, stranger)).toEqual(['ORGANIZATION_ACCESS_DENIED']);
    expect(await codesOf(JoinedFromBilling, { invoice: invoice.id })).toContain('AUTHENTICATION_REQUIRED');
  });
});

describe('a gateway that does not sign its calls, where it should', () => {
  it('is told nothing of entities; all else goes through', async () => {
    const { member, organization, invoice } = await aBilledWorld(closed);
    const gateway = await startApolloGateway(closedSupergraph, 'another-secret');
    try {
      const joined = await askAt(gateway.url, JoinedFromBilling, { invoice: invoice.id }, member);
      const settings = await askAt(gateway.url, Settings, { id: organization.id }, member);

      expect(joined.data).toMatchObject({ invoice: { amount: '12.50', organization: { name: null } } });
      expect(JSON.stringify(joined.errors)).toContain('AUTHENTICATION_REQUIRED');
      expect(settings).toEqual({ data: { organizationModelSettings: { revision: 0 } } });
    } finally {
      await gateway.stop();
    }
  });
});
