import { describe, expect, it } from 'vitest';
import { aDirectory, enterpriseUrn, filtered, groupUrn, patch, userUrn } from '../kit/scim.ts';
import { startService } from '../kit/service.ts';

// The requests of "Develop and plan provisioning for a SCIM endpoint"
// (https://learn.microsoft.com/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups), and of "Known issues with SCIM
// 2.0 protocol compliance" (https://learn.microsoft.com/entra/identity/app-provisioning/application-provisioning-config-problem-scim-compatibility),
// which has both forms of a PATCH: without and with the flag aadOptscim062020.

const service = await startService();
const { ask, db } = service;

const profile = {
  schemas: [userUrn, enterpriseUrn],
  externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
  userName: 'Test_User_00aa00aa-bb11-cc22-dd33-44ee44ee44ee',
  active: true,
  emails: [{ primary: true, type: 'work', value: 'test_user@testuser.com' }],
  meta: { resourceType: 'User' },
  name: { formatted: 'givenName familyName', familyName: 'familyName', givenName: 'givenName' },
  roles: [],
};

async function aUser(more: object = {}) {
  const directory = await aDirectory(service);
  const { body } = await directory.send('POST', '/Users', { ...profile, ...more });
  return { ...directory, id: body.id as string, path: `/Users/${body.id}` };
}

describe('Entra', () => {
  it('tests the connection, creates a user and finds it by each attribute that it matches', async () => {
    const { send } = await aDirectory(service);
    const query = (filter: string) => send('GET', `/Users${filtered(filter)}`);
    const test = await query('userName eq "non-existent user"');

    const created = await send('POST', '/Users', profile);

    expect(test).toMatchObject({ status: 200, body: { totalResults: 0, Resources: [] } });
    expect(created).toMatchObject({ status: 201, body: { userName: profile.userName, emails: profile.emails } });
    expect(await send('GET', `/Users/${created.body.id}`)).toMatchObject({ status: 200, body: created.body });
    for (const filter of [
      `userName eq "${profile.userName.toLowerCase()}"`,
      `externalId eq "${profile.externalId}"`,
      'emails[type eq "work"].value eq "Test_User@testuser.com"',
      `id eq "${created.body.id}" and userName eq "${profile.userName}"`,
    ]) {
      expect((await query(filter)).body).toMatchObject({ totalResults: 1, Resources: [{ id: created.body.id }] });
    }
    expect((await query('emails[type eq "home"].value eq "test_user@testuser.com"')).body.totalResults).toBe(0);
    expect(await send('GET', '/Users/5171a35d82074e068ce2')).toMatchObject({ status: 404 });
  });

  it('updates attributes one by one', async () => {
    const { send, path } = await aUser();

    const updated = await send(
      'PATCH',
      path,
      patch(
        { op: 'Replace', path: 'displayName', value: 'Pvlo' },
        { op: 'Replace', path: 'emails[type eq "work"].value', value: 'updatedEmail@microsoft.com' },
        { op: 'Replace', path: 'name.familyName', value: 'updatedFamilyName' },
        { op: 'Add', path: 'nickName', value: 'Babs' },
        { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555 0100' },
        { op: 'Add', path: `${enterpriseUrn}:employeeNumber`, value: 'Eqpj' },
        { op: 'Add', path: `${enterpriseUrn}:manager`, value: 'usr_manager' },
        { op: 'Replace', path: 'userName', value: '5b50642d@testuser.com' },
      ),
    );

    expect(updated).toMatchObject({
      status: 200,
      body: {
        schemas: [userUrn, enterpriseUrn],
        displayName: 'Pvlo',
        userName: '5b50642d@testuser.com',
        nickName: 'Babs',
        name: { formatted: 'givenName familyName', familyName: 'updatedFamilyName', givenName: 'givenName' },
        emails: [{ primary: true, type: 'work', value: 'updatedEmail@microsoft.com' }],
        phoneNumbers: [{ type: 'mobile', value: '+1 555 0100' }],
        [enterpriseUrn]: { employeeNumber: 'Eqpj', manager: { value: 'usr_manager' } },
        meta: { version: 'W/"2"' },
      },
    });
    const removed = await send(
      'PATCH',
      path,
      patch({ op: 'Remove', path: 'nickName' }, { op: 'Remove', path: 'phoneNumbers[type eq "mobile"].value' }),
    );
    expect(removed.body).not.toHaveProperty('nickName');
    expect(removed.body.phoneNumbers).toEqual([{ type: 'mobile' }]);
  });

  it('changes parts of a complex attribute, and some of several values', async () => {
    const emails = [
      { type: 'work', value: 'work@example.com' },
      { type: 'home', value: 'home@example.com' },
    ];
    const { send, path } = await aUser({ emails });

    const changed = await send(
      'PATCH',
      path,
      patch(
        { op: 'Replace', path: 'name', value: { givenName: 'Other' } },
        { op: 'Replace', path: 'emails[type eq "HOME"].value', value: 'new@example.com' },
        { op: 'Remove', path: 'emails', value: [{ value: 'work@example.com' }] },
      ),
    );

    expect(changed.body.name).toEqual({
      formatted: 'givenName familyName',
      familyName: 'familyName',
      givenName: 'Other',
    });
    expect(changed.body.emails).toEqual([{ type: 'home', value: 'new@example.com' }]);
  });

  it('updates several attributes by names in a value, with its flag', async () => {
    const { send, path } = await aUser();

    const updated = await send(
      'PATCH',
      path,
      patch(
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'TestMhvaes@test.microsoft.com' },
        {
          op: 'replace',
          value: {
            displayName: 'Bjfe',
            'name.givenName': 'Kkom',
            'name.familyName': 'Unua',
            [`${enterpriseUrn}:employeeNumber`]: 'Aklq',
          },
        },
      ),
    );

    expect(updated.body).toMatchObject({
      displayName: 'Bjfe',
      name: { givenName: 'Kkom', familyName: 'Unua' },
      emails: [{ value: 'TestMhvaes@test.microsoft.com' }],
      [enterpriseUrn]: { employeeNumber: 'Aklq' },
    });
  });

  it.each([
    [{ op: 'Replace', path: 'active', value: 'False' }],
    [{ op: 'Replace', path: 'active', value: false }],
    [{ op: 'replace', path: 'active', value: false }],
  ])('disables a user by %j, and restores it', async (operation) => {
    const { world, send, path, id } = await aUser();
    const isMember = () =>
      db.membership
        .count({ where: { organizationId: world.organization.id, userId: id } })
        .then((count) => count === 1);

    const disabled = await send('PATCH', path, patch(operation));
    const meanwhile = await isMember();
    const restored = await send('PATCH', path, patch({ ...operation, value: 'True' }));

    expect(disabled).toMatchObject({ status: 200, body: { active: false } });
    expect(meanwhile).toBe(false);
    expect(restored).toMatchObject({ status: 200, body: { active: true } });
    expect(await isMember()).toBe(true);
  });

  it('deletes a user, and creates it again', async () => {
    const { send, path, id } = await aUser();

    const deleted = await send('DELETE', path);
    const gone = [
      await send('GET', path),
      await send('DELETE', path),
      await send('PATCH', path, patch({ op: 'Remove', path: 'title' })),
    ];
    const again = await send('POST', '/Users', profile);

    expect(deleted).toMatchObject({ status: 204, body: undefined });
    expect(gone.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(again).toMatchObject({ status: 201, body: { id, userName: profile.userName } });
  });

  it('creates a group, finds it without its members, updates it and deletes it', async () => {
    const { send, id: userId, world } = await aUser();
    const group = {
      schemas: [groupUrn, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
      externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
      displayName: 'displayName',
      meta: { resourceType: 'Group' },
    };

    const created = await send('POST', '/Groups', group);
    const path = `/Groups/${created.body.id}`;
    const added = await send(
      'PATCH',
      path,
      patch({ op: 'Add', path: 'members', value: [{ $ref: null, value: userId }] }),
    );
    const found = await send(
      'GET',
      `/Groups${filtered('displayName eq "displayName"', '&excludedAttributes=members')}`,
    );
    const excluded = await send('GET', `${path}?excludedAttributes=members`);
    const isMember = filtered(`id eq "${created.body.id}" and members eq "${userId}"`, '&excludedAttributes=members');

    expect(created).toMatchObject({ status: 201, body: { externalId: group.externalId, displayName: 'displayName' } });
    expect(added.body.members).toMatchObject([{ value: userId }]);
    expect(found.body).toMatchObject({ totalResults: 1, Resources: [{ id: created.body.id }] });
    expect(found.body.Resources[0]).not.toHaveProperty('members');
    expect(excluded.body).not.toHaveProperty('members');
    expect((await send('GET', `/Groups${isMember}`)).body.totalResults).toBe(1);

    const renamed = await send('PATCH', path, patch({ op: 'Replace', path: 'displayName', value: '1879db59' }));
    expect(renamed).toMatchObject({ status: 200, body: { displayName: '1879db59' } });
    const teams = await ask<{ organization: object }, { id: string }>(
      'query ($id: ID!) { organization(id: $id) { teams { edges { node { name source } } } } }',
      { id: world.organization.id },
      { as: world.member },
    );
    expect(teams.data?.organization).toEqual({ teams: { edges: [{ node: { name: '1879db59', source: 'SCIM' } }] } });

    for (const removal of [
      { op: 'Remove', path: 'members', value: [{ $ref: null, value: userId }] },
      { op: 'remove', path: `members[value eq "${userId}"]` },
    ]) {
      await send('PATCH', path, patch({ op: 'Add', path: 'members', value: [{ value: userId }] }));
      expect((await send('PATCH', path, patch(removal))).body.members).toEqual([]);
    }
    expect(await send('DELETE', path)).toMatchObject({ status: 204 });
  });

  it('discovers the schemas', async () => {
    const { send } = await aDirectory(service);

    const { status, body } = await send('GET', '/Schemas');

    expect(status).toBe(200);
    expect(body.Resources.map(({ id }: { id: string }) => id)).toEqual([userUrn, enterpriseUrn, groupUrn]);
    const names = body.Resources[0].attributes.map(({ name }: { name: string }) => name);
    expect(names).toEqual(expect.arrayContaining(['userName', 'name', 'active', 'emails']));
    expect(JSON.stringify(body)).not.toContain('null');
  });
});
