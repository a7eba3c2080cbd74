import { type ChildProcess, execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiled, exchange, startNode, stop } from '../child.ts';
import { type Running, startContender } from '../contender.ts';
import { organizationId, userOf } from '../processes/population.ts';
import type { Usage } from '../processes/report.ts';
import type { Decided, Following } from '../processes/sdk-follower.ts';
import type { Counting, Opening } from '../processes/streams.ts';
import { judgeTimes, type Verdict } from '../verdict.ts';
import type { World } from '../world.ts';

const root = join(import.meta.dirname, '../..');

/** Streams of one process, where the machine lets it have so many files open. */
const wanted = 20_000;
const organizations = 20;

/** Files that a process has open beside its streams. */
const otherFiles = 500;

/** Processes with the SDK, and changes that they are told of; the first ones warm them up. */
const followers = 100;
const changes = 30;
const warmUps = 10;

const model = 'openai/gpt-4o';
const pathOf = (organization: number) => `/v1/organizations/${organizationId(organization)}/snapshot/stream`;

/** What the SDK lives on: how many streams a process holds, how soon a change is decided by elsewhere, what a relay saves. */
export async function measureStreams(world: World, say: (line: string) => void): Promise<Verdict[]> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
  const limits = {
    MAX_SNAPSHOT_STREAMS: '100000',
    MAX_SNAPSHOT_STREAMS_PER_ORGANIZATION: '100000',
    MAX_SNAPSHOT_STREAMS_PER_VIEWER: '100000',
  };
  const start = () => startContender('modelgate', world, { env: { LEDGER_SIGNING_KEY: key, ...limits } });
  return [
    ...(await measureOpen(world, await start(), say)),
    ...(await measureDelay(world, await start(), say)),
    ...(await measureRelay(world, await start(), say)),
  ];
}

/** How much memory the service has taken with so many streams open, to which it has written. */
async function measureOpen(world: World, running: Running, say: (line: string) => void): Promise<Verdict[]> {
  const allowed = Number(execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' })) || wanted + otherFiles;
  const count = Math.min(wanted, allowed - otherFiles);
  const before = (await running.usage()).rss;
  const port = Number(new URL(running.url).port);
  const streams = Array.from({ length: organizations }, (_, organization) => ({
    path: pathOf(organization),
    token: world.mint(userOf(organization)),
  }));
  const clients = ['127.0.0.1', '127.0.0.2'].map((localAddress) => ({ client: startStreams(), localAddress }));
  await Promise.all(
    clients.map(({ client, localAddress }) =>
      tell(client, { kind: 'open', port, localAddress, streams, count: count / clients.length }),
    ),
  );
  say(`  ${count} streams are open: ${((await running.usage()).rss / 1e6).toFixed(0)} MB`);
  for (let organization = 0; organization < organizations; organization += 1)
    await change(world, running, organization, 1);
  await Promise.all(clients.map(({ client }) => tell(client, { kind: 'count', events: (2 * count) / clients.length })));
  const { rss } = await running.usage();
  await Promise.all(clients.map(({ client }) => stop(client)));
  await running.stop();
  const each = (rss - before) / count;
  const all = before + each * wanted;
  return [
    {
      title: `RSS with ${count} streams of snapshots open, after an event to each${count < wanted ? `; the machine allows no more files, by ${(each / 1e3).toFixed(1)} kB each ${wanted} take ${(all / 1e6).toFixed(0)} MB` : ''}`,
      value: `${(rss / 1e6).toFixed(0)} MB`,
      needed: `≤ 1000 MB with ${wanted}`,
      isReached: all <= 1e9,
    },
  ];
}

/** How long after a change was sent the decisions of all processes with the SDK are by it. */
async function measureDelay(world: World, running: Running, say: (line: string) => void): Promise<Verdict[]> {
  await change(world, running, 0, 0);
  const children = await startFollowers(running.url, followers, world.mint(userOf(0)));
  say(`  ${followers} processes decide`);
  const delays = await delaysOf(world, running, children, say);
  say(`  ${judgeDelay('they decide by a change after', delays).value}`);
  await Promise.all(children.map(stop));
  await running.stop();
  return [judgeDelay(`a change counts in ${followers} processes with the SDK after, p99`, delays)];
}

/** The same by a relay, which holds one stream for ten times as many and more. */
async function measureRelay(world: World, running: Running, say: (line: string) => void): Promise<Verdict[]> {
  const token = world.mint(userOf(0));
  const relay = startNode(
    [
      ...['--import', compiled('processes/report.js'), join(root, 'bin/modelgate.cjs'), 'relay'],
      ...['--org', organizationId(0), '--url', running.url, '--port', '0'],
    ],
    {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      env: { ...process.env, MODELGATE_TOKEN: token },
    },
  );
  const url = await addressOf(relay);
  const count = 5_000;
  const client = startStreams();
  const streams = [{ path: pathOf(0), token }];
  await tell(client, { kind: 'open', port: Number(new URL(url).port), localAddress: '127.0.0.1', streams, count });
  const upstream = streamsOpened(world);
  const before = await running.usage();
  await change(world, running, 0, 1);
  await tell(client, { kind: 'count', events: 2 * count });
  const used = (await running.usage()).cpu - before.cpu;
  const { rss } = await exchange<Usage>(relay, {});
  say(
    `  a relay with ${count} streams: ${(rss / 1e6).toFixed(0)} MB; the service took ${(used / 1e3).toFixed(0)} ms of CPU`,
  );
  await change(world, running, 0, 0);
  const children = await startFollowers(url, 10, token);
  const delays = await delaysOf(world, running, children, say);
  await Promise.all([...children, client, relay].map(stop));
  await running.stop();
  return [
    {
      title: `streams of a relay for each that it holds at the service`,
      value: `${(count / upstream).toFixed(0)} × (${upstream} for ${count})`,
      needed: '≥ 10 ×',
      isReached: count / upstream >= 10,
    },
    judgeDelay('a change counts in 10 processes behind a relay after, p99', delays),
  ];
}

const judgeDelay = (title: string, delays: readonly number[]) => judgeTimes(title, delays, { share: 0.99, most: 200 });

/** From when a change is sent: its commit is later, so that this is no less than what is to be measured. */
async function delaysOf(
  world: World,
  running: Running,
  children: readonly ChildProcess[],
  say: (line: string) => void,
): Promise<number[]> {
  const delays: number[] = [];
  const cpu: number[] = [];
  for (let number = 0; number < changes; number += 1) {
    const isAllowed = number % 2 === 1;
    const decided = children.map((child) => next(child, ({ allowed }) => allowed === isAllowed));
    const sentAt = performance.timeOrigin + performance.now();
    await change(world, running, 0, isAllowed ? 0 : 1);
    const at = await Promise.all(decided);
    if (number >= warmUps) delays.push(...at.map((decision) => decision.at - sentAt));
    if (number === warmUps - 1 || number === changes - 1) cpu.push(at.reduce((sum, decision) => sum + decision.cpu, 0));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const [from = 0, to = 0] = cpu;
  const each = (to - from) / (changes - warmUps) / children.length;
  say(`  a change takes ${(each / 1e3).toFixed(2)} ms of CPU of each of ${children.length} processes`);
  return delays;
}

async function startFollowers(url: string, count: number, apiKey: string): Promise<ChildProcess[]> {
  const options = { url, apiKey, organizationId: organizationId(0), timeoutMs: 30_000 };
  const following: Following = { sdk: join(root, 'dist/sdk.js'), model, options };
  const children: ChildProcess[] = [];
  const startInTurn = async () => {
    while (children.length < count) {
      const child = startNode([compiled('processes/sdk-follower.js')], {
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      });
      children.push(child);
      const first = next(child, () => true);
      child.send(following);
      await first;
    }
  };
  // To start all at once would take all processors for a while, and each of them would be late.
  await Promise.all([startInTurn(), startInTurn(), startInTurn()]);
  return children;
}

/** The next decision of a process that is so. */
function next(child: ChildProcess, isSo: (decision: Decided) => boolean): Promise<Decided> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new Error(`Process ${child.pid} has ended`));
    const listen = (decision: Decided) => {
      if (!isSo(decision)) return;
      child.off('message', listen).off('exit', fail);
      resolve(decision);
    };
    child.on('message', listen).once('exit', fail);
  });
}

/** Switches the model on or off: as often as it is in the list. */
async function change(world: World, { url }: Pick<Running, 'url'>, organization: number, times: 0 | 1): Promise<void> {
  const query = `mutation ($input: UpdateModelSettingsInput!) { updateModelSettings(input: $input) { __typename } }`;
  const input = {
    organizationId: organizationId(organization),
    disabledProviders: [],
    disabledModels: times === 1 ? [model] : [],
    defaultModelKey: null,
  };
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.mint(userOf(organization))}` },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const text = await response.text();
  if (!text.includes('"OrganizationModelSettings"')) throw new Error(text);
}

function startStreams(): ChildProcess {
  return startNode([compiled('processes/streams.js')], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

async function tell(client: ChildProcess, message: Opening | Counting): Promise<void> {
  const { fault, cut } = await exchange<{ fault?: string; cut?: number }>(client, message);
  if (fault !== undefined || cut !== 0) throw new Error(fault ?? `${cut} streams were cut`);
}

/** How many streams were opened at the service that was started last, by its log. */
function streamsOpened(world: World): number {
  const lines = readFileSync(join(world.folder, 'modelgate.log'), 'utf8').split('\n');
  return lines.filter((line) => line.includes('/snapshot/stream')).length;
}

async function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /ready: (http:\/\/[^/\s]+)/i.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`The relay has ended, saying: ${said}`)));
  });
}
