import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { inWords } from '../../src/commands/mcp/reasons.ts';
import { reasons } from '../../src/policy/reasons.ts';
import { anAgent } from '../kit/agent.ts';
import { tokenOf } from '../kit/issuer.ts';
import { anApiKey } from '../kit/keys.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { UpdateOrganization } from '../kit/members.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService, today } from '../kit/service.ts';
import type { World } from '../kit/world.ts';
import { environment, ownFolder, projectFolder, run, script } from './process.ts';

const { ask, aWorld, listener } = await startService();
const { url, close } = await listenOnLoopback(listener);
afterAll(close);
const catalog = readCatalog();

const settle = ({ organization, admin }: World, settings: object) =>
  ask(UpdateSettings, { input: { organizationId: organization.id, ...settings } }, { as: admin });

/** The agent of a service of the organization. */
async function agentOf(world: World) {
  const { token } = await anApiKey({ ask }, world, ['READ']);
  return anAgent(['--org', world.organization.id], { MODELGATE_URL: url, MODELGATE_TOKEN: token });
}

describe('modelgate mcp', () => {
  it('has four tools, which change nothing', async () => {
    const { client, tools } = await agentOf(await aWorld());

    expect(client.getServerVersion()).toMatchObject({ name: 'modelgate' });
    expect(client.getInstructions()).toContain('may_i_use');
    expect(tools.map(({ name }) => name)).toEqual(['which_models', 'may_i_use', 'why', 'what_does_it_cost']);
    for (const { annotations, inputSchema, outputSchema } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true });
      expect([inputSchema.type, outputSchema?.type]).toEqual(['object', 'object']);
    }
  });

  it('lists what may be used, how many there are and the default; no longer what was switched off meanwhile', async () => {
    const world = await aWorld();
    await settle(world, { defaultModelKey: 'gpt-4.1' });
    const { call } = await agentOf(world);

    const all = await call('which_models');
    await settle(world, { disabledProviders: ['anthropic'] });
    const left = await call('which_models', { limit: 100 });
    const found = await call('which_models', { provider: ' OpenAI', search: 'gpt-4.1', limit: 1 });
    const none = await call('which_models', { provider: 'anthropic' });

    const usable = catalog.models.filter(({ retirement }) => retirement === null || retirement > today);
    const total = usable.length - usable.filter(({ provider }) => provider === 'anthropic').length;
    expect(all.structured).toMatchObject({ default: 'openai/gpt-4.1', total: usable.length });
    expect((all.structured as { models: unknown[] }).models).toHaveLength(20);
    expect(all.text).toMatch(/^\d+ models may be used\. The default is openai\/gpt-4\.1\.\n- aitronos\/ftg-3\.0: /);
    expect(all.text).toContain(`${usable.length - 20} others not listed`);
    expect(left.structured).toMatchObject({ total });
    expect(left.text).not.toContain('anthropic/');
    expect(found.structured).toMatchObject({
      models: [{ model: 'openai/gpt-4.1', kind: 'CHAT', contextWindow: 1_047_576, inputCostPer1kTokens: '0.002' }],
    });
    expect(found.text).toContain('1,047,576 tokens of context; $0.002 for 1,000 tokens of input');
    expect(none).toMatchObject({ structured: { total: 0, models: [] }, isError: false });
  });

  it('says whether a model may be used, by any of its names, and why not', async () => {
    const world = await aWorld();
    await settle(world, { disabledModels: ['gpt-4o-mini'], disabledProviders: ['mistral'] });
    const { call } = await agentOf(world);

    const allowed = await call('may_i_use', { model: ' GPT-4o ' });
    const refused = await call('may_i_use', { model: 'openai/gpt-4o-mini' });
    const retired = await call('may_i_use', { model: 'gpt-4-turbo' });
    const unknown = await call('may_i_use', { model: 'gpt-\u001b[31m9' });

    expect(allowed).toMatchObject({
      text: expect.stringMatching(/^Yes, openai\/gpt-4o may be used\./),
      structured: { model: 'openai/gpt-4o', allowed: true, reasons: [] },
    });
    expect(refused).toMatchObject({
      text: expect.stringMatching(/^No, openai\/gpt-4o-mini may not be used\. .+ \(MODEL_DISABLED\)/),
      structured: { model: 'openai/gpt-4o-mini', allowed: false, reasons: ['MODEL_DISABLED'] },
      isError: false,
    });
    expect(retired.structured).toMatchObject({ allowed: false, reasons: ['RETIRED'] });
    expect(unknown).toMatchObject({
      text: expect.stringMatching(/^No, "gpt-\ufffd\[31m9" may not be used\. The catalog has no such model\./),
      structured: { model: null, allowed: false, reasons: ['UNKNOWN_MODEL'] },
      isError: false,
    });
  });

  it.each(reasons)('has a sentence for %s', (reason) => {
    expect(inWords(reason)).toMatch(/^[A-Z][a-z].+\.$/);
  });

  it('says why not in words, what else of the same kind may be used, and whom to ask', async () => {
    const world = await aWorld();
    const contact = { organizationId: world.organization.id, supportContact: 'ai-desk@fernhill.example' };
    await ask(UpdateOrganization, { input: contact }, { as: world.owner });
    await settle(world, { disabledModels: ['text-embedding-3-small'], disabledProviders: ['mistral', 'cohere'] });
    const { call } = await agentOf(world);

    const embedding = await call('why', { model: 'text-embedding-3-small' });
    const unknown = await call('why', { model: 'sonnet' });
    const allowed = await call('why', { model: 'gpt-4o' });

    expect(embedding.structured).toMatchObject({
      model: 'openai/text-embedding-3-small',
      allowed: false,
      reasons: [{ reason: 'MODEL_DISABLED', inWords: 'It is disabled here, by one of its names.' }],
      supportContact: 'ai-desk@fernhill.example',
    });
    const { alternatives } = embedding.structured as { alternatives: string[] };
    expect(alternatives[0]).toBe('openai/text-embedding-3-large');
    expect(new Set(alternatives).size).toBe(alternatives.length);
    for (const key of alternatives) {
      expect(catalog.find(key)?.kind).toBe('EMBEDDING');
      expect(['openai', 'google']).toContain(catalog.find(key)?.provider);
    }
    expect(embedding.text).toMatch(/ of the same kind may be used, such as openai\/text-embedding-3-large/);
    expect(embedding.text).toMatch(/\nWhom to ask about it: ai-desk@fernhill\.example$/);
    expect(unknown.text).toMatch(/^"sonnet" may not be used\. The catalog has no such model\. \(UNKNOWN_MODEL\)\n/);
    expect(unknown.structured).toMatchObject({
      alternatives: expect.arrayContaining([expect.stringContaining('anthropic/claude-sonnet')]),
    });
    expect(allowed).toMatchObject({
      text: 'Nothing is against openai/gpt-4o: it may be used.',
      structured: { allowed: true, reasons: [], alternatives: [] },
    });
  });

  it('tells an admin, and nobody else, what of the policy has decided it', async () => {
    const world = await aWorld();
    const { admin, organization } = world;
    await settle(world, { disabledModels: ['gpt-4o'], reason: 'cost' });
    const parameters = ['--org', organization.id];
    const { call } = await anAgent(parameters, { MODELGATE_URL: url, MODELGATE_TOKEN: await tokenOf(admin) });

    const told = await call('why', { model: 'gpt-4o' });
    const toService = await (await agentOf(world)).call('why', { model: 'gpt-4o' });

    const message = expect.stringMatching(/^"gpt-4o" is switched off for the organization by ADMIN .+ on .+: cost$/);
    expect(told.structured).toMatchObject({ decidedBy: [message] });
    expect(told.text).toMatch(/\nDecided by: "gpt-4o" is switched off for the organization by .+: cost\n/);
    expect(toService.structured).toMatchObject({ decidedBy: null });
    expect(toService.text).not.toContain('Decided by');
  });

  it.each([
    ['gpt-4o', 1_234_567, 89, '3.0873075'],
    ['gpt-4o', Number.MAX_SAFE_INTEGER, 1, '22517998136.8524875'],
    ['text-embedding-3-small', 1, 0, '0.00000002'],
    ['text-embedding-3-small', 1, 1, null],
    ['ftg-3.0', 10, 10, null],
  ])(
    'computes what %s costs for %d and %d tokens exactly; unknown is null',
    async (model, inputTokens, outputTokens, cost) => {
      const { call } = await agentOf(await aWorld());

      const told = await call('what_does_it_cost', { model, inputTokens, outputTokens });

      const { inputCostPer1kTokens = null, outputCostPer1kTokens = null } = catalog.find(model) ?? {};
      expect(told.structured).toMatchObject({ allowed: true, inputCostPer1kTokens, outputCostPer1kTokens, cost });
      expect(told.text).toContain(cost === null ? 'is not known' : ` cost $${cost}.`);
    },
  );

  it('tells the price of a model that may not be used, and that it may not be', async () => {
    const world = await aWorld();
    await settle(world, { disabledModels: ['gpt-4o'] });
    const { call } = await agentOf(world);

    const told = await call('what_does_it_cost', { model: 'gpt-4o' });

    expect(told.text).toMatch(/^openai\/gpt-4o: \$0\.0025 for 1,000 tokens of input, \$0\.01 .* It may not be used/);
    expect(told.structured).toMatchObject({ allowed: false, inputCostPer1kTokens: '0.0025', cost: '0' });
  });
});

describe('what goes wrong is an error of the tool', () => {
  const tools = ['which_models', 'may_i_use', 'why', 'what_does_it_cost'];
  const secret = 'mgk_kept0secret0by0the0command';

  it.each([
    ['a wrong key', async () => secret, async () => url, /^The service does not accept the token: /],
    ['a stranger', async ({ stranger }: World) => tokenOf(stranger), async () => url, /access to this organization/],
    [
      'no service',
      async () => secret,
      async () => {
        const gone = await listenOnLoopback(() => {});
        gone.close();
        return gone.url;
      },
      /^There is no service at \S+ \(ECONNREFUSED\)/,
    ],
    [
      'another service',
      async () => secret,
      async () => {
        const other = await listenOnLoopback((_, response) => void response.writeHead(500).end('<h1>Oops</h1>'));
        onTestFinished(other.close);
        return other.url;
      },
      /is not Modelgate \(its status is 500\)/,
    ],
  ])('with %s, without the key or a stack', async (_, tokenFor, urlFor, message) => {
    const world = await aWorld();
    const token = await tokenFor(world);
    const parameters = ['--org', world.organization.id, '--url', await urlFor()];
    const { call, log } = await anAgent(parameters, { MODELGATE_TOKEN: token });

    for (const name of tools) {
      const told = await call(name, name === 'which_models' ? {} : { model: 'gpt-4o' });

      expect(told).toMatchObject({ isError: true, structured: undefined, text: expect.stringMatching(message) });
      expect(told.text + log.text).not.toContain(token);
      expect(told.text + log.text).not.toMatch(/\n {4}at /);
    }
  });

  it.each([
    ['what_does_it_cost', { model: 'gpt-9' }, /^The catalog has no model "gpt-9"\. The tool which_models/],
    ['what_does_it_cost', { model: 'gpt-4o', inputTokens: -1 }, /inputTokens/],
    ['what_does_it_cost', { model: 'gpt-4o', outputTokens: 0.5 }, /outputTokens/],
    ['which_models', { provider: 'opnai' }, /opnai/],
    ['which_models', { limit: 101 }, /limit/],
    ['may_i_use', {}, /model/],
    ['why', { model: ' ' }, /model/],
    ['delete_model', {}, /delete_model/],
  ])('with bad input: %s %j', async (name, given, message) => {
    const { call } = await agentOf(await aWorld());

    expect(await call(name, given)).toMatchObject({ isError: true, text: expect.stringMatching(message) });
  });

  it('is over once a token is renewed in its file', async () => {
    const world = await aWorld();
    const { token } = await anApiKey({ ask }, world, ['READ']);
    const file = join(await ownFolder(), 'token');
    await writeFile(file, secret);
    const parameters = ['--org', world.organization.id, '--url', url, '--token-file', file];
    const { call } = await anAgent(parameters, {});
    expect(await call('may_i_use', { model: 'gpt-4o' })).toMatchObject({ isError: true });

    await writeFile(file, `${token}\n`);

    expect(await call('may_i_use', { model: 'gpt-4o' })).toMatchObject({ structured: { allowed: true } });
  });
});

describe('the process', () => {
  it('writes nothing but the protocol to its standard output, and ends with its input, after the last answer', async () => {
    const world = await aWorld();
    const { token } = await anApiKey({ ask }, world, ['READ']);
    const child = spawn(process.execPath, [script, 'mcp', '--org', world.organization.id], {
      env: environment({ MODELGATE_URL: url, MODELGATE_TOKEN: token }),
    });
    const request = (id: number, method: string, params: object) => ({ jsonrpc: '2.0', id, method, params });
    const hello = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'agent', version: '1' } };
    const messages = [
      request(1, 'initialize', hello),
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      request(2, 'tools/call', { name: 'may_i_use', arguments: { model: 'gpt-4o' } }),
    ];

    child.stdin.end(`no JSON\n${messages.map((message) => `${JSON.stringify(message)}\n`).join('')}`);
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number]>,
    ]);

    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ jsonrpc, id }) => [jsonrpc, id])).toEqual([
      ['2.0', 1],
      ['2.0', 2],
    ]);
    expect(answers[1].result.structuredContent).toMatchObject({ allowed: true });
    expect(stderr).toContain(`Agents are told about ${world.organization.id} by ${url}/graphql.\n`);
    expect(stderr).not.toContain(token);
    expect(code).toBe(0);
  });

  it.each([
    [[], {}, /^Which organization\? --org ORG\n\nUsage: /],
    [['--org', '../etc'], {}, /^--org must be the id of an organization/],
    [['--org', 'org_1'], { MODELGATE_TOKEN: '' }, /^There is no token\. Set MODELGATE_TOKEN/],
    [['--org', 'org_1', '--url', 'localhost'], {}, /^The address of the service must be one like/],
    [['--org', 'org_1', '--token-file', 'absent'], {}, /^The file absent of --token-file cannot be read/],
    [['--org', 'org_1', 'now'], {}, /^Unexpected argument 'now'/],
  ])('does not start with %j %j', async (parameters, env, message) => {
    const { code, stdout, stderr } = await run(['mcp', ...parameters], { env: { MODELGATE_TOKEN: 'mgk_x', ...env } });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

it('starts as docs/mcp.md configures it', async () => {
  const world = await aWorld();
  const { token } = await anApiKey({ ask }, world, ['READ']);
  const page = await readFile(join(projectFolder, 'docs/mcp.md'), 'utf8');
  const { mcpServers } = JSON.parse(/```json\n(\{\n {2}"mcpServers"[\s\S]*?)```/.exec(page)?.[1] ?? '');
  const { command, args, env } = mcpServers.modelgate as Record<'command', string> & { args: string[]; env: object };

  expect([command, ...args.slice(0, 3)]).toEqual(['npx', '-y', 'modelgate', 'mcp']);
  expect(Object.keys(env)).toEqual(['MODELGATE_URL', 'MODELGATE_TOKEN']);
  const parameters = args.slice(3).map((one) => one.replace('org_abc123def456', world.organization.id));
  const { call } = await anAgent(parameters, { MODELGATE_URL: url, MODELGATE_TOKEN: token });
  expect(await call('may_i_use', { model: 'gpt-4o' })).toMatchObject({ structured: { allowed: true } });
});
