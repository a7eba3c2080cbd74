import { type Running, startContender } from '../contender.ts';
import { catalogFile, models } from '../fill.ts';
import { type Cerbos, startCerbos } from '../peers/cerbos.ts';
import { readModels } from '../processes/decision.ts';
import { type Connection, openConnection, writeRequest } from '../processes/http-client.ts';
import { organizationId, settingsOf, userOf } from '../processes/population.ts';
import { median } from '../table.ts';
import { judgeRatio, type Verdict } from '../verdict.ts';
import type { World } from '../world.ts';

const organization = 1;
const connections = 32;
const names = ['service', 'cerbos', 'batch', 'new batch'] as const;

/** Questions in a batch. */
const batch = 200;

interface Times {
  warmUpMs: number;
  slices: number;
  sliceMs: number;
}

/** Something that is asked, as it goes over the wire, and the CPU that it takes its process. */
interface Asked {
  url: string;
  requests: readonly string[];
  cpu: () => Promise<number>;
}

/**
 * AuthZEN's evaluations beside Cerbos, which decides by the same lists: one question a request, in turn, in short slices. The service
 * verifies an API key, counts limits and logs each request; Cerbos does none of it. And a batch beside one question.
 */
export async function measureAuthzen(world: World, isQuick: boolean, say: (line: string) => void): Promise<Verdict[]> {
  const times: Times = isQuick
    ? { warmUpMs: 3_000, slices: 6, sliceMs: 700 }
    : { warmUpMs: 8_000, slices: 12, sliceMs: 1_500 };
  const service = await startContender('modelgate', world);
  const settings = settingsOf(organization, models);
  const keyOf = (name: string) =>
    readModels(catalogFile).filter(({ modelId, provider }) => name === modelId || name === `${provider}/${modelId}`);
  const disabledModels = settings.disabledModels
    .flatMap(keyOf)
    .map(({ provider, modelId }) => `${provider}/${modelId}`);
  const cerbos = await startCerbos(world.folder, { ...settings, disabledModels });
  const token = await createApiKey(service, world);
  const keys = models.map(({ provider, modelId }) => `${provider}/${modelId}`);
  await checkAgreement(service, cerbos, token, keys);

  const requestTo = (url: string, path: string, body: object, bearer?: string) =>
    writeRequest(url, { path, body, token: bearer });
  const cpuOfService = async () => (await service.usage()).cpu;
  const evaluations: Record<(typeof names)[number], Asked> = {
    service: {
      url: service.url,
      requests: keys.map((key) => requestTo(service.url, '/access/v1/evaluation', questionOf(key), token)),
      cpu: cpuOfService,
    },
    cerbos: {
      url: cerbos.url,
      requests: keys.map((key) => requestTo(cerbos.url, '/access/v1/evaluation', questionOf(key))),
      cpu: async () => cerbos.cpu(),
    },
    batch: {
      url: service.url,
      requests: [requestTo(service.url, '/access/v1/evaluations', batchOf(keys), token)],
      cpu: cpuOfService,
    },
    // No two are alike, so that no answer is found in the cache.
    'new batch': {
      url: service.url,
      requests: Array.from({ length: 20_000 }, (_, n) =>
        requestTo(service.url, '/access/v1/evaluations', { ...batchOf(keys), context: { n } }, token),
      ),
      cpu: cpuOfService,
    },
  };
  for (const name of names) await ask(evaluations[name], times.warmUpMs);
  const found: Record<(typeof names)[number], number[]> = { service: [], cerbos: [], batch: [], 'new batch': [] };
  for (let slice = 0; slice < times.slices; slice += 1) {
    for (const name of names) found[name].push(await ask(evaluations[name], times.sliceMs));
  }
  await Promise.all([service.stop(), cerbos.stop()]);

  const ratios = (one: readonly number[], other: readonly number[]) =>
    one.map((cpu, index) => cpu / (other[index] ?? 1));
  say(`  ${names.map((name) => `${name} ${Math.round(median(found[name]))} µs of CPU a request`).join(', ')}`);
  return [
    judgeRatio('AuthZEN evaluations a CPU second, beside Cerbos', median(ratios(found.cerbos, found.service)), {
      least: 3,
    }),
    judgeRatio(`CPU of ${batch} evaluations in one request, beside one`, median(ratios(found.batch, found.service)), {
      most: 3,
    }),
    {
      title: `CPU of ${batch} evaluations that were not asked before, beside one`,
      value: `${median(ratios(found['new batch'], found.service)).toFixed(2)} ×`,
    },
  ];
}

function questionOf(key: string): object {
  const subject = { type: 'user', id: userOf(organization), properties: { 'cerbos.roles': ['user'] } };
  return { subject, action: { name: 'use' }, resource: { type: 'model', id: key } };
}

function batchOf(keys: readonly string[]): object {
  const asked = Array.from({ length: batch }, (_, index) => ({ type: 'model', id: keys[index % keys.length] }));
  return { ...questionOf(''), resource: undefined, evaluations: asked.map((resource) => ({ resource })) };
}

/** Goes on where the last slice has ended. */
let turn = 0;

/** Keeps all connections busy for a while, and answers the CPU of one request, in µs. */
async function ask({ url, requests, cpu }: Asked, ms: number): Promise<number> {
  const open = await Promise.all(Array.from({ length: connections }, () => openConnection(url)));
  const before = await cpu();
  const end = performance.now() + ms;
  let count = 0;
  const work = async (connection: Connection) => {
    while (performance.now() < end) {
      const { status } = await connection.send(requests[turn % requests.length] ?? '');
      if (status !== 200) throw new Error(`${url} has answered ${status}`);
      turn += 1;
      count += 1;
    }
  };
  await Promise.all(open.map(work));
  const spent = (await cpu()) - before;
  for (const connection of open) connection.close();
  return spent / count;
}

async function createApiKey({ url }: Running, world: World): Promise<string> {
  const query = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { ... on CreateApiKeyPayload { secret } } }`;
  const input = { organizationId: organizationId(organization), name: 'gateway', scopes: ['READ'] };
  const answer = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.mint(userOf(organization))}` },
    body: JSON.stringify({ query, variables: { input } }),
  });
  const { data } = (await answer.json()) as { data?: { createApiKey?: { secret?: string } } };
  const token = data?.createApiKey?.secret;
  if (token === undefined) throw new Error('There is no API key');
  return token;
}

/** Both must decide alike, before anything is measured. */
async function checkAgreement(
  service: Running,
  { url }: Cerbos,
  token: string,
  keys: readonly string[],
): Promise<void> {
  const decide = async (base: string, key: string) => {
    const answer = await fetch(`${base}/access/v1/evaluation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(questionOf(key)),
    });
    return (await answer.json()) as { decision: boolean; context?: { reasons: string[] } };
  };
  const answers = new Set<boolean>();
  for (const key of keys) {
    const [own, other] = await Promise.all([decide(service.url, key), decide(url, key)]);
    const isOfPolicy = !own.context?.reasons.some((reason) => reason === 'RETIRED');
    if (isOfPolicy && own.decision !== other.decision) throw new Error(`Cerbos decides otherwise about ${key}`);
    answers.add(own.decision);
  }
  if (answers.size !== 2) throw new Error('All models are decided on alike');
}
