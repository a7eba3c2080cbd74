import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { forgetful, type Running, startContender } from '../contender.ts';
import { load, measure } from '../measure.ts';
import type { Way } from '../processes/question.ts';
import { judgeRatio, type Verdict } from '../verdict.ts';
import type { World } from '../world.ts';

/** What is switched on; `off` is what the others are compared with. */
const variants = ['off', 'metrics', 'traces', 'sampled'] as const;
type Variant = (typeof variants)[number];
type Compared = Exclude<Variant, 'off'>;

const titles: Record<Compared, string> = {
  metrics: 'metrics',
  traces: 'traces of all requests',
  sampled: 'traces of one request in a hundred',
};

/** How many times as much CPU an ordinary request may take with metrics. What traces take is told, and is no target. */
const mostOfMetrics = 1.03;

interface Times {
  /** In each of which all are started anew: processes of the same code differ from each other by some percent. */
  rounds: number;
  warmUpSeconds: number;
  /** Of one variant after another, in each round. */
  slices: number;
  seconds: number;
}

/**
 * What metrics and traces add to the CPU of a request: the same load on all variants in turn, in short slices, so that other work
 * on the machine is the same for all of them. A ratio is the median of those of neighbouring slices.
 */
export async function measureObservability(
  world: World,
  isQuick: boolean,
  say: (line: string) => void,
): Promise<Verdict[]> {
  const times = isQuick
    ? { rounds: 2, warmUpSeconds: 4, slices: 8, seconds: 0.5 }
    : { rounds: 3, warmUpSeconds: 6, slices: 10, seconds: 1 };
  const collector = await startCollector();
  const verdicts: Verdict[] = [];
  for (const way of ['warm', 'cold'] as const) {
    const ratios: Record<Variant, number[]> = { off: [], metrics: [], traces: [], sampled: [] };
    for (let round = 0; round < times.rounds; round += 1) {
      const order = round % 2 === 0 ? variants : variants.toReversed();
      for (const cpu of await runRound(world, collector.url, { way, order, times })) {
        for (const name of variants) ratios[name].push(cpu[name] / cpu.off);
      }
      say(`  ${way}: ${variants.map((name) => `${name} ${median(ratios[name]).toFixed(3)}`).join(', ')}`);
    }
    for (const name of ['metrics', 'traces', 'sampled'] as const) {
      const title = `CPU of ${way} \`settings\` with ${titles[name]}, beside none`;
      const ratio = median(ratios[name]);
      verdicts.push(
        name === 'metrics'
          ? judgeRatio(title, ratio, { most: mostOfMetrics }, 3)
          : { title, value: `${ratio.toFixed(3)} ×` },
      );
    }
  }
  collector.close();
  return verdicts;
}

/** The CPU of a request, in µs, by slice and variant. */
async function runRound(
  world: World,
  collector: string,
  { way, order, times }: { way: Way; order: readonly Variant[]; times: Times },
): Promise<Record<Variant, number>[]> {
  const question = { contender: 'modelgate', scenario: 'settings', way } as const;
  const running = new Map<Variant, Running>();
  for (const name of order) {
    const env = { ...environmentOf(name, collector), ...(way === 'cold' ? forgetful : {}) };
    running.set(name, await startContender('modelgate', world, { env }));
  }
  // In turn too: what is warmed up first must not cool down.
  for (let second = 0; second < times.warmUpSeconds; second += 1) {
    for (const one of running.values()) await load(world, one, { ...question, seconds: 1 });
  }
  const found: Record<Variant, number>[] = [];
  for (let slice = 0; slice < times.slices; slice += 1) {
    const cpu = { off: Number.NaN, metrics: Number.NaN, traces: Number.NaN, sampled: Number.NaN };
    for (const name of slice % 2 === 0 ? order : order.toReversed()) {
      const one = running.get(name);
      if (one) cpu[name] = (await measure(world, one, { ...question, seconds: times.seconds })).cpu;
    }
    found.push(cpu);
  }
  for (const one of running.values()) await one.stop();
  return found;
}

function environmentOf(name: Variant, collector: string): Record<string, string> {
  const off = { METRICS_PORT: '', OTEL_EXPORTER_OTLP_ENDPOINT: '' };
  switch (name) {
    case 'off':
      return off;
    case 'metrics':
      return { ...off, METRICS_PORT: '0' };
    case 'traces':
      return { ...off, OTEL_EXPORTER_OTLP_ENDPOINT: collector };
    case 'sampled':
      return {
        ...off,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector,
        OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
        OTEL_TRACES_SAMPLER_ARG: '0.01',
      };
  }
}

/** Takes all that is exported, and forgets it. */
async function startCollector() {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => void server.close().closeAllConnections(),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return ((sorted[(sorted.length - 1) >> 1] ?? Number.NaN) + (sorted[sorted.length >> 1] ?? Number.NaN)) / 2;
}
