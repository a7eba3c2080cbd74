import { describe, expect, it } from 'vitest';
import { authzenOf, model, use, user } from '../kit/authzen.ts';
import { anApiKey } from '../kit/keys.ts';
import { refusalsOf } from '../kit/refusals.ts';
import { restOf } from '../kit/rest.ts';
import { setScope } from '../kit/scopes.ts';
import { nothingRemembered, startService } from '../kit/service.ts';
import { aTeam } from '../kit/teams.ts';

const service = await startService();
const { aWorld, anotherInstance, db, heard, takeStatements, logLines } = service;
const ask = authzenOf(service);

/** A world in which a member may use all models but `gpt-4o-mini`, and may call as a gateway does. */
async function aGovernedWorld() {
  const world = await aWorld();
  const key = await anApiKey(service, world, ['READ']);
  await setScope(service, world, world.member.id, { disabledModels: ['gpt-4o-mini'] });
  await heard();
  return { ...world, key, asking: { token: key.token } };
}

const { member, admin, owner, stranger, organization, foreignOrganization, key, asking } = await aGovernedWorld();
const question = { subject: user(member), action: use, resource: model('gpt-4o') };

describe('an evaluation', () => {
  it('allows what the policy allows, and says by which state', async () => {
    const { status, headers, body } = await ask('evaluation', question, asking);

    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(body).toEqual({
      decision: true,
      context: {
        reasons: [],
        model: 'openai/gpt-4o',
        revision: expect.any(Number),
        catalog_version: expect.any(Number),
        valid_until: null,
        evaluation_id: expect.stringMatching(/^evl_[0-9a-f]{32}$/),
      },
    });
    expect(logLines().at(-1)).toMatchObject({
      evaluationId: body.context.evaluation_id,
      viewerId: key.id,
      status: 200,
    });
  });

  it('denies with 200, every reason, and a sentence for the user', async () => {
    const { status, body } = await ask('evaluation', { ...question, resource: model('GPT-4o mini') }, asking);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      decision: false,
      context: {
        reasons: ['MODEL_DISABLED'],
        reason_user: { 403: 'Your organization does not allow GPT-4o mini' },
        model: 'openai/gpt-4o-mini',
      },
    });
  });

  it.each([
    ['a context', { context: { time: '2026-01-01T00:00:00Z', ip: '192.0.2.1' } }],
    ['unknown fields', { foo: 'bar', later: { nested: true } }],
    ['properties that mean nothing here', { subject: user(member, { department: 'Sales', role: 'manager' }) }],
    ['properties of the action', { action: { name: 'use', properties: { method: 'POST' } } }],
    ['properties of the resource', { resource: model('gpt-4o', { status: 'active' }) }],
    ['a charset', {}, { 'content-type': 'application/json; charset=utf-8' }],
  ])('is not changed by %s', async (_name, more, headers?: Record<string, string>) => {
    const { status, body } = await ask(
      'evaluation',
      { ...question, ...more },
      { ...asking, ...(headers && { headers }) },
    );
    expect([status, body.decision]).toEqual([200, true]);
  });

  it('is the same each time it is asked, and reads nothing again', async () => {
    const first = await ask('evaluation', question, asking);
    takeStatements();
    const second = await ask('evaluation', question, asking);

    expect(takeStatements()).toEqual([]);
    expect(second.body.decision).toBe(first.body.decision);
    expect(second.body.context.evaluation_id).not.toBe(first.body.context.evaluation_id);
  });

  it('is for users, services, teams and roles, each by its id', async () => {
    const team = await aTeam(db, organization);
    await setScope(service, { organization, admin } as never, team.id, { disabledModels: ['gpt-4o'] });
    await setScope(service, { organization, admin } as never, key.id, { disabledModels: ['gpt-4o'] });
    await setScope(service, { organization, admin } as never, 'role_admin', { disabledModels: ['gpt-4o'] });
    const decide = async (type: string, id: string) => {
      const { body } = await ask('evaluation', { ...question, subject: { type, id } }, asking);
      return [body.decision, ...body.context.reasons];
    };

    expect(await decide('team', team.id)).toEqual([false, 'MODEL_DISABLED']);
    expect(await decide('service', key.id)).toEqual([false, 'MODEL_DISABLED']);
    expect(await decide('role', 'role_admin')).toEqual([false, 'MODEL_DISABLED']);
    expect(await decide('role', 'Admin')).toEqual([false, 'MODEL_DISABLED']);
    expect(await decide('user', admin.id)).toEqual([false, 'MODEL_DISABLED']);
    expect(await decide('role', 'member')).toEqual([true]);
    expect(await decide('user', owner.id)).toEqual([true]);
  });

  it.each([
    ['a stranger', () => user(stranger)],
    ['nobody', () => ({ type: 'user', id: 'usr_nobody' })],
    ['an id of another type', () => ({ type: 'team', id: member.id })],
    ['an id that can be none', () => ({ type: 'user', id: "' OR 1=1 --\u0000" })],
    ['an unknown type', () => ({ type: 'spaceship', id: member.id })],
    ['a type of the prototype', () => ({ type: '__proto__', id: member.id })],
    ['an unknown role', () => ({ type: 'role', id: 'emperor' })],
  ])('denies %s as no member', async (_name, subject) => {
    const { status, body } = await ask('evaluation', { ...question, subject: subject() }, asking);
    expect([status, body.decision, body.context.reasons]).toEqual([200, false, ['NOT_A_MEMBER']]);
  });

  it.each([
    ['a model that there is not', { resource: model('gpt-99') }, 'UNKNOWN_MODEL'],
    ['an endless name', { resource: model('x'.repeat(900)) }, 'UNKNOWN_MODEL'],
    ['a resource of another type', { resource: { type: 'record', id: 'gpt-4o' } }, 'UNKNOWN_RESOURCE_TYPE'],
    ['an unknown action', { action: { name: 'delete' } }, 'UNKNOWN_ACTION'],
  ])('denies %s', async (_name, more, reason) => {
    const { status, body } = await ask('evaluation', { ...question, ...more }, asking);
    expect([status, body.decision, body.context.reasons]).toEqual([200, false, [reason]]);
    expect(body.context.reason_user[403]).toMatch(/^[A-Z]/);
  });

  it('of the action configure is for people alone', async () => {
    const configure = { ...question, action: { name: 'configure' } };
    expect((await ask('evaluation', configure, asking)).body.decision).toBe(true);
    const ofService = await ask('evaluation', { ...configure, subject: { type: 'service', id: key.id } }, asking);
    expect(ofService.body).toMatchObject({ decision: false, context: { reasons: ['ACTION_NOT_ALLOWED'] } });
  });

  it('echoes the id of the request', async () => {
    const { headers } = await ask('evaluation', question, { ...asking, headers: { 'x-request-id': 'bfe9eb29-ab87' } });
    expect(headers.get('x-request-id')).toBe('bfe9eb29-ab87');
    expect((await ask('evaluation', question, asking)).headers.get('x-request-id')).toMatch(/./);
  });

  it('counts what a gateway is refused for whoever uses it, and not what an admin looks at', async () => {
    const world = await aGovernedWorld();
    const mini = { subject: user(world.member), action: use, resource: model('gpt-4o-mini') };
    await ask('evaluation', mini, world.asking);
    await ask('evaluation', mini, { as: world.admin });
    await ask('evaluation', mini, { as: world.member });

    expect(await refusalsOf(service, world)).toEqual([
      expect.objectContaining({ subjectId: world.member.id, modelKey: 'openai/gpt-4o-mini', count: '2' }),
    ]);
  });
});

describe('properties of a subject', () => {
  it('narrow what is known, and never widen it', async () => {
    const world = await aGovernedWorld();
    const { member: known } = world;
    const team = await aTeam(db, world.organization, { members: [known] });
    const other = await aTeam(db, world.organization);
    await setScope(service, world, team.id, { disabledModels: ['gpt-4o'] });
    await setScope(service, world, other.id, { disabledModels: ['gpt-4.1'] });
    await setScope(service, world, 'role_admin', { disabledModels: ['o3'] });
    await heard();
    const decide = async (id: string, properties?: object) => {
      const body = { subject: user(known, properties), action: use, resource: model(id) };
      return (await ask('evaluation', body, world.asking)).body.decision;
    };

    expect(await decide('gpt-4o')).toBe(false);
    expect(await decide('gpt-4o', { teams: [] })).toBe(false);
    expect(await decide('gpt-4o', { teams: [other.id] })).toBe(false);
    expect(await decide('gpt-4.1')).toBe(true);
    expect(await decide('gpt-4.1', { teams: [other.id] })).toBe(false);
    expect(await decide('o3')).toBe(true);
    expect(await decide('o3', { role: 'admin' })).toBe(false);
    expect(await decide('gpt-4o-mini', { role: 'OWNER', teams: [] })).toBe(false);
  });

  it('tell a member nothing of the rules of other roles and teams: of itself what is known counts', async () => {
    const world = await aGovernedWorld();
    const other = await aTeam(db, world.organization);
    for (const id of ['role_admin', other.id]) await setScope(service, world, id, { disabledModels: ['gpt-4o'] });
    await heard();
    const about = async (properties: object, as: { id: string }) =>
      (await ask('evaluation', { ...question, subject: user(world.member, properties) }, { as })).body;

    for (const properties of [{ role: 'ADMIN' }, { teams: [other.id] }]) {
      expect(await about(properties, world.member)).toMatchObject({ decision: true });
      expect(await about(properties, world.admin)).toMatchObject({ decision: false });
    }
  });
});

describe('a request that is not well-formed', () => {
  const { subject, action, resource } = question;
  it.each([
    ['no subject', { action, resource }, 'subject: is required'],
    ['no action', { subject, resource }, 'action: is required'],
    ['no resource', { subject, action }, 'resource: is required'],
    ['a subject without a type', { ...question, subject: { id: 'a' } }, 'subject.type: is required'],
    ['a subject without an id', { ...question, subject: { type: 'user' } }, 'subject.id: is required'],
    ['an action without a name', { ...question, action: {} }, 'action.name: is required'],
    ['a resource without a type', { ...question, resource: { id: 'a' } }, 'resource.type: is required'],
    ['a resource without an id', { ...question, resource: { type: 'model' } }, 'resource.id: is required'],
    ['a subject that is a string', { ...question, subject: 'alice' }, 'subject: must be an object'],
    ['a subject that is null', { ...question, subject: null }, 'subject: must be an object'],
    ['a name that is a number', { ...question, action: { name: 123 } }, 'action.name: must be a string, and not empty'],
    ['properties that are a list', { ...question, subject: user(member, []) }, 'subject.properties: must be an object'],
    ['a context that is a string', { ...question, context: 'now' }, 'context: must be an object'],
    ['an id without an end', { ...question, resource: model('x'.repeat(1_001)) }, 'resource.id: must not be longer'],
    ['a list', [question], 'The body must be a JSON object'],
    ['no JSON', '{"subject": secret}', 'The body is not valid JSON'],
    ['a name twice', '{"subject":1,"subject":2}', 'subject'],
  ])('is refused with a sentence: %s', async (_name, body, message) => {
    const { status, headers, body: text } = await ask('evaluation', body, asking);

    expect([status, headers.get('content-type')]).toEqual([400, 'text/plain; charset=utf-8']);
    expect(text).toContain(message);
    expect(text).not.toContain('secret');
  });

  it.each([
    ['another content type', { 'content-type': 'text/plain' }],
    ['an encoded body', { 'content-encoding': 'gzip' }],
    ['another charset', { 'content-type': 'application/json; charset=latin1' }],
  ])('is refused for %s', async (_name, headers) => {
    expect((await ask('evaluation', question, { ...asking, headers })).status).toBe(400);
  });

  it('is refused where it is empty, or too long, or sent in another way', async () => {
    const call = restOf(service);
    const headers = { authorization: `Bearer ${key.token}`, 'content-type': 'application/json' };
    expect((await call('POST', '/access/v1/evaluation', { headers })).status).toBe(400);
    expect((await ask('evaluation', { ...question, context: { x: 'x'.repeat(1_100_000) } }, asking)).status).toBe(413);
    const get = await call('GET', '/access/v1/evaluation', { headers });
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('whoever asks', () => {
  it('must be known', async () => {
    const nobody = await ask('evaluation', question);
    expect([nobody.status, nobody.body]).toEqual([
      401,
      'Authentication is required: send an API key or a token in Authorization, as "Bearer <key>"',
    ]);
    expect(nobody.headers.get('www-authenticate')).toBe('Bearer');
    expect((await ask('evaluation', question, { token: `${key.token.slice(0, -1)}_` })).status).toBe(401);
  });

  it('may ask about itself, and about others where it may read them', async () => {
    const about = (subject: object, asked: object) => ask('evaluation', { ...question, subject }, asked);
    expect((await about(user(member), { as: member })).body.decision).toBe(true);
    expect((await about(user(member), { as: admin })).body.decision).toBe(true);
    expect(await about(user(owner), { as: member })).toMatchObject({
      status: 403,
      body: 'You must be an Admin or Owner to perform this action',
    });
    expect((await about({ type: 'spaceship', id: 'x' }, { as: member })).status).toBe(403);
  });

  it('needs the scope read', async () => {
    const writer = await anApiKey(service, { organization, owner, admin } as never, ['USAGE_WRITE']);
    expect(await ask('evaluation', question, { token: writer.token })).toMatchObject({
      status: 403,
      body: 'This API key lacks the scope READ',
    });
  });

  it('gets one answer about a foreign organization and an absent one', async () => {
    const about = async (id: string, asked: object) => {
      const { status, body } = await ask('evaluation', { ...question, context: { organization: id } }, asked);
      return [status, body];
    };
    const denied = [403, "You don't have access to this organization"];
    for (const asked of [asking, { as: member }, { as: stranger }]) {
      expect(await about('org_absent', asked)).toEqual(denied);
    }
    expect(await about(foreignOrganization.id, asking)).toEqual(denied);
    expect(await about(organization.id, { as: stranger })).toEqual(denied);
    const named = { ...asking, headers: { 'x-organization-id': foreignOrganization.id } };
    expect((await ask('evaluation', question, named)).status).toBe(403);
    expect((await ask(`/${foreignOrganization.id}/access/v1/evaluation`, question, asking)).status).toBe(403);
    expect((await ask(`/${organization.id}/access/v1/evaluation`, question, asking)).body.decision).toBe(true);
  });

  it('is told by each process of a change at once', async () => {
    const world = await aGovernedWorld();
    const second = authzenOf(anotherInstance());
    const uncached = authzenOf(anotherInstance({ cache: nothingRemembered }));
    const asked = { subject: user(world.member), action: use, resource: model('gpt-4o') };
    const team = await aTeam(db, world.organization, { members: [world.member] });
    for (const point of [ask, second, uncached]) {
      expect((await point('evaluation', asked, world.asking)).body.decision).toBe(true);
    }
    await setScope(service, world, team.id, { disabledModels: ['gpt-4o'] });
    for (const point of [ask, second, uncached]) {
      expect((await point('evaluation', asked, world.asking)).body.decision).toBe(false);
    }
  });

  it('is told by a process without caches what is in the database, and by others once they have heard of it', async () => {
    const world = await aGovernedWorld();
    const uncached = authzenOf(anotherInstance({ cache: nothingRemembered }));
    const team = await aTeam(db, world.organization);
    await setScope(service, world, team.id, { disabledModels: ['gpt-4o'] });
    const asked = { subject: user(world.member), action: use, resource: model('gpt-4o') };
    for (const point of [ask, uncached, ask, uncached]) {
      expect((await point('evaluation', asked, world.asking)).body.decision).toBe(true);
    }
    await db.teamMember.create({
      data: { teamId: team.id, organizationId: world.organization.id, userId: world.member.id },
    });
    expect((await uncached('evaluation', asked, world.asking)).body.decision).toBe(false);
    await heard();
    expect((await ask('evaluation', asked, world.asking)).body.decision).toBe(false);
  });
});
