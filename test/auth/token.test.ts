import { base64url, exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import { mint, publicJwk, signText, trustedIssuer } from '../kit/issuer.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { ask, anotherInstance, aWorld, db, logLines } = service;

const WhoAmI = graphql(`
  query WhoAmI {
    caller {
      user {
        id
      }
      memberships {
        role
        permissions
        organization {
          id
        }
        user {
          id
        }
      }
    }
  }
`);

const now = () => Math.floor(Date.now() / 1000);
const good = { iss: 'https://issuer.test', sub: 'usr_someone', iat: now(), exp: now() + 300 };

describe('a token', () => {
  it('that holds says who asks', async () => {
    const { admin, organization } = await aWorld();

    const { data } = await ask(WhoAmI, {}, { as: admin });

    expect(data?.caller).toEqual({
      user: { id: admin.id },
      memberships: [
        {
          role: 'ADMIN',
          permissions: expect.arrayContaining(['READ_ORGANIZATION', 'READ_REVISIONS', 'UPDATE_MODEL_SETTINGS']),
          organization: { id: organization.id },
          user: { id: admin.id },
        },
      ],
    });
  });

  it('that is absent makes an anonymous viewer', async () => {
    const { status, data } = await ask(WhoAmI, {});

    expect(status).toBe(200);
    expect(data?.caller).toEqual({ user: null, memberships: [] });
  });

  it('of a user that is not known yet makes it known', async () => {
    const { data } = await ask(WhoAmI, {}, { as: { id: 'user_2nEverSeenBefore' } });

    expect(data?.caller).toEqual({ user: { id: 'user_2nEverSeenBefore' }, memberships: [] });
    expect(await db.user.count({ where: { id: 'user_2nEverSeenBefore' } })).toBe(1);
  });

  const header = JSON.stringify({ alg: 'ES256', kid: 'test' });
  const payload = JSON.stringify(good);
  const signed = (fields: object) =>
    signText(JSON.stringify({ alg: 'ES256', kid: 'test', ...fields }), JSON.stringify(good));
  const withOwnKey = async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
    const own = { jwk: await exportJWK(publicKey), jku: 'http://127.0.0.1:2/jwks.json', x5c: ['AA=='] };
    return new SignJWT(good).setProtectedHeader({ alg: 'ES256', kid: 'test', ...own }).sign(privateKey);
  };

  type Hostile = [name: string, reason: string, make: () => Promise<string> | string, message?: string];
  const hostile: Hostile[] = [
    ['without a signature (alg none)', 'TOKEN_ALGORITHM', () => new UnsecuredJWT(good).encode()],
    [
      'signed with the public key as a shared secret (HS256)',
      'TOKEN_ALGORITHM',
      async () => {
        const pem = await exportSPKI((await importJWK(publicJwk, 'ES256')) as CryptoKey);
        return new SignJWT(good).setProtectedHeader({ alg: 'HS256', kid: 'test' }).sign(new TextEncoder().encode(pem));
      },
    ],
    [
      "signed with somebody else's key under our key id",
      'TOKEN_SIGNATURE',
      async () => {
        const { privateKey } = await generateKeyPair('ES256');
        return new SignJWT(good).setProtectedHeader({ alg: 'ES256', kid: 'test' }).sign(privateKey);
      },
    ],
    ['of another issuer', 'TOKEN_ISSUER', () => mint({ ...good, iss: 'https://evil.test' })],
    ['that has expired', 'TOKEN_EXPIRED', () => mint({ ...good, exp: now() - 60 }), 'Your session has expired'],
    ['that is not valid yet', 'TOKEN_NOT_YET_VALID', () => mint({ ...good, nbf: now() + 600 })],
    ['that never expires', 'TOKEN_CLAIMS', () => mint({ ...good, exp: undefined as never })],
    ['with a key id that nobody knows', 'TOKEN_KEY_UNKNOWN', () => mint(good, { kid: 'other' })],
    ['that names no user', 'TOKEN_SUBJECT', () => mint({ ...good, sub: undefined as never })],
    ['that was tampered with', 'TOKEN_SIGNATURE', async () => tamper(await mint(good))],
    ['that is no token', 'TOKEN_MALFORMED', () => 'nonsense'],
    ['that is longer than 16 kB', 'TOKEN_TOO_LONG', () => mint({ ...good, padding: 'x'.repeat(16_000) })],
    ['that is encrypted', 'TOKEN_MALFORMED', async () => `${await mint(good)}.x.y`],
    ['with a part that is no base64', 'TOKEN_MALFORMED', async () => `!${await mint(good)}`],
    ['without its signature', 'TOKEN_SIGNATURE', async () => (await mint(good)).replace(/\.[^.]*$/, '.')],

    ['with a key id of 10 kB', 'TOKEN_KEY_UNKNOWN', () => mint(good, { kid: 'k'.repeat(10_000) })],
    ['with a key id that is no text', 'TOKEN_KEY_UNKNOWN', () => signed({ kid: 7 })],
    ['with a key id of SQL', 'TOKEN_KEY_UNKNOWN', () => mint(good, { kid: "' OR 1=1 --" })],
    ['that brings its own key', 'TOKEN_SIGNATURE', withOwnKey],
    ['with a critical extension', 'TOKEN_MALFORMED', () => signed({ crit: ['exp'], exp: 1 })],
    ['with critical extensions that are none', 'TOKEN_MALFORMED', () => signed({ crit: [] })],
    ['whose payload is not encoded', 'TOKEN_MALFORMED', () => signed({ crit: ['b64'], b64: false })],
    ['without an algorithm', 'TOKEN_MALFORMED', () => signed({ alg: undefined })],
    ['with an algorithm that is no text', 'TOKEN_MALFORMED', () => signed({ alg: ['ES256'] })],
    ['with an algorithm in other case', 'TOKEN_ALGORITHM', () => signed({ alg: 'es256' })],
    ['with an algorithm that its key is not for', 'TOKEN_KEY_UNKNOWN', () => signed({ alg: 'RS256' })],
    ['with none for an algorithm, in other case', 'TOKEN_ALGORITHM', () => signed({ alg: 'nOnE' })],
    ['whose header has a name twice', 'TOKEN_MALFORMED', () => signText(`{"alg":"none",${header.slice(1)}`, payload)],
    ['whose header is no object', 'TOKEN_MALFORMED', () => signText('["ES256"]', payload)],

    ['that is a token in a token', 'TOKEN_MALFORMED', async () => signText(header, await mint(good))],
    ['of an array', 'TOKEN_MALFORMED', () => signText(header, `[${payload}]`)],
    ['of no JSON', 'TOKEN_MALFORMED', () => signText(header, `${payload},`)],
    ['of 10,000 arrays in one another', 'TOKEN_MALFORMED', () => signText(header, '['.repeat(10_000))],
    ['with a claim twice', 'TOKEN_MALFORMED', () => signText(header, `{"sub":"usr_other",${payload.slice(1)}`)],
    ['with a claim __proto__', 'TOKEN_MALFORMED', () => signText(header, `{"__proto__":{},${payload.slice(1)}`)],

    ['whose issuer is a list', 'TOKEN_ISSUER', () => mint({ ...good, iss: [good.iss] as never })],
    ['without an issuer', 'TOKEN_ISSUER', () => mint({ ...good, iss: undefined as never })],
    ['whose expiry is text', 'TOKEN_CLAIMS', () => mint({ ...good, exp: String(good.exp) as never })],
    ['whose expiry is null', 'TOKEN_CLAIMS', () => mint({ ...good, exp: null as never })],
    ['that expires later than any date', 'TOKEN_CLAIMS', () => mint({ ...good, exp: 1e15 })],
    ['that expires at infinity', 'TOKEN_CLAIMS', () => signText(header, payload.replace(/"exp":\d+/, '"exp":1e999'))],
    ['that expired before all time', 'TOKEN_EXPIRED', () => mint({ ...good, exp: -1e300 }), 'Your session has expired'],
    ['whose beginning is text', 'TOKEN_CLAIMS', () => mint({ ...good, nbf: 'now' as never })],
    ['whose time of issue is text', 'TOKEN_CLAIMS', () => mint({ ...good, iat: 'now' as never })],
    ['whose status is no text', 'TOKEN_CLAIMS', () => mint({ ...good, sts: ['pending'] })],
    ...[7, null, '', ['usr_someone'], { id: 'usr_someone' }, 'usr_a\n', `usr_${'x'.repeat(10_000)}`].map(
      (sub): Hostile => [
        `whose subject is ${JSON.stringify(sub).slice(0, 30)}`,
        'TOKEN_SUBJECT',
        () => mint({ ...good, sub: sub as never }),
        'The token does not name a user',
      ],
    ),
    ...[
      { org_id: 7 },
      { org_id: ['org_a', 'org_b'] },
      { org_id: { org_a: {}, org_b: {} } },
      { org_id: '' },
      { org_id: 'org_\n' },
      { o: { id: 'org_a' } },
      { v: 3, o: { id: 'org_a' } },
      { v: '2', o: { id: 'org_a' } },
      { v: 3 },
      { org_id: 'org_a', org_role: 7 },
      { v: 2, o: 'org_a' },
      { v: 2, o: {} },
    ].map(
      (claims): Hostile => [
        `whose organization is ${JSON.stringify(claims)}`,
        'TOKEN_ORGANIZATION',
        () => mint({ ...good, ...claims }),
        'The token does not name its organization',
      ],
    ),
  ];

  it.each(hostile)('%s is an error, never anonymous', async (_, reason, make, message = 'Your session is invalid') => {
    const token = await make();
    const { status, headers, data, errors } = await ask(WhoAmI, {}, { token });

    expect(status).toBe(401);
    expect(data).toBe(undefined);
    expect(errors?.[0]?.message).toContain(message);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'AUTHENTICATION_REQUIRED', status: 401 });
    // Why is for the log alone, and the token for nobody.
    const [line, ...others] = logLines().filter(({ traceId }) => traceId === headers.get('x-request-id'));
    expect(line).toMatchObject({ outcome: 'AUTHENTICATION_REQUIRED', reason });
    expect(others).toEqual([]);
    for (const part of token.split('.').filter(({ length }) => length > 1)) {
      expect(JSON.stringify([line, errors])).not.toContain(part);
    }
    expect(JSON.stringify(errors)).not.toContain(reason);
  });

  it('of another issuer is refused with what it says and what is expected, in the log alone', async () => {
    const said = async (iss: unknown) => {
      const { headers, errors } = await ask(WhoAmI, {}, { token: await mint({ ...good, iss: iss as string }) });
      const line = logLines().find(({ traceId }) => traceId === headers.get('x-request-id'));
      expect(JSON.stringify(errors)).not.toContain('issuer.test');
      return line?.mismatch;
    };
    const expected = good.iss;

    expect(await said('https://issuer.test/')).toEqual({ said: 'https://issuer.test/', expected });
    expect(await said('x'.repeat(1_000))).toEqual({ said: 'x'.repeat(200), expected });
    expect(await said([7])).toEqual({ said: '[7]', expected });
    expect(await said(undefined)).toEqual({ said: '', expected });
  });

  it('is for an audience where one is set, alone or among others', async () => {
    const strict = anotherInstance({ issuers: [{ ...trustedIssuer, audience: 'modelgate' }] });
    const answer = async (aud: unknown) => {
      const { status } = await strict.ask(WhoAmI, {}, { token: await mint({ ...good, aud: aud as string }) });
      return [status, strict.logLines().at(-1)?.reason];
    };

    for (const aud of ['modelgate', ['other', 'modelgate']]) expect(await answer(aud)).toEqual([200, undefined]);
    const either = anotherInstance({ issuers: [{ ...trustedIssuer, audience: ['mobile', 'modelgate'] }] });
    expect((await either.ask(WhoAmI, {}, { token: await mint({ ...good, aud: 'modelgate' }) })).status).toBe(200);
    expect((await either.ask(WhoAmI, {}, { token: await mint({ ...good, aud: 'other' }) })).status).toBe(401);

    for (const aud of [undefined, 'other', 'Modelgate', [], ['other'], [['modelgate']], { modelgate: 1 }, 7]) {
      expect(await answer(aud)).toEqual([401, 'TOKEN_AUDIENCE']);
    }
  });

  it('may hold for many years', async () => {
    expect((await ask(WhoAmI, {}, { token: await mint({ ...good, exp: 4_102_444_800 }) })).status).toBe(200);
  });

  it('that is refused is refused so to REST too, with the reason in the log', async () => {
    const authorization = `Bearer ${await mint(good, { kid: 'x' })}`;
    const { status, body } = await restOf(service)('GET', '/v1/model-configs', { headers: { authorization } });

    expect([status, body]).toEqual([401, expect.anything()]);
    expect(logLines().at(-1)).toMatchObject({ path: '/v1/model-configs', reason: 'TOKEN_KEY_UNKNOWN' });
  });

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b'])('in the header "%s" is an error', async (authorization) => {
    const { status, errors } = await ask(WhoAmI, {}, { headers: { authorization } });

    expect(status).toBe(401);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'AUTHENTICATION_REQUIRED' });
  });
});

describe("Clerk's session token", () => {
  const sessionOf = async (claims: object) => {
    const { data, errors } = await ask(WhoAmI, {}, { token: await mint({ sub: 'user_2clerk', ...claims }) });
    return errors ?? data?.caller.memberships.map(({ role, organization }) => [organization.id, role]);
  };

  it('of version 1 names the organization and the role', async () => {
    expect(await sessionOf({ org_id: 'org_2first', org_role: 'org:admin' })).toEqual([['org_2first', 'ADMIN']]);
  });

  it('of version 2 names them too', async () => {
    expect(await sessionOf({ v: 2, o: { id: 'org_2second', rol: 'admin' } })).toEqual([['org_2second', 'ADMIN']]);
  });

  it('of version 2 wins over claims of version 1 that were left in it', async () => {
    const leftOver = { org_id: 'org_2first', org_role: 'org:admin' };

    expect(await sessionOf({ v: 2, o: { id: 'org_2second', rol: 'member' }, ...leftOver })).toEqual([
      ['org_2second', 'MEMBER'],
    ]);
    expect(await sessionOf({ v: 2, ...leftOver })).toEqual([]);
  });

  it('with a role that we do not know is that of a member', async () => {
    expect(await sessionOf({ v: 2, o: { id: 'org_2second', rol: 'billing_manager' } })).toEqual([
      ['org_2second', 'MEMBER'],
    ]);
    expect(await sessionOf({ org_id: 'org_2first' })).toEqual([['org_2first', 'MEMBER']]);
  });

  it('that is pending counts as signed out', async () => {
    const token = await mint({ sub: 'user_2clerk', sts: 'pending', v: 2, o: { id: 'org_2second', rol: 'admin' } });

    const { data } = await ask(WhoAmI, {}, { token });

    expect(data?.caller).toEqual({ user: null, memberships: [] });
  });

  it('acts in the organization that it names alone, whatever the database says', async () => {
    const { owner, organization } = await aWorld();
    const token = await mint({ sub: owner.id, v: 2, o: { id: 'org_2second', rol: 'member' } });

    const { data } = await ask(WhoAmI, {}, { token });

    expect(data?.caller.memberships).toMatchObject([{ role: 'MEMBER', organization: { id: 'org_2second' } }]);
    expect(JSON.stringify(data)).not.toContain(organization.id);
  });

  it('with an organization that is named otherwise acts in one with an id of ours', async () => {
    const [[id]] = (await sessionOf({ v: 2, o: { id: 'acme', rol: 'admin' } })) as [[string]];

    expect(id).toMatch(/^org_\w+$/);
    expect(await sessionOf({ v: 2, o: { id: 'acme', rol: 'admin' } })).toEqual([[id, 'ADMIN']]);
  });
});

function tamper(token: string): string {
  const [header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(new TextDecoder().decode(base64url.decode(payload)));
  return [header, base64url.encode(JSON.stringify({ ...claims, sub: 'usr_other' })), signature].join('.');
}
