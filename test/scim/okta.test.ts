import { describe, expect, it } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { aDirectory, filtered, groupUrn, patch, userUrn } from '../kit/scim.ts';
import { startService } from '../kit/service.ts';

// The requests of "SCIM 2.0 Protocol Reference" (https://developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20), in the order
// in which Okta sends them.

const service = await startService();
const { ask, db } = service;

const profile = {
  schemas: [userUrn],
  userName: 'test.user@okta.local',
  name: { givenName: 'Test', familyName: 'User' },
  emails: [{ primary: true, value: 'test.user@okta.local', type: 'work' }],
  displayName: 'Test User',
  locale: 'en-US',
  externalId: '00ujl29u0le5T6Aj10h7',
  groups: [],
  password: '1mz050nq',
  active: true,
};

const lookUp = filtered('userName eq "test.user@okta.local"', '&startIndex=1&count=100');

describe('Okta', () => {
  it('looks for a user, creates it, changes it, deactivates it and activates it again', async () => {
    const { world, send } = await aDirectory(service);
    const organizationId = world.organization.id;

    const none = await send('GET', `/Users${lookUp}`);
    const created = await send('POST', '/Users', profile);
    const { id } = created.body;
    const found = await send('GET', `/Users${lookUp}`);

    expect(none).toMatchObject({
      status: 200,
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: 0,
        startIndex: 1,
        itemsPerPage: 0,
        Resources: [],
      },
    });
    expect(created.status).toBe(201);
    expect(created.headers.get('content-type')).toBe('application/scim+json');
    const { password: _, groups: __, ...shown } = profile;
    expect(created.body).toEqual({
      ...shown,
      id: expect.stringMatching(/^usr_/),
      meta: {
        resourceType: 'User',
        created: expect.stringMatching(/Z$/),
        lastModified: created.body.meta.created,
        location: `/scim/v2/Users/${id}`,
        version: 'W/"1"',
      },
    });
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [created.body] });
    expect(
      await db.membership.findUnique({ where: { organizationId_userId: { organizationId, userId: id } } }),
    ).toMatchObject({ role: 'MEMBER' });

    // An integration of the wizard sends PUT for everything, without the externalId that it was created with.
    const { externalId: ___, ...replacing } = profile;
    const replaced = await send('PUT', `/Users/${id}`, {
      ...replacing,
      id,
      name: { givenName: 'Another', middleName: 'Excited', familyName: 'User' },
      meta: { resourceType: 'User' },
    });
    expect(replaced).toMatchObject({
      status: 200,
      body: { id, externalId: profile.externalId, name: { givenName: 'Another', middleName: 'Excited' }, active: true },
    });

    const deactivated = await send('PATCH', `/Users/${id}`, patch({ op: 'replace', value: { active: false } }));
    expect(deactivated).toMatchObject({ status: 200, body: { id, active: false, displayName: 'Test User' } });
    expect(await db.membership.count({ where: { organizationId, userId: id } })).toBe(0);

    const activated = await send('PUT', `/Users/${id}`, { ...replacing, id, active: true });
    expect(activated).toMatchObject({ status: 200, body: { active: true } });
    expect(await db.membership.count({ where: { organizationId, userId: id } })).toBe(1);
  });

  it('creates the user who signs in with its externalId', async () => {
    const { world, send } = await aDirectory(service);
    const { body } = await send('POST', '/Users', { ...profile, externalId: '00u-signs-in' });

    const { data } = await ask<{ caller: object }, Record<string, never>>(
      '{ caller { user { id name } memberships { role organization { id } } } }',
      {},
      { token: await mint({ sub: '00u-signs-in' }) },
    );

    expect(data?.caller).toEqual({
      user: { id: body.id, name: 'Test User' },
      memberships: [{ role: 'MEMBER', organization: { id: world.organization.id } }],
    });
  });

  it('deactivates a user whom the one process that there is remembers', async () => {
    const { world, send } = await aDirectory(service);
    const { body } = await send('POST', '/Users', { ...profile, externalId: '00u-remembered' });
    await service.heard();
    const token = await mint({ sub: '00u-remembered', v: 2, o: { id: world.organization.id, rol: 'admin' } });
    const told = async () => {
      const query = 'query ($id: ID!) { organizationModelSettings(organizationId: $id) { revision } }';
      const { errors } = await ask(query, { id: world.organization.id }, { token });
      return errors?.[0]?.extensions.code ?? 'OK';
    };
    const before = [await told(), await told()];

    await send('PATCH', `/Users/${body.id}`, patch({ op: 'replace', value: { active: false } }));

    expect([...before, await told()]).toEqual(['OK', 'OK', 'ORGANIZATION_ACCESS_DENIED']);
  });

  it('is told of a user who is there already', async () => {
    const { send } = await aDirectory(service);
    await send('POST', '/Users', profile);

    const again = await send('POST', '/Users', { ...profile, externalId: 'other' });

    expect(again).toMatchObject({
      status: 409,
      body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: '409', scimType: 'uniqueness' },
    });
  });

  it('pushes a group, renames it, changes its members and deletes it', async () => {
    const { world, send } = await aDirectory(service);
    const ids: string[] = [];
    for (const name of ['one', 'other']) {
      const { body } = await send('POST', '/Users', { ...profile, userName: name, externalId: `okta-${name}` });
      ids.push(body.id);
    }

    const pushed = await send('POST', '/Groups', { schemas: [groupUrn], displayName: 'Test SCIMv2', members: [] });
    const { id } = pushed.body;
    const path = `/Groups/${id}`;
    expect(pushed).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^team_/), members: [] } });
    expect((await send('GET', '/Groups?startIndex=1&count=100')).body).toMatchObject({ Resources: [{ id }] });

    const renamed = await send('PATCH', path, patch({ op: 'replace', value: { id, displayName: 'Test SCIMv20' } }));
    expect(renamed).toMatchObject({ status: 200, body: { displayName: 'Test SCIMv20' } });

    const full = [ids[0], ids[1]].map((value) => ({ value, display: 'test.user@okta.local' }));
    await send('PATCH', path, patch({ op: 'replace', path: 'members', value: full }));
    expect(await membersIn(id)).toEqual([...ids].sort());
    const changed = await send(
      'PATCH',
      path,
      patch(
        { op: 'remove', path: `members[value eq "${ids[0]}"]` },
        { op: 'add', path: 'members', value: [{ value: ids[1], display: 'test.user@okta.local' }] },
      ),
    );
    expect(changed.body.members).toEqual([{ value: ids[1], display: 'other', type: 'User' }]);
    await send('PUT', path, { schemas: [groupUrn], displayName: 'Test SCIMv20', members: [{ value: ids[0] }] });
    expect(await membersIn(id)).toEqual([ids[0]]);

    expect(await send('DELETE', path)).toMatchObject({ status: 204, body: undefined });
    expect(await send('GET', path)).toMatchObject({ status: 404, body: { status: '404' } });
    const actions = await db.revision.findMany({
      where: { organizationId: world.organization.id, subjectId: id },
      orderBy: { number: 'asc' },
    });
    expect(actions.map(({ action }) => action)).toEqual([
      'TEAM_CREATED',
      'TEAM_UPDATED',
      'TEAM_UPDATED',
      'TEAM_UPDATED',
      'TEAM_UPDATED',
      'TEAM_DELETED',
    ]);
  });
});

async function membersIn(teamId: string) {
  const rows = await db.teamMember.findMany({ where: { teamId }, orderBy: { userId: 'asc' } });
  return rows.map(({ userId }) => userId);
}
