import { describe, expect, it } from 'vitest';
import { startService } from '../../kit/service.ts';
import { aModelgateThat, longMs, mistakes, outages, shortMs } from './broken-modelgate.ts';
import { aGovernedOrganization } from './governed-organization.ts';
import { aPythonHost, hasPython } from './python.ts';

const service = await startService();

const lena = { id: '0b5f6c0e-lena', email: 'lena@brightwater.example', name: 'Lena', role: 'user' };

interface Chat {
  body?: object;
  model?: string | undefined;
  user?: object | null;
  base?: string;
  valves?: object;
}

/** A chat as Open WebUI gives it to its filters, whose valves it sets before. */
const aChat = ({ model, user = lena, base, body = {}, valves = {} }: Chat) => ({
  hook: 'inlet',
  body: { model, messages: [{ role: 'user', content: 'Hello' }], ...body },
  __user__: user,
  __model__: { id: model, info: base ? { base_model_id: base } : undefined },
  valves: { timeout_seconds: longMs / 1_000, other_users: 'role:member', ...valves },
});

const openWebui = (url: string, key = 'mgk_test') =>
  aPythonHost('integrations/open-webui/modelgate.py', { MODELGATE_URL: url, MODELGATE_API_KEY: key });

describe.skipIf(!hasPython)('Open WebUI', () => {
  it('sends a chat to a model that its user may use, and tells the user why where it may not', async () => {
    const { url, key, member, stranger } = await aGovernedOrganization(service);
    const { call } = openWebui(url, key.token);
    const subjects = JSON.stringify({ [lena.email]: `user:${member.id}`, 'someone-else': `user:${stranger.id}` });
    const valves = { subjects, other_users: '' };

    const [allowed, wrapped, ...refused] = await call(
      aChat({ model: 'gpt-4o', valves }),
      aChat({ model: 'my-assistant', base: 'gpt-4o', valves }),
      aChat({ model: 'gpt-4o-mini', valves }),
      aChat({ model: 'my-assistant', base: 'gpt-4o-mini', valves }),
      aChat({ model: 'my-assistant', valves }),
      aChat({ model: 'gpt-4o', user: { id: 'someone-else' }, valves }),
    );

    expect(allowed?.result).toEqual({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] });
    expect(wrapped?.result).toMatchObject({ model: 'my-assistant' });
    expect(refused.map(({ detail }) => detail)).toEqual([
      'Your organization does not allow GPT-4o mini (MODEL_DISABLED)',
      'Your organization does not allow GPT-4o mini (MODEL_DISABLED)',
      'There is no model "my-assistant" (UNKNOWN_MODEL)',
      'You do not belong to this organization (NOT_A_MEMBER)',
    ]);
  });

  it('refuses a chat of which it is not known who asks, or for which model', async () => {
    const { url, key, paths } = await aGovernedOrganization(service);
    const { call } = openWebui(url, key.token);

    const outcomes = [
      ...(await call(aChat({ model: 'gpt-4o', valves: { other_users: '' } }))),
      ...(await call(aChat({ model: 'gpt-4o', user: null, valves: { other_users: '' } }))),
      ...(await call(aChat({ model: 'gpt-4o', valves: { subjects: 'lena' } }))),
      ...(await call(aChat({ model: 'gpt-4o', valves: { subjects: '["lena"]' } }))),
      ...(await call(aChat({ valves: { subjects: '{}' } }))),
      ...(await call(aChat({ model: 'gpt-4o', body: { MODEL: 'o3' } }))),
    ];

    expect(outcomes.map(({ detail }) => detail?.replace(/,.*/, ''))).toEqual([
      'Modelgate: it is not known who you are there',
      'Modelgate: it is not known who you are there',
      'Modelgate: the valve subjects is no JSON object',
      'Modelgate: the valve subjects is no JSON object',
      'Modelgate: the chat names no model',
      'Modelgate: the chat names no model',
    ]);
    expect(paths).toEqual([]);
  });

  it('takes settings that change while it runs', async () => {
    const { url, key } = await aGovernedOrganization(service);
    const { call } = openWebui(await aModelgateThat('is away'), key.token);

    const [refused] = await call(aChat({ model: 'gpt-4o' }));
    const [allowed] = await call(aChat({ model: 'gpt-4o', valves: { url } }));

    expect(refused?.detail).toContain('cannot be asked');
    expect(allowed?.result).toMatchObject({ model: 'gpt-4o' });
  });
});

describe.skipIf(!hasPython)('Open WebUI, where Modelgate', () => {
  it.each(outages)('%s: refuses, and lets through if it is told to', async (fault) => {
    const { call, end } = openWebui(await aModelgateThat(fault));

    const valves = { timeout_seconds: shortMs / 1_000 };

    const [closed] = await call(aChat({ model: 'gpt-4o', valves }));
    const [open] = await call(aChat({ model: 'gpt-4o', valves: { ...valves, fail: 'open' } }));

    expect(closed?.detail).toBe('Modelgate cannot be asked whether this model is allowed; try again later');
    expect(open?.result).toMatchObject({ model: 'gpt-4o' });
    expect((await end()).log).toMatch(/the chat is refused[\s\S]*the chat is let through/);
  });

  it.each(mistakes)('%s: refuses with any setting', async (fault) => {
    const { call } = openWebui(await aModelgateThat(fault));

    const [open] = await call(aChat({ model: 'gpt-4o', valves: { fail: 'open' } }));

    expect(open?.detail).toContain('cannot be asked');
  });

  it('has no address yet: refuses', async () => {
    const { call } = openWebui('');

    expect(await call(aChat({ model: 'gpt-4o' }))).toMatchObject([
      { detail: expect.stringContaining('cannot be asked') },
    ]);
  });
});
