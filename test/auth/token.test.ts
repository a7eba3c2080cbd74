import { base64url, exportSPKI, generateKeyPair, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import { mint, publicJwk } from '../kit/issuer.ts';
import { startService } from '../kit/service.ts';

const { ask, aWorld, db, logLines } = await startService();

const WhoAmI = graphql(`
  query WhoAmI {
    viewer {
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

    expect(data?.viewer).toEqual({
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
    expect(data?.viewer).toEqual({ user: null, memberships: [] });
  });

  it('of a user that is not known yet makes it known', async () => {
    const { data } = await ask(WhoAmI, {}, { as: { id: 'user_2nEverSeenBefore' } });

    expect(data?.viewer).toEqual({ user: { id: 'user_2nEverSeenBefore' }, memberships: [] });
    expect(await db.user.count({ where: { id: 'user_2nEverSeenBefore' } })).toBe(1);
  });

  const hostile: [string, string, () => Promise<string> | string, string?][] = [
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
    [
      "whose subject is no user's id",
      'TOKEN_SUBJECT',
      () => mint({ ...good, sub: 'org_abc' }),
      'The token does not name a user',
    ],
    ['that was tampered with', 'TOKEN_SIGNATURE', async () => tamper(await mint(good))],
    ['that is no token', 'TOKEN_MALFORMED', () => 'nonsense'],
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
    expect(JSON.stringify([line, errors])).not.toContain(token);
    expect(JSON.stringify(errors)).not.toContain(reason);
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
    return errors ?? data?.viewer.memberships.map(({ role, organization }) => [organization.id, role]);
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

    expect(data?.viewer).toEqual({ user: null, memberships: [] });
  });

  it('acts in the organization that it names alone, whatever the database says', async () => {
    const { owner, organization } = await aWorld();
    const token = await mint({ sub: owner.id, v: 2, o: { id: 'org_2second', rol: 'member' } });

    const { data } = await ask(WhoAmI, {}, { token });

    expect(data?.viewer.memberships).toMatchObject([{ role: 'MEMBER', organization: { id: 'org_2second' } }]);
    expect(JSON.stringify(data)).not.toContain(organization.id);
  });

  it('with an organization that is named otherwise is an error', async () => {
    expect(await sessionOf({ v: 2, o: { id: 'acme' } })).toMatchObject([
      { extensions: { code: 'AUTHENTICATION_REQUIRED' } },
    ]);
  });
});

function tamper(token: string): string {
  const [header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(new TextDecoder().decode(base64url.decode(payload)));
  return [header, base64url.encode(JSON.stringify({ ...claims, sub: 'usr_other' })), signature].join('.');
}
