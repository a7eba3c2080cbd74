import { describe, expect, it } from 'vitest';
import { mint, trustedIssuer } from '../kit/issuer.ts';
import { aDirectory, aScimToken, aScimUser, directoryOf, filtered, patch } from '../kit/scim.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { ask, db, takeStatements } = service;

const nameOf = async (id: string) => (await db.user.findUnique({ where: { id } }))?.name;

describe('two requests at a time', () => {
  it('make one user of one userName', async () => {
    const { send } = await aDirectory(service);
    const { userName } = aScimUser();

    const answers = await Promise.all(
      [1, 2, 3, 4].map((n) =>
        send('POST', '/Users', { userName: n % 2 ? userName : userName.toUpperCase(), externalId: `${userName}-${n}` }),
      ),
    );

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
    expect((await send('GET', '/Users')).body.totalResults).toBe(1);
  });

  it('make one user of one subject, also while it signs in for the first time', async () => {
    const { send, world } = await aDirectory(service);
    const { externalId } = aScimUser();
    const token = await mint({ sub: externalId });

    const [one, other] = await Promise.all([
      send('POST', '/Users', { userName: 'one', externalId }),
      send('POST', '/Users', { userName: 'other', externalId }),
      ...[1, 2, 3].map(() => ask('{ caller { kind } }', {}, { token })),
    ]);

    expect([one?.status, other?.status].toSorted()).toEqual([201, 409]);
    expect(await db.userIdentity.findMany({ where: { subject: externalId } })).toHaveLength(1);
    expect(await db.membership.count({ where: { organizationId: world.organization.id } })).toBe(4);
  });

  it('make one group of one name', async () => {
    const { send } = await aDirectory(service);

    const answers = await Promise.all([1, 2, 3].map(() => send('POST', '/Groups', { displayName: 'Same' })));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
  });
});

describe('a version', () => {
  it('is expected by If-Match, and told by ETag', async () => {
    const { send } = await aDirectory(service);
    const { body, headers } = await send('POST', '/Users', aScimUser());
    const path = `/Users/${body.id}`;
    const first = headers.get('etag') ?? '';
    const rename = (title: string, version: string) =>
      send('PATCH', path, patch({ op: 'add', path: 'title', value: title }), { 'if-match': version });

    const changed = await rename('One', first);
    const refused = await rename('Other', first);
    const gone = await send('DELETE', path, undefined, { 'if-match': 'nonsense' });
    const same = await send('GET', path, undefined, { 'if-none-match': changed.headers.get('etag') ?? '' });

    expect([first, changed.headers.get('etag')]).toEqual(['W/"1"', 'W/"2"']);
    expect(refused).toMatchObject({ status: 412, body: { status: '412' } });
    expect(gone.status).toBe(412);
    expect(same).toMatchObject({ status: 304, body: undefined });
    expect((await rename('Any', '*')).body).toMatchObject({ title: 'Any' });
  });

  it('stays where nothing changes, and no revision is made', async () => {
    const { send, world } = await aDirectory(service);
    const user = aScimUser({ displayName: 'Same', emails: [{ value: 'a@example.com', type: 'work' }] });
    const { body } = await send('POST', '/Users', user);
    const group = await send('POST', '/Groups', { displayName: 'Same', members: [{ value: body.id }] });
    const revision = async () => (await db.organization.findUnique({ where: { id: world.organization.id } }))?.revision;
    const before = await revision();

    const answers = [
      await send('PUT', `/Users/${body.id}`, user),
      await send('PATCH', `/Users/${body.id}`, patch({ op: 'Add', path: 'emails', value: user.emails })),
      await send('PATCH', `/Users/${body.id}`, patch({ op: 'Replace', path: 'active', value: 'True' })),
      await send(
        'PATCH',
        `/Groups/${group.body.id}`,
        patch({ op: 'Add', path: 'members', value: [{ value: body.id }] }),
      ),
      await send(
        'PATCH',
        `/Groups/${group.body.id}`,
        patch({ op: 'Remove', path: 'members', value: [{ value: 'usr_absent' }] }),
      ),
    ];

    expect(answers.map((answer) => answer.headers.get('etag'))).toEqual(Array(5).fill('W/"1"'));
    expect(await revision()).toBe(before);
  });
});

describe('the subject', () => {
  it('may be the userName, which cannot be changed then', async () => {
    const { send, world } = await aDirectory(service, { subjectAttribute: 'USER_NAME' });
    const { body } = await send('POST', '/Users', { userName: 'subject-by-name' });

    const { data } = await ask<{ caller: object }, Record<string, never>>(
      '{ caller { user { id } memberships { organization { id } } } }',
      {},
      { token: await mint({ sub: 'subject-by-name' }) },
    );
    const renamed = await send('PATCH', `/Users/${body.id}`, patch({ op: 'replace', path: 'userName', value: 'x' }));

    expect(data?.caller).toEqual({
      user: { id: body.id },
      memberships: [{ organization: { id: world.organization.id } }],
    });
    expect(renamed).toMatchObject({ status: 400, body: { scimType: 'mutability' } });
  });

  it('that is an id of ours is the id, where the issuer keeps ids, and else a name as any other', async () => {
    const other = service.anotherInstance({ issuers: [{ ...trustedIssuer, keepsIds: false }] });
    const { send, token } = await aDirectory(service);
    const [one, two] = [1, 2].map((n) => ({ ...aScimUser(), externalId: `usr_subject${n}` }));

    const kept = await send('POST', '/Users', one);
    const named = await directoryOf(other, token.secret)('POST', '/Users', two);

    expect(kept.body.id).toBe(one?.externalId);
    expect(named.body.id).toMatch(/^usr_(?!subject)/);
  });

  it('of a user who has signed in before is that user', async () => {
    const { send } = await aDirectory(service);
    const { externalId, userName } = aScimUser();
    const asking = { token: await mint({ sub: externalId, name: 'Nadia Haddad' }) };
    const { data } = await ask<{ caller: { user: { id: string } } }, Record<string, never>>(
      '{ caller { user { id } } }',
      {},
      asking,
    );

    const { body } = await send('POST', '/Users', { userName, externalId, displayName: 'Somebody' });

    expect(body.id).toBe(data?.caller.user.id);
    // What a token tells counts for more.
    expect(await nameOf(body.id)).toBe('Nadia Haddad');
  });
});

describe('the name of a person', () => {
  it('follows the directory until the person signs in', async () => {
    const { send } = await aDirectory(service);
    const user = aScimUser({ name: { givenName: 'Nadia', familyName: 'Haddad' } });
    const { body } = await send('POST', '/Users', user);
    const first = await nameOf(body.id);
    await send('PATCH', `/Users/${body.id}`, patch({ op: 'add', path: 'displayName', value: 'Nadia H.' }));
    const second = await nameOf(body.id);

    await ask('{ caller { kind } }', {}, { token: await mint({ sub: user.externalId, name: 'Nadia of the token' }) });
    await send('PATCH', `/Users/${body.id}`, patch({ op: 'add', path: 'displayName', value: 'Other' }));

    expect([first, second, await nameOf(body.id)]).toEqual(['Nadia Haddad', 'Nadia H.', 'Nadia of the token']);
  });
});

describe('a list', () => {
  it('has pages by place, in one order, and takes no more statements for more rows', async () => {
    const { send } = await aDirectory(service);
    const ids = [];
    for (let n = 0; n < 5; n += 1) ids.push((await send('POST', '/Users', aScimUser({ title: 'x' }))).body.id);
    const page = async (query: string) => {
      const { body } = await send('GET', `/Users?${query}`);
      return { ...body, Resources: body.Resources.map(({ id }: { id: string }) => id) };
    };

    expect(await page('startIndex=2&count=2')).toMatchObject({
      totalResults: 5,
      startIndex: 2,
      itemsPerPage: 2,
      Resources: ids.slice(1, 3),
    });
    expect(await page('startIndex=0&count=-1')).toMatchObject({ totalResults: 5, startIndex: 1, Resources: [] });
    expect(await page('startIndex=6')).toMatchObject({ totalResults: 5, itemsPerPage: 0, Resources: [] });
    expect(await page('count=1000')).toMatchObject({ itemsPerPage: 5, Resources: ids });
    const statementsFor = async (path: string) => {
      takeStatements();
      await send('GET', path);
      return takeStatements().length;
    };
    expect(await statementsFor('/Users?count=5')).toBe(await statementsFor('/Users?count=1'));
    for (const value of ids) await send('POST', '/Groups', { displayName: `Group ${value}`, members: [{ value }] });
    expect(await statementsFor('/Groups?count=5')).toBe(await statementsFor('/Groups?count=1'));
    expect(await statementsFor('/Groups?count=5&excludedAttributes=members')).toBe(3);
  });

  it('has the attributes that are asked for', async () => {
    const { send } = await aDirectory(service);
    const user = aScimUser({ title: 'Analyst', name: { givenName: 'Nadia' }, emails: [{ value: 'n@example.com' }] });
    const { body } = await send('POST', '/Users', user);
    const fieldsOf = async (path: string) => Object.keys((await send('GET', path)).body).toSorted();

    expect(await fieldsOf(`/Users/${body.id}?attributes=name.givenName,TITLE`)).toEqual([
      'id',
      'name',
      'schemas',
      'title',
    ]);
    expect(await fieldsOf(`/Users/${body.id}?excludedAttributes=emails, meta,id`)).toEqual(
      ['active', 'externalId', 'id', 'name', 'schemas', 'title', 'userName'].toSorted(),
    );
    const [listed] = (await send('GET', `/Users${filtered(`id eq "${body.id}"`, '&attributes=userName')}`)).body
      .Resources;
    expect(Object.keys(listed).toSorted()).toEqual(['id', 'schemas', 'userName']);
  });
});

describe('a deleted user', () => {
  it('leaves its groups, and its data goes', async () => {
    const { send, world } = await aDirectory(service);
    const { body } = await send('POST', '/Users', aScimUser({ displayName: 'Nadia' }));
    const group = await send('POST', '/Groups', { displayName: 'Group', members: [{ value: body.id }] });

    await send('DELETE', `/Users/${body.id}`);

    expect((await send('GET', `/Groups/${group.body.id}`)).body.members).toEqual([]);
    const [row] = await db.scimUser.findMany({ where: { organizationId: world.organization.id } });
    expect(row).toMatchObject({ userName: body.id, externalId: null, active: false });
    expect(row?.attributes).toEqual({});
  });
});

describe('a deactivated user', () => {
  it('stays in its groups for the directory, and is not shown in the team', async () => {
    const { send, world } = await aDirectory(service);
    const { body } = await send('POST', '/Users', aScimUser());
    const group = await send('POST', '/Groups', { displayName: 'Group', members: [{ value: body.id }] });
    const shown = async () => {
      const query = 'query ($id: ID!) { node(id: $id) { ... on Team { members { totalCount } } } }';
      const { data } = await ask(query, { id: group.body.id }, { as: world.owner });
      return data;
    };
    const before = await shown();

    await send('PATCH', `/Users/${body.id}`, patch({ op: 'replace', value: { active: false } }));

    expect((await send('GET', `/Groups/${group.body.id}`)).body.members).toMatchObject([{ value: body.id }]);
    expect([before, await shown()]).toEqual([
      { node: { members: { totalCount: 1 } } },
      { node: { members: { totalCount: 0 } } },
    ]);
  });
});

describe('two tokens of an organization', () => {
  it('keep the same directory', async () => {
    const { send, world } = await aDirectory(service);
    const second = directoryOf(service, (await aScimToken(service, world)).secret);
    const { body } = await send('POST', '/Users', aScimUser());

    expect(await second('GET', `/Users/${body.id}`)).toMatchObject({ status: 200 });
    expect(await second('DELETE', `/Users/${body.id}`)).toMatchObject({ status: 204 });
  });
});
