import { join } from 'node:path';
import { readCatalog } from '../../src/catalog/read-catalog.ts';
import { catalogFileOf } from '../../src/domain/snapshots/catalog-file.ts';
import { snapshotFileOf } from '../../src/domain/snapshots/snapshot-file.ts';
import { defaultPolicy } from '../../src/policy/policy-value.ts';
import type { Connect } from '../../src/sdk/types.ts';
import { compiled } from '../child.ts';
import type { Engine, Lists } from '../engine.ts';
import { median } from '../table.ts';
import { judgeRatio, type Verdict } from '../verdict.ts';

/** The module of the engines, which is compiled with their packages. */
interface Engines {
  createEngines: (lists: Lists) => Promise<Engine[]>;
}

const listed = 50;
const rounds = 5;
const roundMs = 500;
const needed = 1_000_000;

/** How many decisions a second one core makes: the SDK as it is shipped, beside engines with an equal policy. */
export async function measureSdk(): Promise<Verdict[]> {
  const catalog = readCatalog();
  const names = catalog.models
    .filter(({ retiresAt }) => retiresAt === null)
    .map(({ provider, modelId }) => `${provider}/${modelId}`);
  // Half of what is allowed is also denied, and of what is asked about some is in neither list.
  const lists: Lists = { allowed: names.slice(0, listed), denied: names.slice(listed / 2, listed * 1.5) };
  const asked = names.slice(0, 2 * listed);

  const gate = await connectTo(lists);
  const subject = { id: 'usr_a', role: 'MEMBER' as const };
  const sdk: Engine = { name: 'modelgate/sdk', isAllowed: (model) => gate.decide({ model, subject }).allowed };
  const { createEngines } = (await import(compiled('peers/engines.js'))) as Engines;
  const peers = await createEngines(lists);
  for (const { name, isAllowed } of [sdk, ...peers]) {
    const wrong = asked.find((model) => isAllowed(model) !== isRight(lists, model));
    if (wrong !== undefined) throw new Error(`${name} decides otherwise on ${wrong}`);
  }

  const rates = [sdk, ...peers].map(({ name, isAllowed }) => ({ name, rate: rateOf(isAllowed, asked) }));
  await gate.close();
  const [own = Number.NaN] = rates.map(({ rate }) => rate);
  return [
    {
      title: `decisions a second of modelgate/sdk on one core, by lists of ${listed} models`,
      value: inWords(own),
      needed: `≥ ${inWords(needed)}`,
      isReached: own >= needed,
    },
    ...rates.slice(1).map(({ name, rate }) => ({
      ...judgeRatio(`of ${name} with an equal policy: ${inWords(rate)}; the SDK makes`, own / rate, { least: 1 }),
    })),
  ];
}

function isRight({ allowed, denied }: Lists, model: string): boolean {
  return allowed.includes(model) && !denied.includes(model);
}

/** Decisions a second of CPU, the median of some rounds of half a second; the first one warms it up. */
function rateOf(isAllowed: Engine['isAllowed'], asked: readonly string[]): number {
  const rates = Array.from({ length: rounds + 1 }, () => {
    const before = process.cpuUsage();
    const until = performance.now() + roundMs;
    let decisions = 0;
    let allowed = 0;
    while (performance.now() < until) {
      for (const model of asked) if (isAllowed(model)) allowed += 1;
      decisions += asked.length;
    }
    const { user, system } = process.cpuUsage(before);
    // What is decided must be used.
    if (allowed === 0 || allowed === decisions) throw new Error('All is decided alike');
    return decisions / ((user + system) / 1e6);
  });
  return median(rates.slice(1));
}

/** The SDK on a service that is not there: what it answers is made here. */
async function connectTo({ allowed, denied }: Lists) {
  const { connect } = (await import(join(import.meta.dirname, '../../dist/sdk.js'))) as { connect: Connect };
  const catalog = readCatalog();
  const policy = { ...defaultPolicy, allowedModels: allowed, disabledModels: denied };
  const file = snapshotFileOf(
    { ...policy, organizationId: 'org_a', revision: 1, exceptions: [], updatedAt: null, updatedById: null },
    { catalog, key: undefined, now: new Date(), teams: {}, subjects: {} },
  );
  return connect({
    url: 'http://bench',
    apiKey: 'mgk_bench',
    organizationId: 'org_a',
    fetch: async (url) => {
      const path = new URL(String(url)).pathname;
      if (path.endsWith('/stream')) return new Response(new ReadableStream());
      if (path.endsWith('/snapshot')) return new Response(file.text, { headers: { etag: file.etag } });
      return new Response(new Uint8Array(catalogFileOf(catalog).plain));
    },
  });
}

function inWords(rate: number): string {
  return Math.round(rate).toLocaleString('en-US');
}
