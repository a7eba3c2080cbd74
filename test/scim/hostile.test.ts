import { describe, expect, it } from 'vitest';
import { aDirectory, aScimUser, directoryOf, errorUrn, filtered, patch } from '../kit/scim.ts';
import { startService } from '../kit/service.ts';

const service = await startService({ limits: { teamMembers: 3, directoryUsers: 4, teams: 2 } });
const { db } = service;

const { world, token, send } = await aDirectory(service);
const user = aScimUser();
const { body: created } = await send('POST', '/Users', user);
const { body: group } = await send('POST', '/Groups', { displayName: 'Group', members: [{ value: created.id }] });

const stateOf = async () => {
  const where = { where: { organizationId: world.organization.id } };
  return JSON.stringify([
    await db.organization.findUnique({ where: { id: world.organization.id } }),
    await db.scimUser.findMany(where),
    await db.team.findMany(where),
    await db.teamMember.findMany(where),
  ]);
};

const invalid = (scimType: string | undefined, status = 400) => ({
  status,
  body: { schemas: [errorUrn], status: String(status), ...(scimType ? { scimType } : {}), detail: expect.any(String) },
});

describe('a filter', () => {
  it.each([
    'userName co "x"',
    'userName pr',
    'not (userName eq "x")',
    'userName eq "a" or userName eq "b"',
    '(userName eq "a")',
    'userName eq',
    'userName eq "x',
    'userName eq "x" and',
    'userName eq x',
    'userName eq 1',
    'userName eq "\\u0000"',
    'userName eq "\\ud800"',
    'userName eq "\\x"',
    'active eq "true"',
    'title eq "x"',
    'emails[type eq "work" and primary eq true].value eq "x"',
    'emails[type eq "work"',
    'userName[type eq "x"] eq "y"',
    '__proto__ eq "x"',
    'constructor eq "x"',
    `userName eq "${'x'.repeat(1_000)}"`,
    Array(20).fill('userName eq "x"').join(' and '),
    'emails['.repeat(100),
    'userName eq "x\'; DROP TABLE \\"User\\"; --" ;',
  ])('is refused where it is not supported: %s', async (filter) => {
    expect(await send('GET', `/Users${filtered(filter)}`)).toMatchObject(invalid('invalidFilter'));
    expect(await send('GET', `/Groups${filtered(filter.replace(/^userName/, 'externalId'))}`)).toMatchObject(
      invalid('invalidFilter'),
    );
  });

  it.each([
    ['userName eq "\' OR 1=1 --"', 0],
    [`urn:ietf:params:scim:schemas:core:2.0:User:userName EQ "${user.userName.toUpperCase()}"`, 1],
    [`USERNAME eq "${user.userName}" AND active eq TRUE`, 1],
    [`externalId eq "${user.externalId.toUpperCase()}"`, 0],
    ['emails eq "x" and displayName eq "y"', 0],
  ])('compares values and nothing else: %s', async (filter, total) => {
    expect(await send('GET', `/Users${filtered(filter)}`)).toMatchObject({
      status: 200,
      body: { totalResults: total },
    });
  });
});

/** As many ways to write one name. */
const namesOfOne = Object.fromEntries(
  Array.from({ length: 1_001 }, (_, n) => [
    [...'preferredLanguage']
      .map((letter, bit) => ((n >> bit) & 1 ? letter.toUpperCase() : letter.toLowerCase()))
      .join(''),
    'x',
  ]),
);
const emails = (from: number) => ({
  op: 'add',
  path: 'emails',
  value: Array.from({ length: 30 }, (_, n) => ({ value: `${from + n}` })),
});
const emailOf = (kind: number) => ({ op: 'replace', path: `emails[type eq "${kind}"].value`, value: 'x' });

describe('a PATCH of a user', () => {
  it.each([
    [undefined, 'invalidSyntax'],
    [[], 'invalidSyntax'],
    [{ Operations: {} }, 'invalidSyntax'],
    [patch(), 'invalidSyntax'],
    [patch('x' as never), 'invalidSyntax'],
    [patch({ op: 'move', path: 'title' }), 'invalidSyntax'],
    [patch({ op: { toString: 1 }, path: 'title', value: 'x' }), 'invalidSyntax'],
    [patch({ op: 'remove' }), 'noTarget'],
    [patch({ op: 'replace', value: 'x' }), 'invalidValue'],
    [patch({ op: 'replace', path: 'nothing', value: 'x' }), 'invalidPath'],
    [patch({ op: 'replace', path: '__proto__.polluted', value: 'x' }), 'invalidPath'],
    [patch({ op: 'replace', value: { 'constructor.prototype': 'x' } }), 'invalidPath'],
    [patch({ op: 'replace', path: 'name.nothing', value: 'x' }), 'invalidPath'],
    [patch({ op: 'replace', path: 'title[type eq "x"]', value: 'x' }), 'invalidPath'],
    [patch({ op: 'replace', path: 'emails[type eq "work"', value: 'x' }), 'invalidPath'],
    [patch({ op: 'replace', path: 'emails[nothing eq "work"].value', value: 'x' }), 'invalidPath'],
    [patch({ op: 'replace', path: 'emails[type co "work"].value', value: 'x' }), 'invalidPath'],
    [patch({ op: 'replace', path: `emails[type eq "${'x'.repeat(1_000)}"].value`, value: 'x' }), 'invalidPath'],
    [patch({ op: 'replace', path: 'id', value: 'usr_other' }), 'mutability'],
    [patch({ op: 'replace', path: 'meta', value: { version: 'x' } }), 'mutability'],
    [patch({ op: 'add', path: 'groups', value: [{ value: 'x' }] }), 'mutability'],
    [patch({ op: 'replace', path: 'externalId', value: 'another-subject' }), 'mutability'],
    [patch({ op: 'remove', path: 'userName' }), 'invalidValue'],
    [patch({ op: 'replace', path: 'userName', value: 7 }), 'invalidValue'],
    [patch({ op: 'replace', path: 'userName', value: 'x'.repeat(251) }), 'invalidValue'],
    [patch({ op: 'replace', path: 'active', value: 'maybe' }), 'invalidValue'],
    [patch({ op: 'replace', path: 'title', value: 'x'.repeat(2_001) }), 'invalidValue'],
    [patch({ op: 'replace', path: 'title', value: 'a\u0000b' }), 'invalidValue'],
    [patch({ op: 'replace', path: 'emails', value: Array(51).fill({ value: 'x' }) }), 'invalidValue'],
    [
      patch(
        ...Array.from({ length: 40 }, (_, n) => ({
          op: 'add',
          path: 'emails',
          value: [{ value: `${n}${'x'.repeat(1_000)}` }],
        })),
      ),
      'invalidValue',
    ],
    [patch(...Array(1_001).fill({ op: 'replace', path: 'title', value: 'x' })), 'tooMany'],
    [patch({ op: 'replace', value: namesOfOne }), 'tooMany'],
    // Each of these is small, and all of them would be compared with each other, under the organization's lock.
    [patch(emails(0), emails(30), { op: 'remove', path: 'emails' }), 'invalidValue'],
    [patch(...Array.from({ length: 51 }, (_, n) => emailOf(n)), { op: 'remove', path: 'emails' }), 'invalidValue'],
  ])('is refused, and changes nothing: %j', async (body, scimType) => {
    const before = await stateOf();

    expect(await send('PATCH', `/Users/${created.id}`, body ?? '')).toMatchObject(invalid(scimType));
    expect(await stateOf()).toBe(before);
  });

  it('may set what is ignored, such as a password, and makes no revision of it', async () => {
    const before = await stateOf();

    const answer = await send(
      'PATCH',
      `/Users/${created.id}`,
      patch({ op: 'replace', path: 'password', value: 'secret' }, { op: 'replace', value: { id: 'x', groups: [] } }),
    );

    expect(answer).toMatchObject({ status: 200, body: created });
    expect(await stateOf()).toBe(before);
  });
});

describe('a PATCH of a group', () => {
  it.each([
    [patch({ op: 'add', path: 'members', value: [{ value: 'usr_absent' }] }), 'invalidValue'],
    [patch({ op: 'add', path: 'members', value: [{ display: 'x' }] }), 'invalidValue'],
    [patch({ op: 'add', path: 'members', value: [{ value: 'x'.repeat(201) }] }), 'invalidValue'],
    [patch({ op: 'add', path: 'members', value: [{ value: 'usr_\u0000' }] }), 'invalidValue'],
    [patch({ op: 'add', path: 'members.value', value: 'x' }), 'invalidPath'],
    [patch({ op: 'replace', path: `members[value eq "${created.id}"]`, value: {} }), 'invalidPath'],
    [patch({ op: 'remove', path: 'members[display eq "x"]' }), 'invalidFilter'],
    [patch({ op: 'remove', path: 'displayName' }), 'invalidValue'],
    [patch({ op: 'replace', path: 'displayName', value: 'x'.repeat(251) }), 'invalidValue'],
  ])('is refused, and changes nothing: %j', async (body, scimType) => {
    const before = await stateOf();

    expect(await send('PATCH', `/Groups/${group.id}`, body)).toMatchObject(invalid(scimType));
    expect(await stateOf()).toBe(before);
  });
});

describe('a body', () => {
  const raw = (body: string, type = 'application/scim+json') => send('POST', '/Users', body, { 'content-type': type });

  it.each([
    ['', 400],
    ['{', 400],
    ['[]', 400],
    ['"x"', 400],
    ['{"userName":"a","userName":"b"}', 400],
    ['{"__proto__":{"userName":"a"}}', 400],
    [`${'['.repeat(200)}${']'.repeat(200)}`, 400],
    ['{}', 400],
    ['{"userName":"a"}', 400],
    [JSON.stringify({ userName: 'a', externalId: 'b', title: 'x'.repeat(1_100_000) }), 413],
  ])('is refused: %.40s', async (body, status) => {
    const before = await stateOf();

    expect(await raw(body)).toMatchObject({ status, body: { schemas: [errorUrn], status: String(status) } });
    expect(await stateOf()).toBe(before);
  });

  it('must be JSON', async () => {
    expect(await raw('userName=a', 'application/x-www-form-urlencoded')).toMatchObject({ status: 415 });
    expect(await raw(JSON.stringify(user), 'text/plain')).toMatchObject({ status: 415 });
  });

  it('does not appear in what is said of it', async () => {
    const { body } = await raw('{"userName": "private@example.com", ');

    expect(JSON.stringify(body)).not.toContain('private');
  });
});

describe('what is asked', () => {
  it.each(['/Users?startIndex=x', '/Users?count=1.5', '/Groups?count=99999999999'])('is refused: %s', async (path) => {
    expect(await send('GET', path)).toMatchObject(invalid('invalidValue'));
  });

  it.each(['/Me', '/Bulk', '/Nothing', '/Users/x/y', '/Schemas/urn:x'])('is not there: %s', async (path) => {
    expect(await send('GET', path)).toMatchObject({ status: 404, body: { schemas: [errorUrn], status: '404' } });
  });

  it('is refused once the token has spent its points', async () => {
    const poor = service.anotherInstance({ limits: { viewerPoints: 20 } });
    const ask = directoryOf(poor, token.secret);
    await ask('GET', '/Users?count=10');

    const refused = await ask('GET', '/Users?count=10');

    expect(refused).toMatchObject({ status: 429, body: { schemas: [errorUrn], status: '429' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('the members of a group', () => {
  it('cost points each time that they are answered', async () => {
    const poor = service.anotherInstance({ limits: { viewerPoints: 9, teamMembers: 3 } });
    const ask = directoryOf(poor, token.secret);
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await ask('GET', `/Groups/${group.id}`)).status);

    expect(statuses).toEqual([200, 200, 429]);
  });
});

describe('a directory that is too large', () => {
  it('gets no more users, groups and members than may be', async () => {
    const { send: fill } = await aDirectory(service);
    const people = [];
    for (let n = 0; n < 4; n += 1) people.push((await fill('POST', '/Users', aScimUser())).body.id);
    const members = people.map((value) => ({ value }));

    const fifth = await fill('POST', '/Users', aScimUser());
    const large = await fill('POST', '/Groups', { displayName: 'Large', members });
    const one = await fill('POST', '/Groups', { displayName: 'One', members: members.slice(0, 3) });
    const one2 = await fill('PATCH', `/Groups/${one.body.id}`, patch({ op: 'add', path: 'members', value: members }));
    await fill('POST', '/Groups', { displayName: 'Two', members: members.slice(0, 1) });
    const third = await fill('POST', '/Groups', { displayName: 'Three' });
    const tooMany = await fill('GET', '/Groups');

    for (const refused of [fifth, large, one2, third]) expect(refused).toMatchObject(invalid('invalidValue'));
    expect(tooMany).toMatchObject(invalid('tooMany'));
    expect(await fill('GET', '/Groups?excludedAttributes=members')).toMatchObject({ body: { totalResults: 2 } });
  });
});
