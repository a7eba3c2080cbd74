import { type Running, startContender } from './contender.ts';
import { load, type Measurement, measure } from './measure.ts';
import { type Contender, contenders, type Scenario } from './processes/question.ts';
import { scenarioNames, scenarios } from './scenario.ts';
import type { World } from './world.ts';

/** What was measured, one for each round. */
export type Measurements = Map<Scenario, Map<Contender, Measurement[]>>;

export interface RoundOptions {
  rounds: number;
  /** To warm up: once for a process; for each scenario, at most, asking about each organization once; then about any. */
  startSeconds: number;
  sweepSeconds: number;
  warmUpSeconds: number;
  seconds: number;
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
      const [first] = asked;
      if (first === undefined) continue;
      options.say(`Round ${round + 1} of ${options.rounds}: ${contender}`);
      const running = await startContender(contender, world);
      await load(world, running, { contender, scenario: first, seconds: options.startSeconds });
      for (const scenario of asked)
        record(found, scenario, contender, await one(world, running, contender, scenario, options));
      await running.stop();
    }
  }
  return found;
}

async function one(
  world: World,
  running: Running,
  contender: Contender,
  scenario: Scenario,
  { sweepSeconds, warmUpSeconds, seconds, say }: RoundOptions,
): Promise<Measurement> {
  if (scenarios[scenario].isOfOneOrganization) {
    await load(world, running, { contender, scenario, seconds: sweepSeconds, each: true });
  }
  const measurement = await measure(world, running, { contender, scenario, warmUpSeconds, seconds });
  const { requests, cpu } = measurement;
  say(
    `  ${scenario.padEnd(13)} ${Math.round(requests / measurement.seconds)} requests/s, ${Math.round(cpu)} µs of CPU each`,
  );
  return measurement;
}

function record(found: Measurements, scenario: Scenario, contender: Contender, measurement: Measurement): void {
  const ofScenario = found.get(scenario) ?? new Map<Contender, Measurement[]>();
  found.set(scenario, ofScenario);
  ofScenario.set(contender, [...(ofScenario.get(contender) ?? []), measurement]);
}
