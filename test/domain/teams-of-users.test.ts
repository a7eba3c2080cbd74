import { typeid } from 'typeid-js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defaultMapping } from '../../src/auth/presets.ts';
import { Dependencies, TrackedDatabase } from '../../src/cache/dependencies.ts';
import { createDatabase } from '../../src/database/pool/client.ts';
import { createTeamLoaders } from '../../src/domain/teams/team-loaders.ts';
import { startRelay } from '../commands/relay.ts';
import { mint, trustedIssuer } from '../kit/issuer.ts';
import { aDirectory, aScimUser, patch } from '../kit/scim.ts';
import { type Service, startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';

const issuer = { ...trustedIssuer, mapping: { ...defaultMapping, teamsClaim: 'groups' } };
const here = await startService({ issuers: [issuer] });
const { ask, aWorld, anotherInstance, database, db, heard, tags } = here;

/** The loader of one request, and whether what it has read is still current. */
function aLoader(of: Pick<Service, 'tags'> = { tags }, source = db) {
  const dependencies = new Dependencies();
  const { ofUsers } = createTeamLoaders(new TrackedDatabase(source, of.tags, dependencies), () => ({
    organizationIds: [],
  }));
  return {
    ofUsers,
    isCurrent: () => dependencies.isCacheable && [...dependencies.tags].every(({ isCurrent }) => isCurrent),
  };
}

const WhoAmI = 'query { caller { kind } }';
const tokenWith = (sub: string, { id }: { id: string }, groups: string[], iat: number) =>
  mint({ sub, v: 2, o: { id, rol: 'member' }, groups, iat });

describe('the teams of users', () => {
  it('are read by one statement for many users of several organizations, each with those of that organization', async () => {
    const { organization, owner, member, stranger, foreignOrganization } = await aWorld();
    const both = await aTeam(db, organization, { source: 'SCIM', members: [owner, member] });
    const one = await aTeam(db, organization, { source: 'CLAIMS', members: [member] });
    const foreign = await aTeam(db, foreignOrganization, { members: [stranger, member] });
    const statements: string[] = [];
    const counted = createDatabase(database.url, { onQuery: (sql) => void statements.push(sql) });
    onTestFinished(() => counted.$disconnect());
    const { ofUsers } = aLoader(here, counted);
    const teamsOf = ({ id: userId }: { id: string }, { id: organizationId }: { id: string }) =>
      ofUsers.load({ organizationId, userId });

    const found = await Promise.all([
      teamsOf(member, organization),
      teamsOf(owner, organization),
      teamsOf(member, foreignOrganization),
      teamsOf(stranger, organization),
      teamsOf({ id: 'usr_absent' }, { id: 'org_absent' }),
      teamsOf(member, organization),
    ]);

    const ofMember = [both.id, one.id].sort();
    expect(found).toEqual([ofMember, [both.id], [foreign.id], [], [], ofMember]);
    expect(statements).toHaveLength(1);
  });

  it('are none where the directory has deactivated the user, and those of before when it is active again', async () => {
    const { world, send } = await aDirectory(here);
    const { organization } = world;
    const { body: user } = await send('POST', '/Users', aScimUser());
    const { id: teamId } = await aTeam(db, organization, { source: 'SCIM', members: [user] });
    const key = { organizationId: organization.id, userId: user.id as string };
    const found = [];

    for (const active of [true, false, true]) {
      await send('PATCH', `/Users/${user.id}`, patch({ op: 'replace', value: { active } }));
      found.push(await aLoader().ofUsers.load(key));
    }

    expect(found).toEqual([[teamId], [], [teamId]]);
  });
});

describe('what was read of the teams of a user', () => {
  it.each<[string, (given: { organization: { id: string }; userId: string }) => Promise<unknown>]>([
    ['by SQL', async ({ organization, userId }) => aTeam(db, organization, { members: [{ id: userId }] })],
    [
      'by a token',
      async ({ organization, userId }) =>
        ask(WhoAmI, {}, { token: await tokenWith(userId, organization, ['Research'], 2) }),
    ],
  ])('is no longer current in any process once they have changed %s', async (_, change) => {
    const there = anotherInstance();
    await expect.poll(() => there.lease.isHeld).toBe(true);
    const { organization, member } = await aWorld();
    const key = { organizationId: organization.id, userId: member.id };
    const read = async (of: Service) => {
      const loader = aLoader(of);
      return { teams: await loader.ofUsers.load(key), isCurrent: loader.isCurrent };
    };
    const before = [await read(here), await read(there)];
    const wasCurrent = before.map(({ isCurrent }) => isCurrent());

    await change({ organization, userId: member.id });
    await heard();

    expect(wasCurrent).toEqual([true, true]);
    expect(before.map(({ isCurrent }) => isCurrent())).toEqual([false, false]);
    expect((await read(there)).teams).toHaveLength(1);
  });

  describe('is no longer current when a sign-in has changed them, though nothing was heard of it', () => {
    const signIn = (of: Service, token: string) => of.ask(WhoAmI, {}, { token, once: true });

    /** An instance that hears nothing any more, and knows this user by its first token; the tag that it was cached under. */
    async function aDeafInstance(token: (id: string, of: { id: string }) => Promise<string>) {
      const relay = await startRelay(database.url);
      const deaf = anotherInstance({ feedUrl: relay.url });
      await expect.poll(() => deaf.lease.isHeld).toBe(true);
      const { organization } = await aWorld();
      const userId = typeid('usr').toString();
      const known = await token(userId, organization);
      await signIn(deaf, known);
      await heard();
      for (let round = 0; round < 2; round += 1) await signIn(deaf, known);
      relay.cut();
      const says = (groups: string[], iat: number) => tokenWith(userId, organization, groups, iat);
      return { deaf, known, says, tag: () => deaf.tags.take(userId) };
    }

    it('here, or in another process', async () => {
      const { deaf, known, says, tag } = await aDeafInstance((id, organization) =>
        tokenWith(id, organization, ['A'], 1),
      );
      const [second, third] = [await says(['B'], 2), await says([], 3)];
      const first = tag();

      await signIn(deaf, known);
      const afterTheSame = first.isCurrent;
      await signIn(deaf, second);
      const afterItsOwn = first.isCurrent;
      await signIn(deaf, second);
      const next = tag();
      const isKnownAgain = next.isCurrent;
      await signIn(here, third);
      await signIn(deaf, third);

      expect([afterTheSame, afterItsOwn]).toEqual([true, false]);
      expect([isKnownAgain, next.isCurrent]).toEqual([true, false]);
    });

    it('where the user was known by a token that names no organization', async () => {
      const { deaf, known, says, tag } = await aDeafInstance((sub) => mint({ sub }));
      const said = await says(['A'], 1);
      const first = tag();

      await signIn(deaf, known);
      const afterTheSame = first.isCurrent;
      await signIn(deaf, said);

      expect([afterTheSame, first.isCurrent]).toEqual([true, false]);
    });
  });
});
