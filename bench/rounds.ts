import { type StartOptions, startContender } from './contender.ts';
import { type Measurement, measure, warmUp } from './measure.ts';
import { type Contender, contenders, type Scenario } from './processes/question.ts';
import { scenarioNames, scenarios } from './scenario.ts';
import type { World } from './world.ts';

/** The service once more, to tell what its caches do from what its road costs. */
export const forgetful = 'modelgate, remembering nothing';

/** Who has a row in the table. */
export type Row = Contender | typeof forgetful;

/** What was measured, one for each round. */
export type Measurements = Map<Scenario, Map<Row, Measurement[]>>;

export interface RoundOptions {
  rounds: number;
  /** To warm up at least: a process in its first scenario and in `update`; in each other one. */
  startSeconds: number;
  warmUpSeconds: number;
  seconds: number;
  /** As many organizations, times 100 models, are asked about in `access`. */
  accessOrganizations: number;
  only: readonly Scenario[];
  say: (line: string) => void;
}

const withoutMemory: readonly Scenario[] = ['settings', 'access', 'configs', 'configs-deep', 'rest', 'update'];

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
      await runAll(world, found, { row: contender, contender, asked }, options);
      if (contender !== 'modelgate' || round > 0) continue;

      options.say(`Once: ${forgetful}`);
      const few = asked.filter((name) => withoutMemory.includes(name));
      const env = { CACHE_BYTES: '0' };
      if (few.length > 0) await runAll(world, found, { row: forgetful, contender, asked: few, env }, options);
    }
  }
  return found;
}

interface Turn extends StartOptions {
  row: Row;
  contender: Contender;
  asked: readonly Scenario[];
}

async function runAll(
  world: World,
  found: Measurements,
  { row, contender, asked, ...start }: Turn,
  options: RoundOptions,
): Promise<void> {
  const running = await startContender(contender, world, start);
  for (const [index, scenario] of asked.entries()) {
    // A change goes a way of its own, which is as new to the process as the first question was.
    const isNew = index === 0 || scenario === 'update';
    const seconds = isNew ? options.startSeconds : options.warmUpSeconds;
    const { isWalked = false } = scenarios[scenario];
    const organizations = scenario === 'access' ? options.accessOrganizations : world.size;
    const question = { contender, scenario, organizations };
    const each = isWalked && row !== forgetful;
    const walked = await warmUp(world, running, { ...question, seconds, each });
    const measurement = await measure(world, running, { ...question, seconds: options.seconds });
    options.say(`  ${lineOf(scenario, measurement)}${walked > 0 ? `, after all ${walked} were asked` : ''}`);
    record(found, scenario, row, measurement);
  }
  await running.stop();
}

function lineOf(scenario: Scenario, { requests, seconds, cpu }: Measurement): string {
  return `${scenario.padEnd(13)} ${Math.round(requests / seconds)} requests/s, ${Math.round(cpu)} µs of CPU each`;
}

function record(found: Measurements, scenario: Scenario, row: Row, measurement: Measurement): void {
  const ofScenario = found.get(scenario) ?? new Map<Row, Measurement[]>();
  found.set(scenario, ofScenario);
  ofScenario.set(row, [...(ofScenario.get(row) ?? []), measurement]);
}
