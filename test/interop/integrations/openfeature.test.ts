import { join } from 'node:path';
import { OpenFeature, type Provider } from '@openfeature/server-sdk';
import { afterAll, describe, expect, it } from 'vitest';
import { projectFolder } from '../../commands/process.ts';
import { SetAlias } from '../../kit/aliases.ts';
import { aPlatformKey } from '../../kit/platform-keys.ts';
import { startService } from '../../kit/service.ts';
import { aModelgateThat, aServer, longMs, mistakes, outages, shortMs } from './broken-modelgate.ts';
import { aGovernedOrganization } from './governed-organization.ts';

const service = await startService();
const { ModelgateProvider } = await import(join(projectFolder, 'integrations/openfeature/provider.js'));
afterAll(() => OpenFeature.close());

let domains = 0;

/** A client of OpenFeature whose flags come from a Modelgate at this address. */
async function aClient(url: string, apiKey = 'mgk_test', options: object = {}) {
  domains += 1;
  const provider: Provider = new ModelgateProvider({ url, apiKey, timeoutMs: longMs, ...options });
  await OpenFeature.setProviderAndWait(`domain-${domains}`, provider);
  return OpenFeature.getClient(`domain-${domains}`);
}

describe('OpenFeature', () => {
  it('has a flag for each model: whether it is allowed, and why not', async () => {
    const { url, key, member, stranger } = await aGovernedOrganization(service);
    const client = await aClient(url, key.token);
    const context = { targetingKey: `user:${member.id}` };

    expect(await client.getBooleanDetails('model:gpt-4o', false, context)).toMatchObject({
      value: true,
      variant: 'allowed',
      reason: 'TARGETING_MATCH',
    });
    expect(await client.getBooleanDetails('model:gpt-4o-mini', true, context)).toMatchObject({
      value: false,
      variant: 'denied',
      reason: 'TARGETING_MATCH',
      flagMetadata: { reasons: 'MODEL_DISABLED', message: 'Your organization does not allow GPT-4o mini' },
    });
    expect(await client.getBooleanValue('model:gpt-4o', true, { targetingKey: `user:${stranger.id}` })).toBe(false);
  });

  it('acts by a platform key in the organization of its options', async () => {
    const { url, organization, member } = await aGovernedOrganization(service);
    const { token } = await aPlatformKey(service.db, ['read']);
    const context = { targetingKey: `user:${member.id}` };
    const [own, none] = [await aClient(url, token, { organizationId: organization.id }), await aClient(url, token)];

    expect(await own.getBooleanValue('model:gpt-4o', false, context)).toBe(true);
    expect(await own.getBooleanValue('model:gpt-4o-mini', false, context)).toBe(false);
    expect(await none.getBooleanValue('model:gpt-4o', false, context)).toBe(false);
  });

  it('has the model that a name stands for, and no text where it is not allowed', async () => {
    const { url, key, organization, admin, member } = await aGovernedOrganization(service);
    const input = { organizationId: organization.id, name: 'fast', targets: ['gpt-4o'] };
    await service.ask(SetAlias, { input }, { as: admin });
    const client = await aClient(url, key.token);
    const context = { targetingKey: `user:${member.id}` };

    expect(await client.getStringValue('model:fast', 'default', context)).toBe('openai/gpt-4o');
    expect(await client.getStringValue('model:gpt-4o-mini', 'default', context)).toBe('');
  });

  it('is false where nobody is named, or no model', async () => {
    const { url, asked } = await aServer((_asked, response) => response.end('{"decision":true}'));
    const client = await aClient(url);

    expect(await client.getBooleanValue('model:gpt-4o', true)).toBe(false);
    expect(await client.getBooleanValue('model:gpt-4o', true, { targetingKey: 'usr_a' })).toBe(false);
    expect(await client.getBooleanValue('dark-mode', true, { targetingKey: 'user:usr_a' })).toBe(false);
    expect(await client.getNumberDetails('model:gpt-4o', 7)).toMatchObject({ value: 7, errorCode: 'TYPE_MISMATCH' });
    expect(asked).toEqual([]);
  });

  it('asks once while a decision is cached, and anew once it can have changed', async () => {
    const answer = (valid_until: string | null) =>
      JSON.stringify({ decision: true, context: { model: 'a/b', valid_until } });
    const [lasting, ending, unclear] = await Promise.all(
      [null, '2020-01-01T00:00:00Z', 'soon'].map((until) => aServer((_asked, response) => response.end(answer(until)))),
    );

    for (const server of [lasting, ending, unclear]) {
      const client = await aClient(server?.url ?? '', 'mgk_test', { cacheMs: 600_000 });
      for (const _ of [1, 2]) await client.getBooleanValue('model:b', false, { targetingKey: 'user:usr_a' });
    }

    expect([lasting, ending, unclear].map((server) => server?.asked.length)).toEqual([1, 2, 2]);
  });
});

describe('OpenFeature, where Modelgate', () => {
  it.each([...outages, ...mistakes])('%s: is false, whatever the default of the application is', async (fault) => {
    const client = await aClient(await aModelgateThat(fault), 'mgk_test', { timeoutMs: shortMs });

    const details = await client.getBooleanDetails('model:gpt-4o', true, { targetingKey: 'user:usr_a' });

    expect(details).toMatchObject({ value: false, reason: 'ERROR', flagMetadata: { reasons: 'UNDECIDED' } });
    expect(await client.getStringValue('model:gpt-4o', 'gpt-4o', { targetingKey: 'user:usr_a' })).toBe('');
  });
});
