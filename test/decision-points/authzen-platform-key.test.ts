import { describe, expect, it } from 'vitest';
import { authzenOf, model, use, user } from '../kit/authzen.ts';
import { aPlatformKey } from '../kit/platform-keys.ts';
import { setScope } from '../kit/scopes.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { aWorld, db, heard } = service;
const ask = authzenOf(service);

const [one, other] = [await aWorld(), await aWorld()];
const { token } = await aPlatformKey(db, ['read']);
await setScope(service, one, one.member.id, { disabledModels: ['gpt-4o'] });
await heard();
const question = { subject: user(one.member), action: use, resource: model('gpt-4o') };
const batch = { subject: user(one.member), action: use, evaluations: [{ resource: model('gpt-4o') }] };

describe('a platform key that asks over AuthZEN', () => {
  it('names the organization in the context, in a header or in the path', async () => {
    const { id } = one.organization;
    const path = `/${id}/access/v1/evaluation`;
    const answers = [
      await ask('evaluation', { ...question, context: { organization: id } }, { token }),
      await ask('evaluation', question, { token, headers: { 'x-organization-id': id } }),
      await ask(path, question, { token }),
    ];
    for (const { status, body } of answers) {
      expect([status, body.decision, body.context.reasons]).toEqual([200, false, ['MODEL_DISABLED']]);
    }
  });

  it('is decided for by the organization that it names, each time', async () => {
    for (const _time of [1, 2, 3]) {
      const reasons = [];
      for (const { organization } of [one, other]) {
        const { body } = await ask('evaluations', { ...batch, context: { organization: organization.id } }, { token });
        reasons.push(body.evaluations[0].context.reasons);
      }
      expect(reasons).toEqual([['MODEL_DISABLED'], ['NOT_A_MEMBER']]);
      const headed = { token, headers: { 'x-organization-id': other.organization.id } };
      expect((await ask('evaluations', batch, headed)).body.evaluations[0].context.reasons).toEqual(['NOT_A_MEMBER']);
    }
  });

  it('is refused without one, with two, and with one that there is not', async () => {
    const none = await ask('evaluation', question, { token });
    expect([none.status, none.body]).toEqual([403, expect.stringContaining('X-Organization-Id')]);
    const two = { ...question, context: { organization: one.organization.id } };
    const headed = { token, headers: { 'x-organization-id': other.organization.id } };
    expect((await ask('evaluation', two, headed)).status).toBe(400);
    for (const id of ['org_absent', 'x', "' OR 1=1"]) {
      const { status, body } = await ask('evaluation', { ...question, context: { organization: id } }, { token });
      expect([status, body]).toEqual([403, "You don't have access to this organization"]);
    }
  });

  it('needs the scope read', async () => {
    const writer = await aPlatformKey(db, ['usage:write']);
    const asked = { ...question, context: { organization: one.organization.id } };
    expect((await ask('evaluation', asked, { token: writer.token })).status).toBe(403);
  });
});
