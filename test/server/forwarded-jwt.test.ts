import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { mint, trustedIssuer } from '../kit/issuer.ts';
import { startService } from '../kit/service.ts';

const secret = 'a-secret-that-the-gateway-knows-too';
const accepting = { subgraphHmacSecret: secret, subgraphForwardedJwt: true };
const service = await startService({ ...accepting, issuers: [{ ...trustedIssuer, audience: 'modelgate' }] });
const { aWorld, logLines } = service;

const WhoAmI = '{ caller { kind user { id } memberships { role } } }';
const inOneMinute = () => Math.floor(Date.now() / 1000) + 60;
const payloadOf = ({ id }: { id: string }) => ({
  iss: trustedIssuer.issuer,
  aud: 'modelgate',
  sub: id,
  exp: inOneMinute(),
});

interface Call {
  query?: string;
  variables?: Record<string, unknown>;
  payload: unknown;
  /** Of the text that Modelgate wants signed. Absent: as a gateway signs it. */
  sign?: (text: string, ordinaryText: string) => unknown;
  authorization?: string;
}

const hmac = (text: string, key = secret) => createHmac('sha256', key).update(text).digest('base64');

async function call(
  { query = WhoAmI, variables, payload, sign = (text) => hmac(text), authorization }: Call,
  { fetch } = service,
) {
  const ordinary = JSON.stringify({ query, ...(variables && { variables }) });
  const signature = sign(`${ordinary}\n${JSON.stringify({ payload })}`, ordinary);
  const response = await fetch(
    new Request('http://localhost/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      body: JSON.stringify({ query, variables, extensions: { jwt: { payload }, 'hmac-signature': signature } }),
    }),
  );
  const { data, errors } = await response.json();
  return { status: response.status, data, code: errors?.[0]?.extensions.code };
}

const refused = { status: 401, data: undefined, code: 'AUTHENTICATION_REQUIRED' };

describe('the payload of a token that a gateway verified', () => {
  it('names the caller, each time, whoever asked the same before', async () => {
    const { admin, member } = await aWorld();

    for (const [person, role] of [[admin, 'ADMIN'] as const, [member, 'MEMBER'] as const, [admin, 'ADMIN'] as const]) {
      expect(await call({ payload: payloadOf(person) })).toMatchObject({
        status: 200,
        data: { caller: { kind: 'USER', user: { id: person.id }, memberships: [{ role }] } },
      });
    }
    expect((await service.ask(WhoAmI)).data).toMatchObject({ caller: { kind: 'ANONYMOUS' } });
  });

  it('gives access to the organization that it names alone, in the role that it names', async () => {
    const { organization, stranger } = await aWorld();
    const payload = { ...payloadOf(stranger), org_id: organization.id, org_role: 'org:admin' };

    expect((await call({ payload })).data).toMatchObject({ caller: { memberships: [{ role: 'ADMIN' }] } });
  });

  it('lets a gateway read entities by the same signature', async () => {
    const { organization, member, stranger } = await aWorld();
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
    const variables = { r: [{ __typename: 'Organization', id: organization.id }] };

    expect((await call({ query, variables, payload: payloadOf(member) })).data).toEqual({
      _entities: [{ __typename: 'Organization' }],
    });
    expect((await call({ query, variables, payload: payloadOf(stranger) })).data).toEqual({ _entities: [null] });
  });

  it.each<[string, NonNullable<Call['sign']>, string]>([
    ['is not signed', () => undefined, 'GATEWAY_SIGNATURE_MISSING'],
    ['is not covered by the signature of the call', (_, ordinary) => hmac(ordinary), 'GATEWAY_SIGNATURE_WRONG'],
    ['is signed with another secret', (text) => hmac(text, 'x'.repeat(32)), 'GATEWAY_SIGNATURE_WRONG'],
    ['is signed for somebody else', (text) => hmac(text.replace('usr_', 'usr_x')), 'GATEWAY_SIGNATURE_WRONG'],
    ['is signed with another query', (text) => hmac(text.replace('kind', 'k:kind')), 'GATEWAY_SIGNATURE_WRONG'],
  ])('is refused where it %s', async (_, sign, reason) => {
    const { member } = await aWorld();

    expect(await call({ payload: payloadOf(member), sign })).toEqual(refused);
    expect(logLines().at(-1)).toMatchObject({ reason });
  });

  it.each<[string, Record<string, unknown>]>([
    ['without an expiry', { exp: undefined }],
    ['that has expired', { exp: inOneMinute() - 120 }],
    ['that is not valid yet', { nbf: inOneMinute() }],
    ['of an unknown issuer', { iss: 'https://elsewhere.test' }],
    ['without an issuer', { iss: undefined }],
    ['for another audience', { aud: 'billing' }],
    ['without a subject', { sub: undefined }],
    ['whose subject is no text', { sub: { in: ['usr_1'] } }],
    ['that is longer than a token may be', { note: 'x'.repeat(16_384) }],
  ])('is refused as a token is: one %s', async (_, claims) => {
    const { member } = await aWorld();

    expect(await call({ payload: { ...payloadOf(member), ...claims } })).toEqual(refused);
  });

  it.each([
    ['a text', 'usr_1'],
    ['a list', [{}]],
    ['a number', 1],
  ])('is refused where it is %s', async (_, payload) => {
    expect(await call({ payload })).toEqual(refused);
  });

  it('counts as signed out where the session is pending', async () => {
    const { member } = await aWorld();

    expect((await call({ payload: { ...payloadOf(member), sts: 'pending' } })).data).toMatchObject({
      caller: { kind: 'ANONYMOUS' },
    });
  });

  it('stands back where the request has a token of its own', async () => {
    const { admin, member } = await aWorld();
    const authorization = `Bearer ${await mint({ sub: member.id, aud: 'modelgate' })}`;
    const sign = (_: string, ordinary: string) => hmac(ordinary);

    for (const given of [{}, { sign }]) {
      expect((await call({ payload: payloadOf(admin), authorization, ...given })).data).toMatchObject({
        caller: { user: { id: member.id } },
      });
    }
    expect(await call({ payload: payloadOf(admin), authorization: 'Bearer nonsense' })).toEqual(refused);
  });

  it('is nothing where the service does not accept it', async () => {
    const { member } = await aWorld();
    const anonymous = { caller: { kind: 'ANONYMOUS' } };

    for (const others of [{ subgraphForwardedJwt: false }, { subgraphHmacSecret: undefined }]) {
      const closed = service.anotherInstance({ issuers: [trustedIssuer], ...others });
      expect((await call({ payload: payloadOf(member) }, { ...service, ...closed })).data).toMatchObject(anonymous);
    }
  });
});
