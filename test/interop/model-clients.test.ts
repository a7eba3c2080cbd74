import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { aliasesOf } from '../kit/aliases.ts';
import { tokenOf } from '../kit/issuer.ts';
import { anApiKey } from '../kit/keys.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { addressOf } from './asked.ts';

const service = await startService();
const url = (await addressOf(service)).replace(/\/graphql$/, '/openai');
const world = await service.aWorld();
const { organization, admin, member, stranger } = world;
await service.ask(
  UpdateSettings,
  { input: { organizationId: organization.id, disabledProviders: ['google'], disabledModels: ['gpt-4o-mini'] } },
  { as: admin },
);
await aliasesOf(service).set(world, 'fast', ['anthropic/claude-sonnet-5-5']);
const { token: apiKey } = await anApiKey(service, world, ['READ']);
await service.heard();

const openAi = (key = apiKey, more: object = {}) =>
  new OpenAI({ apiKey: key, baseURL: `${url}/v1`, maxRetries: 0, ...more });
const anthropic = (options: object = { apiKey }) =>
  new Anthropic({ authToken: null, apiKey: null, baseURL: url, maxRetries: 0, ...options });

describe('the client of OpenAI', () => {
  it('lists the models that its key may use, and finds one', async () => {
    const { data } = await openAi().models.list();
    const ids = data.map(({ id }) => id);

    expect(ids).toEqual(expect.arrayContaining(['fast', 'gpt-4o']));
    expect(ids.filter((id) => /gemini|^gpt-4o-mini$/.test(id))).toEqual([]);
    expect(await openAi().models.retrieve('gpt-4o')).toEqual(data.find(({ id }) => id === 'gpt-4o'));
    expect(await openAi().models.retrieve('openai/gpt-4o')).toMatchObject({ id: 'gpt-4o' });
  });

  it('is a user with a token, in the organization that a header names', async () => {
    const client = openAi(await tokenOf(member), { defaultHeaders: { 'x-organization-id': organization.id } });

    expect((await client.models.list()).data.length).toBeGreaterThan(0);
    const foreign = openAi(await tokenOf(stranger), { defaultHeaders: { 'x-organization-id': organization.id } });
    await expect(foreign.models.list()).rejects.toBeInstanceOf(OpenAI.PermissionDeniedError);
  });

  it('has errors of its own classes', async () => {
    await expect(openAi().models.retrieve('gpt-4o-mini')).rejects.toMatchObject({
      constructor: OpenAI.NotFoundError,
      code: 'model_not_found',
      param: 'model',
      message: '404 Your organization does not allow GPT-4o mini',
    });
    await expect(openAi('no.token').models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    const call = openAi().chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] });
    await expect(call).rejects.toMatchObject({
      constructor: OpenAI.NotFoundError,
      message: expect.stringContaining('it forwards no calls'),
    });
  });
});

describe('the client of Anthropic', () => {
  it('pages through the models that its key may use, each once', async () => {
    const found: string[] = [];
    for await (const { id, type } of anthropic().models.list({ limit: 7 })) {
      expect(type).toBe('model');
      found.push(id);
    }
    const listed = (await openAi().models.list()).data.map(({ id }) => id);

    expect(found.toSorted()).toEqual(listed.toSorted());
  });

  it('has the fields of a page, and pages back', async () => {
    const first = await anthropic().models.list({ limit: 3 });
    expect(first).toMatchObject({ has_more: true, first_id: first.data[0]?.id, last_id: first.data[2]?.id });
    expect(first.hasNextPage()).toBe(true);

    const second = await first.getNextPage();
    const back = await anthropic().models.list({ limit: 3, before_id: second.first_id ?? '' });
    expect(back.data).toEqual(first.data);
  });

  it('resolves an alias, by a key or a token', async () => {
    for (const client of [anthropic(), anthropic({ authToken: apiKey })]) {
      expect(await client.models.retrieve('fast')).toMatchObject({
        id: 'fast',
        type: 'model',
        resolves_to: 'anthropic/claude-sonnet-5-5',
        max_input_tokens: expect.any(Number),
        capabilities: null,
      });
    }
  });

  it('has errors of its own classes', async () => {
    await expect(anthropic().models.retrieve('gemini-2.5-pro')).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    await expect(anthropic({ apiKey: 'no.token' }).models.list()).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    await expect(anthropic().models.list({ limit: 2_000 })).rejects.toBeInstanceOf(Anthropic.BadRequestError);
    const call = anthropic().messages.create({ model: 'claude-sonnet-5-5', max_tokens: 1, messages: [] });
    await expect(call).rejects.toBeInstanceOf(Anthropic.NotFoundError);
  });
});
