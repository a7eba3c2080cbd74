import { createLocalJWKSet, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, it, vi } from 'vitest';
import { presets } from '../../src/auth/presets.ts';
import { idOf } from '../../src/domain/organizations/identity.ts';
import { graphql } from '../generated/gql.ts';
import { mint, trustedIssuer } from '../kit/issuer.ts';
import { CreateOrganization } from '../kit/members.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';

const { publicKey, privateKey } = await generateKeyPair('ES256');
const other = {
  issuer: 'https://id.example/realms/acme',
  keys: createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'test' }] }),
  mapping: { ...presets.keycloak, roleClaim: 'realm_access.roles', roles: { boss: 'OWNER', lead: 'ADMIN' } },
} as const;
const third = { ...other, issuer: 'https://id.example/realms/open', mapping: presets.keycloak };
const first = await startService({ issuers: [trustedIssuer, other, third] });
const { ask, db, anotherInstance, logLines, aWorld, heard } = first;

/** A token of one of the two issuers that share a key. */
function mintOther(claims: JWTPayload, { issuer }: { issuer: string } = other): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ iss: issuer, iat: now, exp: now + 300, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'test' })
    .sign(privateKey);
}

const query = graphql(`
  query WhoSignsIn {
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
const AskMembers = graphql(`
  query AskMembers($organizationId: ID!) {
    organization(id: $organizationId) {
      members {
        edges {
          node {
            user {
              id
              name
              email
            }
          }
        }
      }
    }
  }
`);
const AskKind = graphql(`
  query AskKind {
    caller {
      kind
    }
  }
`);
async function who(token: string | Promise<string>) {
  const { data, errors } = await ask(query, {}, { token: await token });
  if (!data?.caller.user) throw new Error(JSON.stringify(errors));
  return { ...data.caller.user, memberships: data.caller.memberships };
}
let count = 0;
const aSubject = () => {
  count += 1;
  return `auth0|${count}-${crypto.randomUUID()}`;
};

describe('a subject of any issuer', () => {
  it('is a user with an id of ours, the same at each sign-in', async () => {
    const sub = aSubject();

    const { id, memberships } = await who(mintOther({ sub }));

    expect(id).toMatch(/^usr_\w+$/);
    expect(memberships).toEqual([]);
    expect((await who(mintOther({ sub }))).id).toBe(id);
    expect(await db.userIdentity.findMany({ where: { userId: id } })).toMatchObject([
      { issuer: other.issuer, subject: sub, isOriginal: true },
    ]);
  });

  it('is another user at another issuer', async () => {
    const sub = aSubject();
    const ids = [await who(mintOther({ sub })), await who(mintOther({ sub }, third)), await who(mint({ sub }))];

    expect(new Set(ids.map(({ id }) => id)).size).toBe(3);
  });

  it('keeps an id of ours at the one issuer that may, and at no other', async () => {
    const sub = `usr_${crypto.randomUUID()}`;

    expect((await who(mint({ sub }))).id).toBe(sub);
    expect((await who(mintOther({ sub }))).id).not.toBe(sub);
    const unknown = `usr_${crypto.randomUUID()}`;
    expect((await who(mintOther({ sub: unknown }))).id).not.toBe(unknown);
  });

  it('never becomes the user of another identity, whoever comes first', async () => {
    const [sub, early] = [aSubject(), aSubject()];
    const victim = (await who(mintOther({ sub }))).id;
    const claimed = idOf('usr', { issuer: other.issuer, externalId: early });

    const late = await who(mint({ sub: victim }));
    expect(late.id).not.toBe(victim);
    expect((await who(mint({ sub: victim }))).id).toBe(late.id);

    expect((await who(mint({ sub: claimed }))).id).toBe(claimed);
    const own = await who(mintOther({ sub: early }));
    expect(own.id).not.toBe(claimed);
    expect((await who(mintOther({ sub: early }))).id).toBe(own.id);
  });

  it('is one user, however many sign in with it at once, on several instances', async () => {
    const token = await mintOther({ sub: aSubject(), organization: ['many'] });
    const instances = [ask, anotherInstance().ask, anotherInstance().ask];

    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => instances[index % 3]?.(query, {}, { token })),
    );

    expect(new Set(answers.map((answer) => answer?.data?.caller.user?.id)).size).toBe(1);
    expect(new Set(answers.map((answer) => answer?.data?.caller.memberships[0]?.organization.id)).size).toBe(1);
  });

  it('acts as the user that it is linked to by hand, at once', async () => {
    const sub = aSubject();
    const { owner, organization } = await aWorld();
    const token = await mintOther({ sub });
    const { id: before } = await who(token);

    await db.userIdentity.update({
      where: { issuer_subject: { issuer: other.issuer, subject: sub } },
      data: { userId: owner.id, isOriginal: false },
    });
    await heard();

    for (const _ of [1, 2, 3]) {
      const { id, memberships } = await who(token);
      expect(id).toBe(owner.id);
      expect(memberships).toMatchObject([{ role: 'OWNER', organization: { id: organization.id } }]);
    }
    // Nobody becomes the user that it had before.
    expect((await who(mint({ sub: before }))).id).not.toBe(before);
  });

  it.each([`usr_${'x'.repeat(300)}`, 'x'.repeat(256), 'a\u0000b', ''])('is refused where it is %j', async (sub) => {
    const { status } = await ask(query, {}, { token: await mintOther({ sub }) });

    expect([status, logLines().at(-1)?.reason]).toEqual([401, 'TOKEN_SUBJECT']);
  });
});

describe('an organization of any issuer', () => {
  it('is one with an id of ours, in which the token says the role', async () => {
    const organization = { 'acme-1': { id: crypto.randomUUID() } };
    const asked = (roles: string[]) => who(mintOther({ sub: aSubject(), organization, realm_access: { roles } }));

    const [boss, lead, member] = [await asked(['x', 'boss', 'lead']), await asked(['lead']), await asked(['x'])];

    expect([boss, lead, member].map(({ memberships }) => memberships.map(({ role }) => role))).toEqual([
      ['OWNER'],
      ['ADMIN'],
      ['MEMBER'],
    ]);
    expect(new Set([boss, lead, member].map(({ memberships }) => memberships[0]?.organization.id)).size).toBe(1);
  });

  it('is never one of another issuer, nor one that was made here by somebody of another issuer', async () => {
    const { organization } = await aWorld();
    const mine = await who(mintOther({ sub: aSubject(), organization: 'shared' }));
    const theirs = await who(mintOther({ sub: aSubject(), organization: 'shared' }, third));
    const [first, second] = [mine.memberships[0]?.organization.id, theirs.memberships[0]?.organization.id];
    expect(first).not.toBe(second);

    const named = async (id: string | undefined, token: Promise<string>) => {
      const { memberships } = await who(token);
      expect(memberships.map((one) => one.organization.id)).not.toContain(id);
    };
    await named(organization.id, mintOther({ sub: aSubject(), organization: organization.id }));
    await named(first, mintOther({ sub: aSubject(), organization: first }, third));
    await named(first, mint({ sub: aSubject(), org_id: first, org_role: 'org:owner' }));
    const { data } = await ask(CreateOrganization, { name: 'Ours' }, { token: await mintOther({ sub: aSubject() }) });
    const created = data?.createOrganization.__typename === 'Organization' ? data.createOrganization.id : '';
    expect(created).toMatch(/^org_/);
    await named(created, mint({ sub: aSubject(), org_id: created, org_role: 'org:owner' }));
    await named(created, mintOther({ sub: aSubject(), organization: created }, third));
  });

  it('has who comes first as its owner, where tokens name no roles, by an entry of its ledger', async () => {
    const [first, second] = [aSubject(), aSubject()];
    const token = (sub: string) => mintOther({ sub, organization: ['open-1'], name: sub }, third);

    const [owner] = [await who(token(first)), await who(token(first))];
    const member = await who(token(second));
    const organizationId = owner.memberships[0]?.organization.id ?? '';

    expect(owner.memberships).toMatchObject([{ role: 'OWNER' }]);
    expect(member.memberships).toEqual([{ ...owner.memberships[0], role: 'MEMBER' }]);
    expect(await db.revision.findMany({ where: { organizationId } })).toMatchObject([
      { action: 'ORGANIZATION_CREATED', actorId: owner.id, after: { ownerId: owner.id } },
    ]);
    // A role that is kept here is changed here, and holds at once, with the same token.
    const input = { organizationId, disabledModels: ['gpt-4o'] };
    const refused = await ask(UpdateSettings, { input }, { token: await token(second) });
    expect(JSON.stringify(refused)).toContain('INSUFFICIENT_PERMISSIONS');
    await db.membership.updateMany({ where: { organizationId, userId: member.id }, data: { role: 'ADMIN' } });
    await heard();
    const allowed = await ask(UpdateSettings, { input }, { token: await token(second) });
    expect(JSON.stringify(allowed)).not.toContain('INSUFFICIENT_PERMISSIONS');
  });

  it('that was there before tokens named it stays with its owner', async () => {
    const { organization, owner } = await aWorld();
    const kept = anotherInstance({ issuers: [{ ...trustedIssuer, mapping: presets.auth0 }] });
    const rolesOf = async (sub: string) => {
      const { data } = await kept.ask(query, {}, { token: await mint({ sub, org_id: organization.id }) });
      return data?.caller.memberships.map((one) => [one.organization.id, one.role]);
    };

    expect(await rolesOf(aSubject())).toEqual([[organization.id, 'MEMBER']]);
    expect(await rolesOf(owner.id)).toEqual([[organization.id, 'OWNER']]);
  });

  it('has one owner, however many come first at once', async () => {
    const organization = [`rush-${crypto.randomUUID()}`];
    const tokens = await Promise.all(
      Array.from({ length: 12 }, () => mintOther({ sub: aSubject(), organization }, third)),
    );

    const callers = await Promise.all(tokens.map((token) => who(token)));

    const roles = callers.flatMap(({ memberships }) => memberships.map(({ role }) => role));
    expect(roles.toSorted()).toEqual([...Array.from({ length: 11 }, () => 'MEMBER'), 'OWNER']);
  });

  it('has its owner as such in each of the first requests, which a page sends at once', async () => {
    const seen = new Set<string | undefined>();
    for (let round = 0; round < 5; round += 1) {
      const token = await mintOther({ sub: aSubject(), organization: [`page-${crypto.randomUUID()}`] }, third);
      const callers = await Promise.all(Array.from({ length: 6 }, () => who(token)));
      for (const { memberships } of callers) seen.add(memberships[0]?.role);
    }

    expect([...seen]).toEqual(['OWNER']);
  });

  it.each([[['a', 'b']], [{ a: {}, b: {} }], [7], [[]], [{}], ['']])(
    'is refused where it is %j',
    async (organization) => {
      const { status, errors } = await ask(query, {}, { token: await mintOther({ sub: aSubject(), organization }) });

      expect([status, logLines().at(-1)?.reason]).toEqual([401, 'TOKEN_ORGANIZATION']);
      expect(errors?.[0]?.message).toContain('The token does not name its organization as we understand it: ');
    },
  );
});

describe('an organization within another claim', () => {
  const mapping = { ...other.mapping, organizationClaim: 'org.now.id' };
  const nested = anotherInstance({ issuers: [{ ...other, mapping }] });
  const asked = async (org: unknown) => nested.ask(query, {}, { token: await mintOther({ sub: aSubject(), org }) });

  it.each([[['acme']], ['acme'], [7], [[{ now: { id: 'acme' } }]], [{ now: 'acme' }], [{ now: [{ id: 'acme' }] }]])(
    'is refused where %j is in its place: nothing says that the token is good for all organizations of the user',
    async (org) => {
      const { status } = await asked(org);

      expect([status, nested.logLines().at(-1)?.reason]).toEqual([401, 'TOKEN_ORGANIZATION']);
    },
  );

  it.each([[undefined], [null], [{}], [{ now: null }], [{ now: {} }]])('is none where %j is there', async (org) => {
    expect((await asked(org)).data?.caller.memberships).toEqual([]);
  });
});

describe('the profile of a user', () => {
  const told = {
    name: 'Mara Vogt',
    email: 'Mara@Acme.Example',
    email_verified: true,
    picture: 'https://a.example/m.png',
  };

  it('is what the first token says', async () => {
    const user = await who(mintOther({ sub: aSubject(), ...told }));

    expect(user).toMatchObject({ name: told.name, picture: told.picture, email: 'mara@acme.example' });
  });

  it('is taken again once it differs, at most once an hour, and not forgotten by a token that says nothing', async () => {
    const sub = aSubject();
    const { id } = await who(mintOther({ sub, name: 'Before' }));
    const later = anotherInstance({ clock: () => new Date(Date.now() + 3_700_000) });
    const name = async (claims: object, of = ask) => {
      const { data } = await of(query, {}, { token: await mintOther({ sub, ...claims }) });
      return data?.caller.user?.name;
    };

    expect(await name({ name: 'Too soon' })).toBe('Before');
    expect(await name({ name: 'Later' }, later.ask)).toBe('Later');
    await heard();
    expect(await name({})).toBe('Later');
    expect((await db.user.findUniqueOrThrow({ where: { id } })).name).toBe('Later');
  });

  it('has an address for the user alone', async () => {
    const organization = [`addresses-${crypto.randomUUID()}`];
    const token = (sub: string) => mintOther({ sub, ...told, organization }, third);
    const [first, second] = [aSubject(), aSubject()];
    const { id } = await who(token(first));
    const { memberships } = await who(token(second));
    const organizationId = memberships[0]?.organization.id ?? '';

    const { data } = await ask(AskMembers, { organizationId }, { token: await token(second) });

    const seen = data?.organization?.members.edges.map(({ node: { user } }) => [user.id === id, user.name, user.email]);
    expect(seen?.toSorted()).toEqual([
      [false, 'Mara Vogt', 'mara@acme.example'],
      [true, 'Mara Vogt', null],
    ]);
  });

  it('is filled in at once where it was empty', async () => {
    const sub = aSubject();
    const { id } = await who(mintOther({ sub }));
    const { email: _, ...withoutAddress } = told;

    expect(await who(mintOther({ sub, ...withoutAddress }))).toMatchObject({ id, name: told.name, email: null });
    expect(await who(mintOther({ sub, ...told, name: 'Too soon' }))).toMatchObject({
      name: told.name,
      email: 'mara@acme.example',
    });
    expect(await db.user.findUnique({ where: { id } })).toMatchObject({ name: told.name, email: 'mara@acme.example' });
  });

  it('has no address that was not verified, and no picture that is no URL', async () => {
    const { email_verified: _, ...unverified } = told;

    expect((await who(mintOther({ sub: aSubject(), ...unverified }))).email).toBe(null);
    expect((await who(mintOther({ sub: aSubject(), ...told, email_verified: 'false' }))).email).toBe(null);
    // The lower case of the Kelvin sign is a k.
    expect((await who(mintOther({ sub: aSubject(), ...told, email: 'mi\u{212a}E@a.example' }))).email).toBe(
      'mi\u{212a}e@a.example',
    );
    expect((await who(mintOther({ sub: aSubject(), picture: 'javascript:alert(1)' }))).picture).toBe(null);
    expect((await who(mintOther({ sub: aSubject(), name: 'a\u0000b' }))).name).toBe(null);
  });
});

describe('teams of a token', () => {
  const teamsOf = (userId: string) =>
    db.team.findMany({ where: { members: { some: { userId } } }, orderBy: { name: 'asc' }, select: { name: true } });

  it('are those of the user in the organization of the token, as the newest token says', async () => {
    const [sub, organization] = [aSubject(), ['team-1']];
    const tokens = (iat: number, groups: string[]) => mintOther({ sub, organization, groups, iat });

    const { id } = await who(tokens(1, ['Research', '/ops', 'Research', 'ünï']));
    expect(await teamsOf(id)).toEqual([{ name: '/ops' }, { name: 'Research' }, { name: 'ünï' }]);
    await who(tokens(2, ['Research']));
    expect(await teamsOf(id)).toEqual([{ name: 'Research' }]);
    await who(tokens(3, []));
    expect(await teamsOf(id)).toEqual([]);
    await who(tokens(2, ['Research']));
    expect(await teamsOf(id)).toEqual([]);
  });

  it('are written once, though tokens that say others are sent in turn, to several instances', async () => {
    const [sub, organization] = [aSubject(), ['team-4']];
    const second = anotherInstance();
    await vi.waitUntil(() => second.lease.isHeld, { timeout: 10_000 });
    const tokens = [
      await mintOther({ sub, organization, groups: ['new'], iat: 2 }),
      await mintOther({ sub, organization, groups: ['old'], iat: 1 }),
      await mintOther({ sub, organization, groups: ['same moment'], iat: 2 }),
    ];
    const round = async (of: Pick<typeof second, 'ask' | 'takeStatements'>) => {
      for (const token of tokens) await of.ask(AskKind, {}, { token, once: true });
      await heard();
    };
    for (const instance of [first, second, first, second]) await round(instance);
    for (const instance of [first, second]) instance.takeStatements();

    for (const instance of [first, second]) await round(instance);

    expect([...first.takeStatements(), ...second.takeStatements()]).toEqual([]);
    const { id } = await who(tokens[1] ?? '');
    expect(await teamsOf(id)).toEqual([{ name: 'new' }]);
  });

  it('are none where the token names none, and those of before where they are to be fetched somewhere else', async () => {
    const [sub, organization] = [aSubject(), ['team-3']];
    let iat = 0;
    const teamsAfter = async (claims: object) => {
      iat += 1;
      return teamsOf((await who(mintOther({ sub, organization, iat, ...claims }))).id);
    };
    const tooMany = {
      _claim_names: { groups: 'src1' },
      _claim_sources: { src1: { endpoint: 'https://graph.example' } },
    };

    expect(await teamsAfter({ groups: ['Research'] })).toEqual([{ name: 'Research' }]);
    expect(await teamsAfter(tooMany)).toEqual([{ name: 'Research' }]);
    expect(await teamsAfter({ hasgroups: true })).toEqual([{ name: 'Research' }]);
    expect(await teamsAfter({ _claim_names: { other: 'src1' }, hasgroups: false })).toEqual([]);
  });

  it('are refused where they are no list of names', async () => {
    const { status } = await ask(
      query,
      {},
      { token: await mintOther({ sub: aSubject(), organization: 'x', groups: [7] }) },
    );

    expect([status, logLines().at(-1)?.reason]).toEqual([401, 'TOKEN_ORGANIZATION']);
  });

  it('are shared by those whose tokens name them, also at once', async () => {
    const organization = ['team-2'];
    const callers = await Promise.all(
      Array.from({ length: 8 }, async () => who(mintOther({ sub: aSubject(), organization, groups: ['all', 'some'] }))),
    );

    const organizationId = callers[0]?.memberships[0]?.organization.id ?? '';
    const teams = await db.team.findMany({ where: { organizationId }, include: { members: true } });
    expect(teams.map(({ name, members }) => [name, members.length]).toSorted()).toEqual([
      ['all', 8],
      ['some', 8],
    ]);
  });
});

describe('somebody who acts as somebody else', () => {
  const act = { sub: 'support|7' };

  it('is named in the history', async () => {
    const token = await mintOther({ sub: aSubject(), act, organization: ['acted'], realm_access: { roles: ['boss'] } });
    const { memberships } = await who(token);
    const organizationId = memberships[0]?.organization.id ?? '';

    await ask(UpdateSettings, { input: { organizationId, disabledModels: ['gpt-4o'] } }, { token });

    expect(await db.revision.findFirst({ where: { organizationId } })).toMatchObject({ impersonatedBy: act.sub });
  });

  it('is named in the first entry too, of an organization that the sign-in makes', async () => {
    const organization = [`acted-${crypto.randomUUID()}`];
    const { id, memberships } = await who(mintOther({ sub: aSubject(), act, organization }, third));

    const entries = await db.revision.findMany({ where: { organizationId: memberships[0]?.organization.id ?? '' } });
    expect(entries).toMatchObject([{ action: 'ORGANIZATION_CREATED', actorId: id, impersonatedBy: act.sub }]);
  });

  it('is refused where that is set so, or where nobody is named', async () => {
    const strict = anotherInstance({ issuers: [{ ...other, refusesImpersonation: true }] });
    const token = await mintOther({ sub: aSubject(), act });
    const { status } = await strict.ask(query, {}, { token });
    expect([status, strict.logLines().at(-1)?.reason]).toEqual([401, 'TOKEN_IMPERSONATION']);

    const nobody = await ask(query, {}, { token: await mintOther({ sub: aSubject(), act: {} }) });
    expect([nobody.status, logLines().at(-1)?.reason]).toEqual([401, 'TOKEN_CLAIMS']);
  });
});

describe('one of several issuers', () => {
  it('is found by its name alone: its keys verify no tokens of another', async () => {
    const forged = await mintOther({ sub: 'usr_someone', iss: trustedIssuer.issuer });
    const unknown = await mintOther({ sub: 'x', iss: 'https://evil.example' });

    expect((await ask(query, {}, { token: forged })).status).toBe(401);
    expect(logLines().at(-1)?.reason).toBe('TOKEN_SIGNATURE');
    expect((await ask(query, {}, { token: unknown })).status).toBe(401);
    expect(logLines().at(-1)).toMatchObject({ reason: 'TOKEN_ISSUER', mismatch: { said: 'https://evil.example' } });
  });

  it('is not found by a name that is nested deeply', async () => {
    const iss = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    const parts = ['{"alg":"ES256","kid":"test"}', `{"iss":${iss}}`].map((part) =>
      Buffer.from(part).toString('base64url'),
    );

    expect((await ask(query, {}, { token: `${parts.join('.')}.AAAA` })).status).toBe(401);
    expect(logLines().at(-1)?.reason).toBe('TOKEN_MALFORMED');
  });

  it('may say to whom its tokens are issued', async () => {
    const strict = anotherInstance({ issuers: [{ ...other, authorizedParties: ['web'] }] });
    const status = async (claims: object) =>
      (await strict.ask(query, {}, { token: await mintOther({ sub: aSubject(), ...claims }) })).status;

    expect([await status({ azp: 'web' }), await status({ azp: 'evil' }), await status({})]).toEqual([200, 401, 401]);
    expect([await status({ azp: ['web'] }), await status({ azp: { toString: 1 } })]).toEqual([401, 401]);
  });
});

describe('the statements of a sign-in', () => {
  it('are two for somebody new, one for who is known to the database alone, and none for who signs in again', async () => {
    const service = anotherInstance();
    await vi.waitUntil(() => service.lease.isHeld, { timeout: 10_000 });
    const sub = aSubject();
    const signIn = async (of: typeof service, claims = {}) => {
      of.takeStatements();
      await of.ask(AskKind, {}, { token: await mintOther({ sub, name: 'Mara', ...claims }) });
      return of.takeStatements().length;
    };

    expect(await signIn(service)).toBe(2);
    expect(await signIn(anotherInstance())).toBe(1);
    await signIn(service);
    expect(await signIn(service)).toBe(0);
    expect(await signIn(service, { organization: ['statements'], groups: ['a', 'b'], iat: 1 })).toBe(3);
    expect(await signIn(anotherInstance(), { organization: ['statements'], groups: ['b', 'a'] })).toBe(1);
  });
});
