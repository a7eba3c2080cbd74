import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { Issuers, type PresetName, presetNames } from '../../src/auth/issuer-settings.ts';
import { graphql } from '../generated/gql.ts';
import { startService } from '../kit/service.ts';

const docs = readFileSync(join(import.meta.dirname, '../../docs/authentication.md'), 'utf8');

/** The token that the documentation shows for a preset. */
function exampleOf(preset: PresetName): JWTPayload {
  const [, section = ''] = docs.split(`\n### ${preset}\n`);
  return JSON.parse(/```json\n(.*?)\n```/s.exec(section)?.[1] ?? 'null');
}

const { publicKey, privateKey } = await generateKeyPair('ES256');
const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'test' }] });
const settings = presetNames.map((preset) => {
  const { iss: issuer = '', aud } = exampleOf(preset);
  const audience = [aud].flat()[0];
  return { issuer, preset, keepsIds: preset === 'clerk', ...(audience === undefined ? {} : { audience }) };
});
const { ask, db, logLines } = await startService({
  issuers: Issuers.parse(settings).map((issuer) => ({ ...issuer, keys })),
});

/** The token of the documentation, with these claims in place of its own; undefined leaves one out. */
function tokenOf(preset: PresetName, claims: object = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ ...exampleOf(preset), iat: now, exp: now + 300, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'test' })
    .sign(privateKey);
}

const query = graphql(`
  query WhoSignsInByPreset {
    caller {
      user {
        id
        name
        email
        picture
      }
      memberships {
        role
        organization {
          id
          name
        }
      }
    }
  }
`);

async function who(preset: PresetName, claims: object = {}) {
  const { data, errors } = await ask(query, {}, { token: await tokenOf(preset, claims) });
  const { user, memberships } = data?.caller ?? {};
  if (!user || !memberships) throw new Error(JSON.stringify({ errors, reason: logLines().at(-1)?.reason }));
  const [membership] = memberships;
  const teams = await db.team.findMany({ where: { members: { some: { userId: user.id } } }, orderBy: { name: 'asc' } });
  return {
    ...user,
    role: membership?.role,
    organization: membership?.organization,
    memberships: memberships.length,
    teams: teams.map(({ name }) => name),
  };
}
/** Another user of the same issuer. */
const another = () => ({ sub: crypto.randomUUID(), uid: crypto.randomUUID(), oid: crypto.randomUUID() });

async function refusalOf(preset: PresetName, claims: object) {
  const { status } = await ask(query, {}, { token: await tokenOf(preset, claims) });
  return [status, logLines().at(-1)?.reason];
}

const mara = { name: 'Mara Vogt', email: 'mara@acme.example', memberships: 1, role: 'OWNER', teams: [] as string[] };

describe('the token that the documentation shows for', () => {
  it.each<[PresetName, object]>([
    ['clerk', { organization: { id: 'org_2hQ8uD3kFwRjT6yBnHmS5vLcE1x', name: 'acme' }, picture: expect.anything() }],
    ['auth0', { organization: { id: expect.stringMatching(/^org_/), name: 'acme' } }],
    [
      'keycloak',
      { organization: { id: expect.stringMatching(/^org_/), name: 'acme' }, teams: ['/research', '/research/nlp'] },
    ],
    ['entra', { organization: { name: null }, teams: ['1f4b8d70-62ac-4e95-83d1-c7a50b9e2f64'] }],
    ['google', { organization: { name: 'acme.example' }, picture: expect.stringMatching(/^https:/) }],
    ['okta', { organization: { name: null }, teams: ['Everyone', 'Research'], email: null }],
    ['workos', { organization: { name: null } }],
    ['supabase', { organization: undefined, role: undefined, memberships: 0, email: null }],
  ])('%s says who it is, where, and in which role', async (preset, expected) => {
    expect(await who(preset)).toMatchObject({ ...mara, ...expected });
  });

  it('each preset is there, and names a page of its issuer', () => {
    for (const preset of presetNames) {
      const [, section = ''] = docs.split(`\n### ${preset}\n`);
      expect(section.split('\n### ')[0], preset).toMatch(/\nDocumentation: \[[^\]]+\]\(https:\/\//);
      expect(docs, preset).toContain(`| [\`${preset}\`](#${preset}) |`);
    }
  });
});

describe('claims of your own, as the documentation shows them', () => {
  it('are settings of several issuers', () => {
    const [, section = ''] = docs.split('\n## Claims of your own\n');
    const [keycloak, auth0] = Issuers.parse(JSON.parse(/```json\n(.*?)\n```/s.exec(section)?.[1] ?? 'null'));

    expect(keycloak).toMatchObject({ keepsIds: false, audience: 'modelgate', authorizedParties: ['console', 'cli'] });
    expect(keycloak?.mapping).toMatchObject({ roleClaim: 'resource_access.modelgate.roles', teamsClaim: 'groups' });
    expect(auth0).toMatchObject({ keepsIds: false, mapping: { organizationClaim: 'org_id', roleClaim: null } });
  });
});

describe('of an organization whose tokens name no roles', () => {
  it.each<PresetName>(['auth0', 'keycloak', 'entra', 'google', 'okta'])(
    '%s: who comes first is the owner, and whoever follows a member, whatever else a token says',
    async (preset) => {
      const owner = await who(preset);
      const roles = ['owner', 'admin', 'OWNER'];

      const member = await who(preset, {
        ...another(),
        role: 'owner',
        roles,
        permissions: roles,
        realm_access: { roles },
        user_metadata: { role: 'owner' },
      });

      expect(member.organization?.id).toBe(owner.organization?.id);
      expect([owner.role, member.role]).toEqual(['OWNER', 'MEMBER']);
    },
  );
});

describe('clerk', () => {
  const o = { id: 'org_2hQ8uD3kFwRjT6yBnHmS5vLcE1x', slg: 'acme' };
  const version1 = { v: undefined, o: undefined, org_id: o.id, org_slug: o.slg };

  it('has the same organization and role in a token of version 1', async () => {
    const { id, organization } = await who('clerk');

    expect(await who('clerk', { ...version1, org_role: 'org:admin' })).toMatchObject({
      id,
      organization,
      role: 'OWNER',
    });
    expect(await who('clerk', { ...version1, ...another(), org_role: 'org:member' })).toMatchObject({ role: 'MEMBER' });
  });

  it('has members, also where the role is one of their own, or left over from version 1', async () => {
    const roleOf = async (claims: object) => (await who('clerk', { ...another(), ...claims })).role;

    expect(await roleOf({ o: { ...o, rol: 'member' } })).toBe('MEMBER');
    expect(await roleOf({ o: { ...o, rol: 'billing' } })).toBe('MEMBER');
    expect(await roleOf({ o, org_role: 'org:admin' })).toBe('MEMBER');
    expect(await roleOf({ o: undefined, org_id: o.id, org_role: 'org:admin' })).toBe(undefined);
  });

  it('names no organization in a form that is not understood', async () => {
    expect(await refusalOf('clerk', { v: undefined })).toEqual([401, 'TOKEN_ORGANIZATION']);
    expect(await refusalOf('clerk', { v: 3 })).toEqual([401, 'TOKEN_ORGANIZATION']);
    expect(await refusalOf('clerk', { o: { rol: 'admin' } })).toEqual([401, 'TOKEN_ORGANIZATION']);
  });
});

describe('auth0', () => {
  it('names no organization where the user did not sign in through one', async () => {
    expect(await who('auth0', { ...another(), org_id: undefined, org_name: undefined })).toMatchObject({
      memberships: 0,
    });
  });

  it('is refused where it is for another API', async () => {
    expect(await refusalOf('auth0', { aud: 'https://acme.eu.auth0.com/api/v2/' })).toEqual([401, 'TOKEN_AUDIENCE']);
  });
});

describe('keycloak', () => {
  it('has one organization, by its alias where the id is not in the token', async () => {
    const names = ['beta', ['beta'], { beta: {} }, { beta: { attr1: ['x'] } }];
    const found = [];
    for (const organization of names) found.push((await who('keycloak', { ...another(), organization })).organization);

    expect(new Set(found.map((organization) => organization?.id)).size).toBe(1);
    expect(found.map((organization) => organization?.name)).toEqual(['beta', 'beta', 'beta', 'beta']);
  });

  it('is refused where it names several organizations, or one in another form', async () => {
    for (const organization of [['acme', 'beta'], { acme: {}, beta: {} }, { acme: { id: ['x'] } }, {}]) {
      expect(await refusalOf('keycloak', { organization })).toEqual([401, 'TOKEN_ORGANIZATION']);
    }
  });
});

describe('entra', () => {
  it('knows a user by the object id, whatever the application', async () => {
    const { id } = await who('entra');

    expect((await who('entra', { sub: 'another-application' })).id).toBe(id);
    expect(await refusalOf('entra', { oid: undefined })).toEqual([401, 'TOKEN_SUBJECT']);
  });

  it('believes no address of a domain that the tenant has not verified', async () => {
    const email = 'victim@other.example';

    expect(await who('entra', { ...another(), email, xms_edov: undefined, email_verified: true })).toMatchObject({
      email: null,
    });
    expect(await who('entra', { ...another(), email, xms_edov: false })).toMatchObject({ email: null });
  });

  it('is refused where it is for another application, or of version 1', async () => {
    expect(await refusalOf('entra', { aud: '00000003-0000-0000-c000-000000000000' })).toEqual([401, 'TOKEN_AUDIENCE']);
    expect(await refusalOf('entra', { iss: `https://sts.windows.net/${exampleOf('entra').tid}/` })).toEqual([
      401,
      'TOKEN_ISSUER',
    ]);
  });
});

describe('google', () => {
  it('names no organization for an account without a Workspace', async () => {
    const account = { ...another(), hd: undefined, email: 'mara@acme.example' };

    expect(await who('google', account)).toMatchObject({ memberships: 0, email: 'mara@acme.example' });
  });

  it('is refused where it is for the application of somebody else', async () => {
    expect(await refusalOf('google', { aud: 'evil.apps.googleusercontent.com' })).toEqual([401, 'TOKEN_AUDIENCE']);
  });
});

describe('okta', () => {
  it('knows a user by the id, whatever the login, and an ID token not at all', async () => {
    const { id } = await who('okta');

    expect((await who('okta', { sub: 'mara.vogt@acme.example' })).id).toBe(id);
    expect((await who('okta', { ...another(), sub: 'mara@acme.example' })).id).not.toBe(id);
    expect(await refusalOf('okta', { uid: undefined })).toEqual([401, 'TOKEN_SUBJECT']);
  });
});

describe('workos', () => {
  it('has members, also where the role is one of their own', async () => {
    const roleOf = async (claims: object) => (await who('workos', { ...another(), ...claims })).role;

    expect(await roleOf({ role: 'member', roles: ['member'] })).toBe('MEMBER');
    expect(await roleOf({ role: 'editor', permissions: ['admin'] })).toBe('MEMBER');
    expect(await roleOf({ role: undefined })).toBe('MEMBER');
  });

  it('is refused where the role is no name', async () => {
    expect(await refusalOf('workos', { role: { slug: 'admin' } })).toEqual([401, 'TOKEN_ORGANIZATION']);
  });
});

describe('supabase', () => {
  it('gives nothing for what users write themselves', async () => {
    const written = { role: 'owner', organization: 'acme', org_id: 'acme', email_verified: true };

    expect(await who('supabase', { ...another(), user_metadata: written, role: 'service_role' })).toMatchObject({
      memberships: 0,
      email: null,
    });
    expect(await who('supabase', { ...another(), email_verified: true })).toMatchObject({ email: 'mara@acme.example' });
  });

  it('is refused where it is a key of the project, which names no user', async () => {
    expect(await refusalOf('supabase', { sub: undefined, role: 'service_role' })).toEqual([401, 'TOKEN_SUBJECT']);
  });
});
