import { afterAll, expect, it } from 'vitest';
import { mint, publicJwk, trustedIssuer } from '../kit/issuer.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';
import { startHiveGateway } from './hive-gateway.ts';
import { startOrders } from './orders.ts';
import { askAt, supergraphOf } from './supergraph.ts';

const secret = 'a-secret-that-both-of-them-know-of';
const service = await startService({ subgraphHmacSecret: secret, subgraphForwardedJwt: true });
const keys = await listenOnLoopback((_request, response) => response.end(JSON.stringify({ keys: [publicJwk] })));
const orders = await startOrders([]);
const gateway = await startHiveGateway(await supergraphOf(service, orders), {
  secret,
  verifies: { jwksUrl: keys.url, issuer: trustedIssuer.issuer },
});
afterAll(() => Promise.all([gateway.stop(), orders.stop(), keys.close()]));

const WhoAmI = '{ caller { user { id } memberships { role budget } } }';

/** What the gateway answers to this body, without `Authorization` where no token is given. */
async function send(body: object, token?: string) {
  const response = await fetch(gateway.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  return response.json();
}

it('is authenticated by the token that Hive Gateway verified, in every call of a query', async () => {
  const { organization, admin, member } = await service.aWorld();
  const settings =
    'query ($id: ID!) { organizationModelSettings(organizationId: $id) { organization { name } revision } }';

  expect(await askAt(gateway.url, WhoAmI, {}, admin)).toEqual({
    data: { caller: { user: { id: admin.id }, memberships: [{ role: 'ADMIN', budget: 25 }] } },
  });
  expect(await askAt(gateway.url, WhoAmI, {}, member)).toMatchObject({ data: { caller: { user: { id: member.id } } } });
  expect(await askAt(gateway.url, settings, { id: organization.id }, member)).toEqual({
    data: { organizationModelSettings: { organization: { name: organization.name }, revision: 0 } },
  });
});

it('is nobody without a token, whatever the client puts in the extensions', async () => {
  const { admin } = await service.aWorld();
  const payload = { iss: trustedIssuer.issuer, sub: admin.id, exp: Math.floor(Date.now() / 1000) + 300 };

  expect(await send({ query: WhoAmI })).toEqual({ data: { caller: { user: null, memberships: [] } } });
  expect(await send({ query: WhoAmI, extensions: { jwt: { payload } } })).toEqual({
    data: { caller: { user: null, memberships: [] } },
  });
});

it('is the user of the token, whatever else the client puts in the extensions', async () => {
  const { admin, member } = await service.aWorld();
  const payload = { iss: trustedIssuer.issuer, sub: admin.id, exp: Math.floor(Date.now() / 1000) + 300 };

  const { data } = await send({ query: WhoAmI, extensions: { jwt: { payload } } }, await mint({ sub: member.id }));

  expect(data).toMatchObject({ caller: { user: { id: member.id } } });
});
