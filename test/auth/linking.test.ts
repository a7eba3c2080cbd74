import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { presets } from '../../src/auth/presets.ts';
import { graphql } from '../generated/gql.ts';
import { startService } from '../kit/service.ts';

// What docs/authentication.md tells operators to do with identities, with the SQL that it shows.

const docs = readFileSync(join(import.meta.dirname, '../../docs/authentication.md'), 'utf8');
const [linkUser = '', renameIssuer = '', linkOrganization = ''] = [...docs.matchAll(/```sql\n(.*?)```/gs)].map(
  ([, sql = '']) => sql,
);

const { publicKey, privateKey } = await generateKeyPair('ES256');
const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'test' }] });
const issuer = 'https://acme.eu.auth0.com/';
const trusted = { issuer, keys, mapping: presets.auth0 };
const { ask, db, aWorld, heard, anotherInstance } = await startService({ issuers: [trusted] });

function tokenOf(claims: JWTPayload): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: issuer, iat: now, exp: now + 300, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'test' })
    .sign(privateKey);
}

const query = graphql(`
  query WhoIsLinked {
    caller {
      user {
        id
      }
      memberships {
        role
        organization {
          id
        }
      }
    }
  }
`);
async function who(claims: JWTPayload, of = ask) {
  const { data } = await of(query, {}, { token: await tokenOf(claims) });
  return {
    id: data?.caller.user?.id,
    memberships: data?.caller.memberships.map(({ organization, role }) => [organization.id, role]),
  };
}

/** Runs SQL of the page, with these in place of its examples. */
async function run(sql: string, examples: Record<string, string>) {
  let text = sql.replaceAll(/^--.*$/gm, '');
  for (const [example, value] of Object.entries(examples)) {
    expect(text).toContain(example);
    text = text.replaceAll(example, value);
  }
  for (const statement of text.split(';').filter((one) => one.trim() !== '')) await db.$executeRawUnsafe(statement);
  await heard();
}

describe('the SQL of docs/authentication.md', () => {
  it.each([true, false])(
    'links a second identity to a user, at once (has signed in before: %s)',
    async (hasSignedIn) => {
      const { owner, organization } = await aWorld();
      const sub = `auth0|${crypto.randomUUID()}`;
      const own = hasSignedIn ? await who({ sub }) : undefined;

      await run(linkUser, { 'auth0|64b1f0c29a7d3e5b8c1f2a90': sub, usr_01k2m4p6r8t0v2x4z6b8d0f2h4: owner.id });

      expect(own?.id).not.toBe(owner.id);
      expect(await who({ sub })).toEqual({ id: owner.id, memberships: [[organization.id, 'OWNER']] });
    },
  );

  it('links an organization that was made here to that of tokens', async () => {
    const { owner, organization } = await aWorld();
    const sub = `auth0|${crypto.randomUUID()}`;
    await run(linkUser, { 'auth0|64b1f0c29a7d3e5b8c1f2a90': sub, usr_01k2m4p6r8t0v2x4z6b8d0f2h4: owner.id });

    await run(linkOrganization, {
      org_7Fh2kLm9QpRs4TvW: 'org_linked',
      org_01k2m8t0w2y4a6c8e0g2j4m6p8: organization.id,
    });

    expect(await who({ sub, org_id: 'org_linked' })).toEqual({
      id: owner.id,
      memberships: [[organization.id, 'OWNER']],
    });
    const colleague = await who({ sub: `auth0|${crypto.randomUUID()}`, org_id: 'org_linked' });
    expect(colleague.memberships).toEqual([[organization.id, 'MEMBER']]);
  });

  it('lets users and organizations go on under another name of their issuer', async () => {
    const renamed = 'https://id.acme.example';
    const claims = { sub: `auth0|${crypto.randomUUID()}`, org_id: 'org_renamed' };
    const before = await who(claims);

    await run(renameIssuer, { 'https://old.acme.example': issuer });

    const { ask: askRenamed } = anotherInstance({ issuers: [{ ...trusted, issuer: renamed }] });
    for (const _ of [1, 2]) expect(await who({ ...claims, iss: renamed }, askRenamed)).toEqual(before);
    expect(before.memberships).toEqual([[expect.stringMatching(/^org_/), 'OWNER']]);
  });
});
