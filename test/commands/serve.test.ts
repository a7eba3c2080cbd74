import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../kit/temporary-postgres.ts';
import {
  addressOf,
  end,
  environment,
  exists,
  isClosed,
  launch,
  ownFolder,
  postmasterOf,
  projectFolder,
  type Running,
  run,
  runs,
} from './process.ts';
import { beginRequest } from './slow-request.ts';

const organizationId = 'org_abc123def456';
/** Of a name that a shell takes apart unless it is quoted. */
let dataDirectory: string;
let first: Running;
let url: string;
let removeData: () => Promise<void>;

beforeAll(async () => {
  const { folder, remove } = await temporaryFolder();
  removeData = remove;
  dataDirectory = join(folder, "Mara's data");
  first = launch(['serve'], { env: { ...onData(), EXT_AUTHZ: 'true' } });
  url = await addressOf(first);
});
afterAll(async () => {
  await end(first);
  await removeData();
});

const onData = (folder = dataDirectory) => ({ DATA_DIR: folder, PORT: '0' });

async function tokenOf(persona: string): Promise<string> {
  return (await run(['token', persona], { env: onData() })).stdout.trim();
}

describe('serve, started for the first time', () => {
  it('says where it is, who is in the demo world, how to get a token and what to try', async () => {
    expect(first.output.stderr).toMatch(new RegExp(`^Creating a PostgreSQL cluster in ${dataDirectory}/postgres\\.\n`));
    expect(first.output.stderr).toContain(
      `Modelgate is ready: ${url}/graphql (open it in a browser for GraphiQL)\nThe console is at ${url}/console\n\n`,
    );
    for (const person of [
      'owner     Mara Lindqvist, OWNER of Brightwater Analytics (org_abc123def456)',
      'admin     Jonas Okafor, ADMIN of Brightwater Analytics (org_abc123def456)',
      'member    Lena Petrova, MEMBER of Brightwater Analytics (org_abc123def456)',
      'outsider  Tomás Rivera, OWNER of Northstar Logistics (org_northstar4821)',
    ]) {
      expect(first.output.stderr).toContain(person);
    }
    expect(first.output.stderr).toMatch(/^ {2}DATA_DIR=\S.* npm run -s token -- admin$/m);
  });

  it('prints a curl line that works when it is pasted into another terminal', async () => {
    const [line = ''] = /^ {2}curl .*$/m.exec(first.output.stderr) ?? [];

    const shell = spawn('sh', ['-c', line], {
      cwd: projectFolder,
      env: environment(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });

    expect(JSON.parse(await text(shell.stdout))).toEqual({
      data: {
        organizationModelSettings: {
          disabledProviders: [],
          disabledModels: [],
          defaultModelKey: null,
          revision: expect.any(Number),
        },
      },
    });
  });

  it('is alive and ready, and shows GraphiQL to a browser', async () => {
    const [health, ready, page] = await Promise.all([
      fetch(`${url}/health`),
      fetch(`${url}/ready`),
      fetch(`${url}/graphql`, { headers: { accept: 'text/html' } }),
    ]);

    expect(health.status).toBe(200);
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }]);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('As the member of the demo world')]);
  });

  it('answers proxies, since it was told to', async () => {
    const authorization = `Bearer ${await tokenOf('member')}`;

    const answer = await fetch(`${url}/ext-authz/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o' }),
    });

    expect([answer.status, answer.headers.get('x-modelgate-model')]).toEqual([200, 'openai/gpt-4o']);
  });

  it('shares neither its port nor its data with a second one', async () => {
    const { port } = new URL(url);
    const samePort = await run(['serve'], { env: { PORT: port, DATA_DIR: await ownFolder() } });
    const sameData = await run(['serve'], { env: onData() });

    expect(samePort).toEqual({
      code: 1,
      stdout: '',
      stderr: `Port ${port} is in use. Stop what listens there, or set PORT to another: PORT=${Number(port) + 1} npm start\n`,
    });
    expect(sameData).toEqual({
      code: 1,
      stdout: '',
      stderr: `The data folder ${dataDirectory}/postgres is in use by another Modelgate (process ${first.child.pid}). Stop it, or set DATA_DIR to another folder.\n`,
    });
    expect((await fetch(`${url}/ready`)).status).toBe(200);
  });
});

describe('serve, told to stop', () => {
  it('answers what is in flight, though Ctrl-C comes by several ways, and PostgreSQL ends with it', async () => {
    const postmaster = await postmasterOf(dataDirectory);
    const request = await beginRequest(
      url,
      await tokenOf('admin'),
      `mutation { updateModelSettings(input: { organizationId: "${organizationId}", disabledProviders: ["google"] }) { __typename } }`,
    );

    first.child.kill('SIGINT');
    first.child.kill('SIGTERM');
    first.child.kill('SIGHUP');
    await isClosed(url);
    const answer = await request.finish();
    const { code, stderr } = await first.outcome;

    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain('{"data":{"updateModelSettings":{"__typename":"OrganizationModelSettings"}}}');
    expect(code).toBe(0);
    expect(stderr).toMatch(/Ctrl-C stops it\.\n\n$/);
    expect(exists(postmaster)).toBe(false);
  });

  it('finds its data when npm start starts it again, and ends as well where only npm is told to', async () => {
    const again = runs(['start', '--silent'], { program: 'npm', env: onData(), detached: true });
    const address = await addressOf(again);
    const postmaster = await postmasterOf(dataDirectory);

    const settings = await readSettings(address);
    again.child.kill('SIGTERM');
    const [code] = await once(again.child, 'exit');

    expect(settings).toEqual({ disabledProviders: ['google'], revision: 1 });
    expect(again.output.stderr).toMatch(/^\nModelgate is ready/);
    expect(code).toBe(0);
    expect(exists(postmaster)).toBe(false);
  });
});

describe('serve, in trouble', () => {
  it('starts its PostgreSQL again when that is killed, with its data, and ends when it is killed ever again', async () => {
    const service = runs(['serve'], { env: onData() });
    const address = await addressOf(service);
    const isReady = () => fetch(`${address}/ready`).then(({ ok }) => ok);
    const killed: number[] = [];
    const kill = async () => {
      while (!(await isReady())) await sleep(20);
      const postmaster = await postmasterOf(dataDirectory);
      process.kill(postmaster, 'SIGKILL');
      killed.push(postmaster);
      while (await isReady().catch(() => false)) await sleep(5);
    };

    await kill();
    const health = await fetch(`${address}/health`);
    await kill();
    while (!(await isReady())) await sleep(20);
    const settings = await readSettings(address);
    await kill();
    await kill();
    const { code, stderr } = await service.outcome;

    const ended = killed.map(
      (pid) => `PostgreSQL (process ${pid}) ended unexpectedly; its log is ${dataDirectory}/postgres.log.\n`,
    );
    const again = `Starting PostgreSQL again; its log up to now is ${dataDirectory}/postgres.log.1.\n`;
    expect(health.status).toBe(200);
    expect(settings).toEqual({ disabledProviders: ['google'], revision: 1 });
    expect(code).toBe(1);
    expect(stderr.slice(stderr.indexOf('PostgreSQL (process'))).toBe(
      `${ended.join(again)}PostgreSQL is not started again, since it ended 4 times within a minute.\n` +
        'The service has stopped, since its database is gone. Its data is kept.\n',
    );
  });
});

async function readSettings(address: string): Promise<unknown> {
  const query = `{ organizationModelSettings(organizationId: "${organizationId}") { disabledProviders revision } }`;
  const answer = await fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf('member')}` },
    body: JSON.stringify({ query }),
  });
  const { data } = (await answer.json()) as { data: { organizationModelSettings: unknown } };
  return data.organizationModelSettings;
}
