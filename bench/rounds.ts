import { forgetful, startContender } from './contender.ts';
import { type Measurement, measure, warmUp } from './measure.ts';
import { type Contender, contenders, type Scenario, type Way } from './processes/question.ts';
import { scenarioNames, scenarios } from './scenario.ts';
import type { World } from './world.ts';

/** Who has a row in the table, each of them in the way that is named, else warm. */
export type Row = Contender | 'modelgate, cold' | 'modelgate, first';

const rows = { cold: 'modelgate, cold', first: 'modelgate, first' } as const;

export const rowOf = (contender: Contender, way: Way): Row => (way === 'warm' ? contender : rows[way]);

/** What was measured, one for each round. */
export type Measurements = Map<Scenario, Map<Row, Measurement[]>>;

export interface RoundOptions {
  rounds: number;
  /** To warm up at least: a process in its first scenario, and in one that goes a way of its own; in each other one. */
  startSeconds: number;
  warmUpSeconds: number;
  seconds: number;
  /** As many organizations, times 100 models, are asked about in `access`. */
  accessOrganizations: number;
  only: readonly Scenario[];
  say: (line: string) => void;
}

/** Measures each contender in each round, in turn: every other round in the opposite order. */
export async function runRounds(world: World, options: RoundOptions): Promise<Measurements> {
  const found: Measurements = new Map();
  for (let round = 0; round < options.rounds; round += 1) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      const asked = scenarioNames.filter(
        (name) => options.only.includes(name) && scenarios[name].contenders.includes(contender),
      );
      if (asked.length === 0) continue;
      options.say(`Round ${round + 1} of ${options.rounds}: ${contender}`);
      const inWay = (way: Way) => asked.map((scenario) => ({ scenario, way }));
      await runAll(world, found, { contender, asked: inWay('warm') }, options);
      if (contender !== 'modelgate') continue;

      const others = [...inWay('cold'), ...inWay('first')].filter(({ scenario, way }) =>
        scenarios[scenario].ways?.includes(way),
      );
      if (others.length > 0) await runAll(world, found, { contender, asked: others, env: forgetful }, options);
    }
  }
  return found;
}

/** What one process is measured in, one after another. */
interface Turn {
  contender: Contender;
  asked: readonly { scenario: Scenario; way: Way }[];
  env?: Record<string, string>;
}

async function runAll(
  world: World,
  found: Measurements,
  { contender, asked, env = {} }: Turn,
  options: RoundOptions,
): Promise<void> {
  const running = await startContender(contender, world, { env });
  for (const [index, { scenario, way }] of asked.entries()) {
    // What is done for a change, or for a new caller, is as new to the process as the first question was.
    const isNew = scenario === 'update' || way !== asked[index - 1]?.way;
    const seconds = isNew ? options.startSeconds : options.warmUpSeconds;
    const { isWalked = false } = scenarios[scenario];
    const organizations = scenario === 'access' && way === 'warm' ? options.accessOrganizations : world.size;
    const question = { contender, scenario, way, organizations };
    const walked = await warmUp(world, running, { ...question, seconds, each: isWalked && way === 'warm' });
    const measurement = await measure(world, running, { ...question, seconds: options.seconds });
    const name = way === 'warm' ? scenario : `${way} ${scenario}`;
    options.say(`  ${lineOf(name, measurement)}${walked > 0 ? `, after all ${walked} were asked` : ''}`);
    record(found, scenario, rowOf(contender, way), measurement);
  }
  await running.stop();
}

function lineOf(name: string, { requests, seconds, cpu }: Measurement): string {
  return `${name.padEnd(17)} ${Math.round(requests / seconds)} requests/s, ${Math.round(cpu)} µs of CPU each`;
}

function record(found: Measurements, scenario: Scenario, row: Row, measurement: Measurement): void {
  const ofScenario = found.get(scenario) ?? new Map<Row, Measurement[]>();
  found.set(scenario, ofScenario);
  ofScenario.set(row, [...(ofScenario.get(row) ?? []), measurement]);
}
