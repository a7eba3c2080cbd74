import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environment, projectFolder, runs } from '../../commands/process.ts';
import { aModelgateThat, aServer, longMs } from './broken-modelgate.ts';
import { startedAt } from './processes.ts';
import { hasPython } from './python.ts';

const { createGate } = await import(join(projectFolder, 'integrations/ask.js'));

const subject = { type: 'user', id: 'usr_a' };
const secret = 'mgk_secret\nof two lines';

/** Addresses of nothing that can be asked: with `open` none of them may count as an outage. */
const addresses = [undefined, '', 'localhost:4000', 'ftp://modelgate.example.com', 'https://me:secret@127.0.0.1:9'];

const answering = () => aServer((_asked, response) => response.end('{"decision":true,"context":{"model":"a/b"}}'));

describe('what asks by ask.js', () => {
  it.each(addresses)('is told that %s is no address', (url) => {
    expect(() => createGate({ url, apiKey: 'mgk_test' })).toThrow(/must be one like https:.*MODELGATE_URL/);
  });

  it.each([
    [{ apiKey: undefined }, 'MODELGATE_API_KEY'],
    [{ apiKey: secret }, 'MODELGATE_API_KEY'],
    [{ timeoutMs: Number('2s') }, 'MODELGATE_TIMEOUT_MS'],
    [{ cacheMs: Number('5s') }, 'MODELGATE_CACHE_MS'],
  ])('is told which setting is wrong: %o', (options, variable) => {
    const create = () => createGate({ url: 'http://127.0.0.1:9', apiKey: 'mgk_test', ...options });

    expect(create).toThrow(variable);
    expect(create).not.toThrow('secret');
  });

  it('takes the address of the graph, and a key with a line end', async () => {
    const { url, asked } = await answering();

    await createGate({ url: `${url}/graphql/`, apiKey: 'mgk_test\n' }).decide(subject, 'b');

    expect(asked).toMatchObject([{ path: '/access/v1/evaluation', key: 'Bearer mgk_test' }]);
  });

  it('is told where there is no Modelgate', async () => {
    const away = await aModelgateThat('is away');
    const { url: other } = await aServer((_asked, response) => response.writeHead(404).end('Not here'));

    await expect(createGate({ url: away, apiKey: 'mgk_test' }).decide(subject, 'b')).rejects.toThrow(
      `it did not answer at ${away} (ECONNREFUSED)`,
    );
    await expect(createGate({ url: other, apiKey: 'mgk_test' }).decide(subject, 'b')).rejects.toThrow(
      `there is no Modelgate at ${other}`,
    );
  });
});

describe('the webhook for Portkey', () => {
  const webhook = (env: Record<string, string>) =>
    runs([join(projectFolder, 'integrations/portkey/webhook.js')], {
      program: process.execPath,
      env: { MODELGATE_URL: 'http://127.0.0.1:9', MODELGATE_API_KEY: 'mgk_test', PORT: '0', ...env },
    });

  it.each([
    ['MODELGATE_URL', 'localhost:4000'],
    ['MODELGATE_API_KEY', ''],
    ['MODELGATE_API_KEY', secret],
    ['MODELGATE_TIMEOUT_MS', '2s'],
    ['MODELGATE_FAIL', 'opn'],
    ['MODELGATE_SUBJECT', 'member'],
    ['PORT', 'http'],
  ])('ends with a sentence that names %s', async (name, value) => {
    const { code, stderr } = await webhook({ [name]: value }).outcome;

    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`^[^\n]*${name}[^\n]*\\.\n$`));
    expect(stderr).not.toContain('mgk_secret');
  });

  it('says where it is, and that its port is in use', async () => {
    const first = webhook({});
    const [, port = ''] = await first.says(/ready: http:\/\/127\.0\.0\.1:(\d+)\n/);

    expect(await webhook({ PORT: port }).outcome).toMatchObject({
      code: 1,
      stderr: `Port ${port} is in use. Stop what listens there, or set PORT to another.\n`,
    });
  });
});

describe('the Worker', () => {
  const workerd = join(projectFolder, 'test/interop/node_modules/workerd/bin/workerd');
  const config = join(projectFolder, 'integrations/cloudflare-worker/workerd.capnp');

  it.each([
    ['MODELGATE_URL', ''],
    ['MODELGATE_API_KEY', ''],
    ['PROVIDER', ''],
    ['PROVIDER_URL', ''],
    ['PROVIDER_API_KEY', ''],
    ['CALLERS', ''],
    ['CALLERS', '{gateway-token:user}'],
    ['CALLERS', '{"gateway-token":"usr_a"}'],
  ])('refuses, and its log names %s: %s', async (name, value) => {
    const { url: modelgate } = await answering();
    const worker = await startedAt((port) => ({
      parameters: [workerd, 'serve', config, '--socket-addr', `http=127.0.0.1:${port}`],
      env: {
        MODELGATE_URL: modelgate,
        MODELGATE_API_KEY: 'mgk_test',
        MODELGATE_TIMEOUT_MS: `${longMs}`,
        PROVIDER: 'a',
        PROVIDER_URL: 'http://127.0.0.1:9',
        PROVIDER_API_KEY: 'sk-provider',
        CALLERS: '{"gateway-token":"user:usr_a"}',
        [name]: value,
      },
    }));

    const { status } = await fetch(`${worker.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer gateway-token' },
      body: '{"model":"b"}',
    });

    expect(status).toBe(500);
    const log = () => worker.output.stderr + worker.output.stdout;
    await expect.poll(log).toContain(name);
    expect(log()).not.toContain('gateway-token');
  });
});

describe.skipIf(!hasPython)('modelgate.py, tried with its settings', () => {
  const files = ['integrations/litellm/modelgate.py', 'integrations/open-webui/modelgate.py'];
  const tried = (file: string, env: Record<string, string>, asked = ['user:usr_a', 'b']) => {
    const all = environment({ MODELGATE_URL: 'http://127.0.0.1:9', MODELGATE_API_KEY: 'mgk_test', ...env });
    const options = { cwd: projectFolder, env: all, encoding: 'utf8' } as const;
    const { status, stderr } = spawnSync('python3', ['-B', file, ...asked], options);
    return { status, stderr };
  };
  const ofBoth: [string, string][] = [
    ...addresses.slice(1).map((url): [string, string] => ['MODELGATE_URL', url ?? '']),
    ['MODELGATE_API_KEY', ''],
    ['MODELGATE_API_KEY', secret],
  ];
  const ofLitellm = [
    ['MODELGATE_TIMEOUT_SECONDS', '2s'],
    ['MODELGATE_CACHE_SECONDS', '5s'],
    ['MODELGATE_FAIL', 'opn'],
    ['MODELGATE_SUBJECTS', 'role=member'],
    ['MODELGATE_SUBJECTS', 'person:user_id'],
  ];

  it.each([
    ...files.flatMap((file) => ofBoth.map(([name, value]) => [file, name, value])),
    ...ofLitellm.map(([name, value]) => [files[0], name, value]),
  ] as [string, string, string][])('%s says what is wrong with %s', (file, name, value) => {
    const { status, stderr } = tried(file, { [name]: value });

    expect(status).toBe(2);
    expect(stderr).toMatch(new RegExp(`^Modelgate cannot be asked: [^\n]*${name}[^\n]*\n$`));
    expect(stderr).not.toContain('secret');
  });

  it.each(files)('%s asks for a subject that there can be', (file) => {
    for (const asked of [[], ['usr_a', 'b'], ['person:usr_a', 'b'], ['user:', 'b']])
      expect(tried(file, {}, asked)).toEqual({
        status: 2,
        stderr: 'Give a subject (user, service, team, role) and a model: user:usr_… gpt-4o-mini\n',
      });
  });

  it.each(files)('%s says where there is no Modelgate', async (file) => {
    const away = await aModelgateThat('is away');

    expect(tried(file, { MODELGATE_URL: `${away}/graphql` }).stderr).toBe(
      `Modelgate cannot be asked: it did not answer at ${away} (ConnectionRefusedError)\n`,
    );
  });
});
