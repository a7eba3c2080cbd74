import { describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { authzenOf, model, use, user } from '../kit/authzen.ts';
import { anApiKey } from '../kit/keys.ts';
import { restOf } from '../kit/rest.ts';
import { setScope } from '../kit/scopes.ts';
import { startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';
import { aMember } from '../kit/world.ts';

const service = await startService();
const { aWorld, db, heard, takeStatements } = service;
const ask = authzenOf(service);

const world = await aWorld();
const { organization, member, owner, admin, stranger, foreignOrganization } = world;
const key = await anApiKey(service, world, ['READ']);
const team = await aTeam(db, organization, { members: [member] });
const asking = { token: key.token };
await setScope(service, world, member.id, { disabledModels: ['gpt-4o-mini'] });
await setScope(service, world, 'role_admin', { allowedModels: ['gpt-4o', 'gpt-4o-mini'] });
await setScope(service, world, team.id, { disabledProviders: ['google'] });
await heard();

const idsOf = ({ results }: { results: { id: string }[] }) => results.map(({ id }) => id);
const resources = { subject: user(admin), action: use, resource: { type: 'model' } };
const subjects = { subject: { type: 'user' }, action: use, resource: model('gpt-4o-mini') };
const actions = { subject: user(member), resource: model('gpt-4o') };

describe('a search for resources', () => {
  it('finds exactly the models that are allowed', async () => {
    const { status, body } = await ask('search/resource', { ...resources, subject: user(member) }, asking);
    expect(status).toBe(200);
    expect(body.page).toEqual({ next_token: '', count: body.results.length, total: body.results.length });

    const names = readCatalog().models.map(({ provider, modelId }) => `${provider}/${modelId}`);
    const evaluations = names.map((id) => ({ resource: model(id) }));
    const { body: decided } = await ask('evaluations', { subject: user(member), action: use, evaluations }, asking);
    expect(idsOf(body)).toEqual(names.filter((_name, index) => decided.evaluations[index].decision));
    expect(idsOf(body)).toContain('openai/gpt-4o');
    expect(idsOf(body)).not.toContain('openai/gpt-4o-mini');
    expect(idsOf(body).some((id) => id.startsWith('google/'))).toBe(false);
  });

  it('ignores an id and a context, and heeds properties', async () => {
    const plain = await ask('search/resource', resources, asking);
    expect(idsOf(plain.body)).toContain('openai/gpt-4o-mini');
    const withId = { ...resources, resource: model('gpt-4o'), context: { ip: '192.0.2.1' } };
    expect((await ask('search/resource', withId, asking)).body).toEqual(plain.body);

    const asAdmin = { ...resources, subject: user(owner, { role: 'ADMIN' }) };
    expect(idsOf((await ask('search/resource', asAdmin, asking)).body)).toEqual(idsOf(plain.body));
  });

  it('gives its results page by page', async () => {
    const all = idsOf((await ask('search/resource', { ...resources, subject: user(owner) }, asking)).body);
    const found: string[] = [];
    let token = '';
    do {
      const page = { limit: 50, ...(token && { token }) };
      const { body } = await ask('search/resource', { ...resources, subject: user(owner), page }, asking);
      expect(body.page.total).toBe(all.length);
      found.push(...idsOf(body));
      token = body.page.next_token;
    } while (token !== '');
    expect(found).toEqual(all);
  });

  it('goes on behind a model that is not allowed any more', async () => {
    const other = await aWorld();
    const { token } = await anApiKey(service, other, ['READ']);
    const search = { ...resources, subject: user(other.owner) };
    const first = await ask('search/resource', { ...search, page: { limit: 2 } }, { token });
    await setScope(service, other, other.owner.id, { disabledModels: idsOf(first.body) });
    await heard();
    const all = idsOf((await ask('search/resource', search, { token })).body);

    const page = { limit: 2, token: first.body.page.next_token };
    const second = await ask('search/resource', { ...search, page }, { token });

    expect(idsOf(second.body)).toEqual(all.slice(0, 2));
    await setScope(service, other, other.owner.id, { disabledModels: idsOf(first.body).slice(1) });
    await heard();
    expect(idsOf((await ask('search/resource', { ...search, page }, { token })).body)).toEqual(all.slice(0, 2));
  });

  it('is empty for whoever is unknown, and for types and actions that there are not', async () => {
    const strangers = [user(stranger), { type: 'user', id: 'usr_nobody' }, { type: 'spaceship', id: 'x' }];
    const asked = [
      ...strangers.map((subject) => ({ ...resources, subject })),
      { ...resources, resource: { type: 'record' } },
      { ...resources, action: { name: 'delete' } },
    ];
    for (const body of asked) {
      const found = await ask('search/resource', body, asking);
      expect([found.status, found.body.results]).toEqual([200, []]);
    }
  });
});

describe('a search for subjects', () => {
  it('finds whoever may use a model, of each type', async () => {
    const find = async (type: string, id: string) =>
      idsOf((await ask('search/subject', { ...subjects, subject: { type }, resource: model(id) }, asking)).body);

    expect(await find('user', 'gpt-4o-mini')).toEqual([owner.id, admin.id].sort());
    expect(await find('user', 'gemini-2.5-pro')).toEqual([owner.id]);
    expect(await find('service', 'gpt-4o-mini')).toEqual([key.id]);
    expect(await find('team', 'gpt-4o-mini')).toEqual([team.id]);
    expect(await find('team', 'gemini-2.5-pro')).toEqual([]);
    expect(await find('role', 'gemini-2.5-pro')).toEqual(['role_member', 'role_owner']);
    expect(await find('user', 'gpt-99')).toEqual([]);
  });

  it('ignores an id, and has nobody of another organization', async () => {
    const { body } = await ask('search/subject', { ...subjects, subject: user(stranger) }, asking);
    expect(body.results).toEqual((await ask('search/subject', subjects, asking)).body.results);
    expect(idsOf(body)).not.toContain(stranger.id);
  });

  it('looks at as many as a page is long, in two statements', async () => {
    const other = await aWorld();
    const people = [];
    for (let index = 0; index < 8; index += 1) people.push(await aMember(db, other.organization, 'MEMBER'));
    await setScope(service, other, people[0]?.id ?? '', { disabledModels: ['gpt-4o-mini'] });
    await heard();
    // The caller and the state of the organization are known from now on.
    await ask('search/subject', { ...subjects, page: { limit: 1 } }, { as: other.owner });
    const found: string[] = [];
    let token = '';
    let pages = 0;
    do {
      const page = { limit: 3, ...(token && { token }) };
      takeStatements();
      const { body } = await ask('search/subject', { ...subjects, page }, { as: other.owner });
      expect(takeStatements().length).toBeLessThanOrEqual(2);
      found.push(...idsOf(body));
      token = body.page.next_token;
      pages += 1;
    } while (token !== '');
    const expected = [other.owner, other.admin, other.member, ...people.slice(1)].map(({ id }) => id);
    expect(found).toEqual(expected.sort());
    expect(pages).toBe(4);
  });

  it('is for owners, admins and services that may read', async () => {
    expect((await ask('search/subject', subjects, { as: admin })).status).toBe(200);
    expect((await ask('search/subject', subjects, { as: member })).status).toBe(403);
    expect((await ask('search/subject', { ...subjects, subject: { type: 'spaceship' } }, { as: member })).status).toBe(
      403,
    );
    const foreign = { ...subjects, context: { organization: organization.id } };
    expect((await ask('search/subject', foreign, { as: stranger })).status).toBe(403);
    const strange = await ask('search/subject', subjects, { as: stranger });
    expect(idsOf(strange.body)).toEqual([stranger.id]);
  });
});

describe('a search for actions', () => {
  const namesOf = ({ results }: { results: { name: string }[] }) => results.map(({ name }) => name);

  it('finds what a subject may do with a model', async () => {
    expect(namesOf((await ask('search/action', actions, asking)).body)).toEqual(['use', 'configure']);
    const ofService = { ...actions, subject: { type: 'service', id: key.id }, context: { ip: '192.0.2.1' } };
    expect(namesOf((await ask('search/action', ofService, asking)).body)).toEqual(['use']);
  });

  it.each([
    ['a model that is refused', { resource: model('gpt-4o-mini') }],
    ['an unknown model', { resource: model('gpt-99') }],
    ['an unknown type', { resource: { type: 'record', id: 'gpt-4o' } }],
    ['an unknown subject', { subject: { type: 'user', id: 'usr_nobody' } }],
  ])('is empty for %s', async (_name, more) => {
    const { status, body } = await ask('search/action', { ...actions, ...more }, asking);
    expect([status, body.results]).toEqual([200, []]);
  });
});

describe('a search that is not well-formed', () => {
  const { subject, action, resource } = subjects;
  it.each([
    ['subject', { subject, resource }],
    ['subject', { subject, action, resource: { type: 'model' } }],
    ['subject', { action, resource }],
    ['resource', { action, resource: { type: 'model' } }],
    ['resource', { subject: { type: 'user' }, action, resource: { type: 'model' } }],
    ['action', { subject: user(member) }],
    ['action', { subject: { type: 'user' }, resource }],
    ['resource', { ...resources, page: 1 }],
    ['resource', { ...resources, page: { limit: 0 } }],
    ['resource', { ...resources, page: { limit: '5' } }],
    ['resource', { ...resources, page: { token: 5 } }],
    ['resource', { ...resources, page: { token: 'bm9uZQ' } }],
  ])('for a %s is refused: %j', async (endpoint, body) => {
    const { status, body: text } = await ask(`search/${endpoint}`, body, asking);
    expect([status, typeof text]).toEqual([400, 'string']);
  });

  it('is refused where it goes on with another search', async () => {
    const first = await ask('search/resource', { ...resources, subject: user(owner), page: { limit: 1 } }, asking);
    const page = { limit: 1, token: first.body.page.next_token };
    const next = await ask('search/resource', { ...resources, subject: user(member), page }, asking);
    expect([next.status, next.body]).toEqual([400, 'page.token: is of another search']);
  });
});

describe('the metadata of the decision point', () => {
  const get = restOf(service);
  it('is for everybody, and names the endpoints', async () => {
    const { status, headers, body } = await get('GET', '/.well-known/authzen-configuration', {
      headers: { host: 'pdp.example.com' },
    });
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(body).toEqual({
      policy_decision_point: 'https://pdp.example.com',
      access_evaluation_endpoint: 'https://pdp.example.com/access/v1/evaluation',
      access_evaluations_endpoint: 'https://pdp.example.com/access/v1/evaluations',
      search_subject_endpoint: 'https://pdp.example.com/access/v1/search/subject',
      search_resource_endpoint: 'https://pdp.example.com/access/v1/search/resource',
      search_action_endpoint: 'https://pdp.example.com/access/v1/search/action',
    });
  });

  it('needs the host that was asked', async () => {
    const { status, body } = await get('GET', '/.well-known/authzen-configuration', { headers: { host: '' } });
    expect([status, body]).toEqual([400, 'The request names no host']);
  });

  it('of one organization leads to endpoints that decide for it, and tells nothing of it', async () => {
    const headers = { host: 'pdp.example.com' };
    for (const { id } of [organization, foreignOrganization, { id: 'org_absent' }]) {
      const { body } = await get('GET', `/.well-known/authzen-configuration/${id}`, { headers });
      expect(body.policy_decision_point).toBe(`https://pdp.example.com/${id}`);
      expect(body.access_evaluation_endpoint).toBe(`https://pdp.example.com/${id}/access/v1/evaluation`);
    }
    const { body } = await get('GET', `/.well-known/authzen-configuration/${organization.id}`, { headers });
    const { pathname } = new URL(body.search_resource_endpoint);
    expect((await ask(pathname, resources, asking)).status).toBe(200);
  });

  it.each([
    '/.well-known/authzen-configuration/else',
    '/access',
    '/access/v1/evaluation/',
    '/access/v2/evaluation',
    '/org_abc/access/v1/search',
  ])('is told to who asks at another path, as text: %s', async (path) => {
    const { status, headers, body } = await get('POST', path, { body: {} });

    expect([status, headers.get('content-type')]).toEqual([404, 'text/plain; charset=utf-8']);
    expect(body).toMatch(/^There is no such path; there are POST \/access\/v1\/evaluation, /);
  });

  it('is at no path that only begins so', async () => {
    for (const path of ['/accesses', '/.well-known/authzen-configurations', '/org_abc/accesses'])
      expect((await get('GET', path)).body).toHaveProperty('errors');
  });
});
