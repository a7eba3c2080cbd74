import { describe, expect, it } from 'vitest';
import { authzenOf, model, use, user } from '../kit/authzen.ts';
import { anApiKey } from '../kit/keys.ts';
import { setScope } from '../kit/scopes.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { aWorld, heard, takeStatements } = service;
const ask = authzenOf(service);

const world = await aWorld();
const { member, owner, admin, foreignOrganization } = world;
const asking = { token: (await anApiKey(service, world, ['READ'])).token };
await setScope(service, world, member.id, { disabledModels: ['gpt-4o-mini'] });
await heard();

const [allowed, denied] = [model('gpt-4o'), model('gpt-4o-mini')];
const defaults = { subject: user(member), action: use };
const decisionsOf = (body: { evaluations: { decision: boolean }[] }) =>
  body.evaluations.map(({ decision }) => decision);

describe('evaluations', () => {
  it('are decided in their order, each as it would be alone', async () => {
    const questions = [denied, allowed, model('gpt-99'), model('claude-sonnet-4-5')].map((resource) => ({ resource }));
    const { status, body } = await ask('evaluations', { ...defaults, evaluations: questions }, asking);

    expect(status).toBe(200);
    expect(body).not.toHaveProperty('decision');
    expect(decisionsOf(body)).toEqual([false, true, false, true]);
    for (const [index, { resource }] of questions.entries()) {
      const alone = await ask('evaluation', { ...defaults, resource }, asking);
      const { revision, catalog_version, evaluation_id: _id, ...context } = alone.body.context;
      expect(body.evaluations[index]).toEqual({ decision: alone.body.decision, context });
      expect(body.context).toMatchObject({ revision, catalog_version });
    }
    expect(body.context.evaluation_id).toMatch(/^evl_/);
    // What is cached by now is the same.
    const again = await ask('evaluations', { ...defaults, evaluations: questions }, asking);
    expect(again.body.evaluations).toEqual(body.evaluations);
  });

  it('are each for their subject, though others were decided for before', async () => {
    const evaluations = [user(member), user(owner), user(member), user(owner, { teams: [] })].map((subject) => ({
      subject,
    }));
    const body = { action: use, resource: denied, evaluations };
    for (const _time of [1, 2]) {
      expect(decisionsOf((await ask('evaluations', body, asking)).body)).toEqual([false, true, false, true]);
    }
    await setScope(service, world, owner.id, { disabledModels: ['gpt-4o-mini'] });
    expect(decisionsOf((await ask('evaluations', body, asking)).body)).toEqual([false, false, false, false]);
    await setScope(service, world, owner.id, { disabledModels: [] });
  });

  it('need no defaults, and each key that is given replaces its default whole', async () => {
    const own = [
      { subject: user(member), action: use, resource: denied },
      { subject: user(owner), action: use, resource: denied },
    ];
    expect(decisionsOf((await ask('evaluations', { evaluations: own }, asking)).body)).toEqual([false, true]);

    const described = { ...defaults, subject: user(owner, { role: 'ADMIN' }), resource: allowed };
    await setScope(service, world, 'role_admin', { disabledModels: ['gpt-4o'] });
    const evaluations = [{}, { subject: user(owner) }, { subject: user(admin) }];
    const { body } = await ask('evaluations', { ...described, evaluations }, asking);
    expect(decisionsOf(body)).toEqual([false, true, false]);
  });

  it.each([
    ['execute_all', [false, true, false, true]],
    ['deny_on_first_deny', [false]],
    ['permit_on_first_permit', [false, true]],
  ])('end by their semantic: %s', async (semantic, expected) => {
    const evaluations = [denied, allowed, denied, allowed].map((resource) => ({ resource }));
    const options = { evaluations_semantic: semantic, another: 1 };
    const { body } = await ask('evaluations', { ...defaults, options, evaluations }, asking);
    expect(decisionsOf(body)).toEqual(expected);
  });

  it('are one evaluation where there are none', async () => {
    const alone = { ...defaults, resource: allowed };
    for (const more of [{}, { evaluations: [] }]) {
      const { body } = await ask('evaluations', { ...alone, ...more }, asking);
      expect(body).toMatchObject({ decision: true, context: { model: 'openai/gpt-4o' } });
      expect(body).not.toHaveProperty('evaluations');
    }
    expect((await ask('evaluations', { evaluations: [] }, asking)).status).toBe(400);
  });

  it('deny a faulty one alone, and say what is wrong with it', async () => {
    const evaluations = [
      { resource: allowed },
      {},
      { resource: { type: 'model' } },
      { resource: allowed, context: { organization: foreignOrganization.id } },
      { resource: allowed, context: { time: 'now' } },
    ];
    const { status, body } = await ask('evaluations', { ...defaults, evaluations }, asking);

    expect(status).toBe(200);
    expect(decisionsOf(body)).toEqual([true, false, false, false, true]);
    expect(body.evaluations[1].context.error).toEqual({ status: 400, message: 'resource: is required' });
    expect(body.evaluations[2].context.error).toEqual({ status: 400, message: 'resource.id: is required' });
    expect(body.evaluations[3].context.error).toMatchObject({ status: 400 });
  });

  it('deny what the caller may not ask', async () => {
    const evaluations = [{ subject: user(member) }, { subject: user(owner) }];
    const { status, body } = await ask('evaluations', { action: use, resource: allowed, evaluations }, { as: member });
    expect([status, ...decisionsOf(body)]).toEqual([200, true, false]);
    expect(body.evaluations[1].context.error).toMatchObject({ status: 403 });
  });

  it.each([
    ['a list that is none', { evaluations: 'all' }, 'evaluations: must be a list'],
    ['an entry that is none', { evaluations: [{}, 'x'] }, 'evaluations.1: must be an object'],
    ['too many', { evaluations: Array(1_001).fill({}) }, 'evaluations: must not have more than 1000 entries'],
    ['options that are none', { evaluations: [{}], options: 'x' }, 'options: must be an object'],
    [
      'an unknown semantic',
      { evaluations: [{}], options: { evaluations_semantic: 'constructor' } },
      'options.evaluations_semantic: must be one of execute_all, deny_on_first_deny, permit_on_first_permit',
    ],
  ])('are refused whole for %s', async (_name, more, message) => {
    const { status, body } = await ask('evaluations', { ...defaults, resource: allowed, ...more }, asking);
    expect([status, body]).toEqual([400, message]);
  });

  it('are refused for another content type, also once their answer is cached', async () => {
    const body = { ...defaults, evaluations: [{ resource: allowed }, { resource: denied }] };
    // A key is cached when it is authenticated for the second time.
    for (let times = 0; times < 3; times += 1) expect((await ask('evaluations', body, asking)).status).toBe(200);
    const other = await ask('evaluations', body, { ...asking, headers: { 'content-type': 'text/plain' } });

    expect([other.status, other.body]).toEqual([400, 'The content type must be application/json']);
  });

  it('are cached as a whole until something changes, for the same caller and body alone', async () => {
    const other = await aWorld();
    const { token } = await anApiKey(service, other, ['READ']);
    const body = {
      subject: user(other.owner),
      action: use,
      evaluations: [{ resource: allowed }, { resource: denied }],
    };
    const idOf = async (asked: object, sent: object = body) =>
      (await ask('evaluations', sent, asked)).body.context.evaluation_id;
    await heard();
    // A key is cached when it is authenticated for the second time.
    for (const _time of [1, 2]) await idOf({ token });
    const first = await idOf({ token });
    expect(await idOf({ token })).toBe(first);
    expect(await idOf({ as: other.owner })).not.toBe(first);
    expect(await idOf({ token }, { ...body, subject: user(other.admin) })).not.toBe(first);
    await setScope(service, other, other.owner.id, { disabledModels: ['gpt-4o'] });
    const { body: changed } = await ask('evaluations', body, { token });
    expect(decisionsOf(changed)).toEqual([false, true]);
    expect(changed.context.evaluation_id).not.toBe(first);
  });

  it('about many subjects read them in one statement, and not again', async () => {
    const people = await Promise.all([aWorld(), aWorld()]);
    const subjects = [...people.flatMap((one) => [one.owner, one.admin, one.member]), owner, admin];
    const evaluations = subjects.map((one) => ({ subject: user(one) }));
    const body = { action: use, resource: allowed, evaluations };
    await heard();
    await ask('evaluations', body, asking);
    takeStatements();
    await ask('evaluations', body, asking);
    expect(takeStatements()).toEqual([]);
  });
});
