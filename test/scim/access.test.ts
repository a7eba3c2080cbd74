import { describe, expect, it } from 'vitest';
import { mint, tokenOf } from '../kit/issuer.ts';
import { anApiKey } from '../kit/keys.ts';
import { aDirectory, aScimUser, directoryOf, errorUrn, patch, RevokeScimToken } from '../kit/scim.ts';
import { startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';

const service = await startService();
const { ask, db } = service;

/** One request of each kind, on a user and a group. */
const requests = (userId: string, groupId: string): [string, string, unknown?][] => [
  ['GET', '/ServiceProviderConfig'],
  ['GET', '/ResourceTypes'],
  ['GET', '/Schemas'],
  ['GET', '/Users'],
  ['POST', '/Users', aScimUser()],
  ['GET', `/Users/${userId}`],
  ['PUT', `/Users/${userId}`, aScimUser()],
  ['PATCH', `/Users/${userId}`, patch({ op: 'replace', path: 'active', value: false })],
  ['DELETE', `/Users/${userId}`],
  ['GET', '/Groups'],
  ['POST', '/Groups', { displayName: 'x' }],
  ['GET', `/Groups/${groupId}`],
  ['PUT', `/Groups/${groupId}`, { displayName: 'x' }],
  ['PATCH', `/Groups/${groupId}`, patch({ op: 'replace', path: 'displayName', value: 'x' })],
  ['DELETE', `/Groups/${groupId}`],
];

async function aFullDirectory() {
  const directory = await aDirectory(service);
  const user = await directory.send('POST', '/Users', aScimUser());
  const group = await directory.send('POST', '/Groups', { displayName: 'Group', members: [{ value: user.body.id }] });
  return { ...directory, userId: user.body.id as string, groupId: group.body.id as string };
}

const stateOf = async ({ id: organizationId }: { id: string }) => {
  const where = { where: { organizationId } };
  return JSON.stringify([
    await db.organization.findUnique({ where: { id: organizationId } }),
    await db.scimUser.findMany(where),
    await db.team.findMany(where),
    await db.teamMember.findMany(where),
    await db.membership.findMany(where),
  ]);
};

describe('whoever has no SCIM token', () => {
  it.each([
    ['nothing', async () => ''],
    ['a wrong secret', async () => `scim_${'x'.repeat(43)}`],
    ['a malformed secret', async () => 'scim_x'],
    ["an owner's token", async (world: Awaited<ReturnType<typeof service.aWorld>>) => tokenOf(world.owner)],
    ['a token of nobody', async () => mint({})],
    [
      'an API key',
      async (world: Awaited<ReturnType<typeof service.aWorld>>) =>
        (await anApiKey(service, world, ['READ', 'SETTINGS_WRITE'])).token,
    ],
  ])('is refused with %s, in the form of SCIM, and changes nothing', async (_, credential) => {
    const { world, userId, groupId } = await aFullDirectory();
    const send = directoryOf(service, await credential(world));
    const before = await stateOf(world.organization);

    for (const [method, path, body] of requests(userId, groupId)) {
      const refused = await send(method, path, body);
      expect(refused).toMatchObject({ status: 401, body: { schemas: [errorUrn], status: '401' } });
      expect(refused.headers.get('content-type')).toBe('application/scim+json');
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    }
    expect(await stateOf(world.organization)).toBe(before);
  });

  it('is refused once the token is revoked', async () => {
    const { world, token, send } = await aFullDirectory();
    const input = { organizationId: world.organization.id, scimTokenId: token.id };
    await ask(RevokeScimToken, { input }, { as: world.owner });

    expect(await send('GET', '/Users')).toMatchObject({ status: 401 });
    expect(await send('POST', '/Users', aScimUser())).toMatchObject({ status: 401 });
  });
});

describe('the token of another organization', () => {
  it('finds nothing of this one, and is told the same as of what is not there', async () => {
    const { world, userId, groupId } = await aFullDirectory();
    const other = await aDirectory(service);
    const before = await stateOf(world.organization);
    const ofOne = (path: string) => path.includes('usr_') || path.includes('team_');

    for (const [method, path, body] of requests(userId, groupId).filter(([, path]) => ofOne(path))) {
      const found = await other.send(method, path, body);
      const absent = await other.send(method, path.replace(/(usr|team)_.*/, '$1_absent'), body);
      expect(found.status).toBe(404);
      expect(found.body).toEqual(absent.body);
    }
    expect((await other.send('GET', '/Users')).body.totalResults).toBe(0);
    expect((await other.send('GET', '/Groups')).body.totalResults).toBe(0);
    expect(await stateOf(world.organization)).toBe(before);
  });

  it('cannot put the users of this one in a group', async () => {
    const { userId } = await aFullDirectory();
    const other = await aDirectory(service);
    const group = await other.send('POST', '/Groups', { displayName: 'Group' });
    const add = (value: string) =>
      other.send('PATCH', `/Groups/${group.body.id}`, patch({ op: 'add', path: 'members', value: [{ value }] }));

    const [found, absent] = [await add(userId), await add('usr_absent')];

    expect(found).toMatchObject({ status: 400, body: { scimType: 'invalidValue' } });
    expect(found.body.detail.replace(userId, '-')).toBe(absent.body.detail.replace('usr_absent', '-'));
    expect(await db.teamMember.count({ where: { teamId: group.body.id } })).toBe(0);
  });

  it('has users of its own: the same person may be in both', async () => {
    const [one, other] = [await aDirectory(service), await aDirectory(service)];
    const user = aScimUser({ displayName: 'One' });

    const first = await one.send('POST', '/Users', user);
    const second = await other.send('POST', '/Users', { ...user, displayName: 'Other' });

    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.id).toBe(first.body.id);
    expect((await one.send('GET', `/Users/${first.body.id}`)).body.displayName).toBe('One');
    // Of the person itself the name stays: one organization does not rename the people of another.
    await one.send('PATCH', `/Users/${first.body.id}`, patch({ op: 'replace', value: { active: false } }));
    await other.send('PATCH', `/Users/${first.body.id}`, patch({ op: 'replace', value: { displayName: 'Third' } }));
    expect(await db.user.findUnique({ where: { id: first.body.id } })).toMatchObject({ name: 'One' });
  });
});

describe('a directory', () => {
  it('does not see members and teams that it does not keep', async () => {
    const { world, send } = await aDirectory(service);
    const team = await aTeam(db, world.organization, { source: 'CLAIMS', members: [world.member] });

    expect((await send('GET', '/Users')).body.totalResults).toBe(0);
    expect((await send('GET', '/Groups')).body.totalResults).toBe(0);
    expect(await send('GET', `/Users/${world.member.id}`)).toMatchObject({ status: 404 });
    expect(await send('DELETE', `/Groups/${team.id}`)).toMatchObject({ status: 404 });
  });

  it('is the actor of what it changes, and no personal data is in the ledger', async () => {
    const { world, token, send } = await aDirectory(service);
    const { body } = await send('POST', '/Users', aScimUser({ displayName: 'Nadia Haddad' }));
    await send(
      'PATCH',
      `/Users/${body.id}`,
      patch({ op: 'replace', value: { displayName: 'Nadia H.', active: false } }),
    );
    await send('POST', '/Groups', { displayName: 'Research', members: [{ value: body.id }] });

    const { data } = await ask<{ organization: { revisions: { edges: { node: object }[] } } }, { id: string }>(
      `query ($id: ID!) { organization(id: $id) { revisions(first: 3) { edges { node {
        action subjectId actor { id } actorApiKeyId actorScimTokenId changes { field added removed } } } } } }`,
      { id: world.organization.id },
      { as: world.owner },
    );

    const by = { actor: null, actorApiKeyId: null, actorScimTokenId: token.id };
    expect(data?.organization.revisions.edges.map(({ node }) => node)).toEqual([
      {
        ...by,
        action: 'TEAM_CREATED',
        subjectId: expect.stringMatching(/^team_/),
        changes: [
          { field: 'members', added: [body.id], removed: [] },
          { field: 'name', added: ['Research'], removed: [] },
        ],
      },
      {
        ...by,
        action: 'MEMBER_REMOVED',
        subjectId: body.id,
        changes: [
          { field: 'active', added: ['false'], removed: ['true'] },
          { field: 'attributes', added: ['active', 'displayName'], removed: [] },
          { field: 'role', added: [], removed: ['MEMBER'] },
        ],
      },
      {
        ...by,
        action: 'MEMBER_ADDED',
        subjectId: body.id,
        changes: [
          { field: 'active', added: ['true'], removed: [] },
          { field: 'role', added: ['MEMBER'], removed: [] },
        ],
      },
    ]);
    const ledger = JSON.stringify(await db.revision.findMany({ where: { organizationId: world.organization.id } }));
    expect(ledger).not.toMatch(/Nadia|@example.com|subject-/);
    expect(JSON.stringify(service.logLines())).not.toMatch(/Nadia|person\d+@example.com/);
  });
});
