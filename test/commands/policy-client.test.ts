import { writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listenOnLoopback } from '../kit/loopback.ts';
import { ownFolder, run, script } from './process.ts';

const secret = 'mgk_kept0secret0by0the0command';
const policy = (parameters: string[], env: Record<string, string> = {}) =>
  run(['policy', ...parameters], { env: { MODELGATE_URL: '', MODELGATE_TOKEN: secret, ...env } });
const exported = ['export', '--org', 'org_1'];

/** What answers at an address, and is not Modelgate as it should be. */
async function answering(listener: RequestListener): Promise<string> {
  const { url, close } = await listenOnLoopback(listener);
  onTestFinished(close);
  return url;
}

const withJson = (body: object, status = 200) =>
  answering((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });

/** A port at which nobody listens. */
async function nowhere(): Promise<string> {
  const { url, close } = await listenOnLoopback(() => {});
  close();
  return url;
}

describe('the command policy, where it cannot do its work,', () => {
  it.each([
    [[], /What shall be done\?\n\nUsage: /],
    [['delete'], /There is no "policy delete"\. What shall be done\?/],
    [['toString'], /There is no "policy toString"/],
    [['plan', '-f', 'policy.yaml'], /Which organization\? --org ORG/],
    [['plan', '--org', 'org_1'], /Which file\? -f FILE/],
    [['plan', '--org', '../etc', '-f', '{org}'], /--org must be the id of an organization/],
    [['export', '--org', 'org_1', '--format', 'toml'], /--format must be json or yaml, not "toml"/],
    [['export', '--org', 'org_1', '--at-revision', '-1'], /--at-revision/],
    [['export', '--org', 'org_1', '--org', 'org_2'], /Several organizations need a file for each/],
    [['export', '--org', 'org_1', '--json'], /Unknown option '--json'\.\n\nUsage: /],
    [
      ['plan', '--org', 'org_1', '-f', 'absent.yaml'],
      /^absent\.yaml cannot be read \(ENOENT\)\.\nNothing was changed\.\n$/,
    ],
    [['export', '--org', 'org_1', '--token-file', 'absent'], /The file absent of --token-file cannot be read/],
  ])('says so of %j', async (parameters, message) => {
    const { code, stdout, stderr } = await policy(parameters);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it.each([
    [{ MODELGATE_TOKEN: '' }, /There is no token\. Set MODELGATE_TOKEN/],
    [{ MODELGATE_TOKEN: `${secret}\nx: y` }, /The token has characters that no token has/],
    [{ MODELGATE_URL: 'localhost:4000' }, /must be one like https:\/\/modelgate\.example/],
    [{ MODELGATE_URL: `https://me:${secret}@modelgate.example` }, /must be one like .*, without a password/],
  ])('says so of its environment, without the secret', async (env, message) => {
    const { code, stdout, stderr } = await policy(exported, env);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(secret);
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ['nobody listens', nowhere, /There is no service at \S+ \(ECONNREFUSED\)\. Give its address as --url/],
    [
      'there is something else',
      () => answering((_request, response) => void response.writeHead(404).end('<h1>Not found</h1>')),
      /is not Modelgate \(its status is 404\)/,
    ],
    [
      'there is another address',
      () => answering((_request, response) => void response.writeHead(301, { location: 'https://a.example' }).end()),
      /redirects to another address/,
    ],
    [
      'the answer does not end',
      () =>
        answering((_request, response) => {
          const more = () => void (response.destroyed || response.write('a'.repeat(1_000_000), more));
          more();
        }),
      /^The answer of \S+ is longer than 20000000 bytes\.\n$/,
    ],
    [
      'the document has what a terminal would obey',
      () => withJson({ data: { policyDocument: 'disabledModels: ["\u001b[2J"]\n' } }),
      /answers what this program does not understand/,
    ],
    ['the connection breaks off', () => answering((request) => void request.socket.destroy()), /could not be reached/],
    [
      'the token is not accepted',
      () =>
        withJson(
          { errors: [{ message: 'The token has expired', extensions: { code: 'AUTHENTICATION_REQUIRED' } }] },
          401,
        ),
      /^The service does not accept the token: The token has expired\. Set MODELGATE_TOKEN/,
    ],
    [
      'the caller may not',
      () =>
        withJson(
          { errors: [{ message: 'You must be an Admin or Owner', extensions: { code: 'INSUFFICIENT_PERMISSIONS' } }] },
          403,
        ),
      /^You must be an Admin or Owner\.\n$/,
    ],
    [
      'an answer would command the terminal',
      () => withJson({ errors: [{ message: 'A \u001b[31mred\nword' }] }, 400),
      /^A \ufffd\[31mred\ufffdword\.\n$/,
    ],
    [
      'the service is older',
      () => withJson({ errors: [{ message: 'Cannot query field "policyDocument" on type "Query".' }] }, 400),
      /Cannot query field/,
    ],
  ])('says so where %s, without the secret', async (_, start, message) => {
    const { code, stdout, stderr } = await policy([...exported, '--url', await start()]);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain(secret);
    expect(stderr).not.toContain('    at ');
  });

  it('reads a token once, since what a shell gives as a file can be read once', async () => {
    const seen: unknown[] = [];
    const url = await answering((request, response) => {
      seen.push(request.headers.authorization);
      response.setHeader('content-type', 'application/json').end('{"data":{"policyDocument":"{}\\n"}}');
    });
    const folder = await ownFolder();
    const orgs = '--org org_1 --org org_2';
    const command = `"${process.execPath}" "${script}" policy export ${orgs} -f '${folder}/{org}.json' --url ${url} --token-file <(echo own)`;

    expect(await run(['-c', command], { program: '/bin/bash' })).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(seen).toEqual(['Bearer own', 'Bearer own']);
  });

  it('sends the token of each organization to its service, with or without the path in the address', async () => {
    const seen: unknown[] = [];
    const url = await answering((request, response) => {
      seen.push([request.method, request.url, request.headers.authorization]);
      response.setHeader('content-type', 'application/json').end('{"data":{"policyDocument":"{}\\n"}}');
    });
    const folder = await ownFolder();
    await writeFile(join(folder, 'org_1.key'), 'one\n');
    await writeFile(join(folder, 'org_2.key'), 'two\n');
    const pattern = join(folder, '{org}.json');

    const keys = ['--token-file', join(folder, '{org}.key')];
    const outcome = await policy([
      'export',
      '--org',
      'org_1',
      '--org',
      'org_2',
      '-f',
      pattern,
      ...keys,
      '--url',
      `${url}/graphql/`,
    ]);

    expect(outcome).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(seen).toEqual([
      ['POST', '/graphql', 'Bearer one'],
      ['POST', '/graphql', 'Bearer two'],
    ]);
  });
});
