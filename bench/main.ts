// npm run bench: the service beside its peers, in one run. What is asked, and how, is in README.md.
import { UsageError } from '../src/commands/command.ts';
import { checkAgreement } from './agreement.ts';
import { type Arguments, readArguments, usage } from './arguments.ts';
import { endAll } from './ending.ts';
import { measureAuthzen } from './measures/authzen.ts';
import { measureConsole } from './measures/console.ts';
import { measureDecisions } from './measures/decisions.ts';
import { measureFreshness } from './measures/freshness.ts';
import { measureGrowth } from './measures/growth.ts';
import { measureMemory } from './measures/memory.ts';
import { measureObservability } from './measures/observability.ts';
import { measurePages } from './measures/pages.ts';
import { measurePolicy } from './measures/policy.ts';
import { measureSdk } from './measures/sdk.ts';
import { measureSignature } from './measures/signature.ts';
import { measureStart } from './measures/start.ts';
import { measureStatements } from './measures/statements.ts';
import { measureStreams } from './measures/streams.ts';
import { profile } from './profile.ts';
import { reportOf, writeResults } from './results.ts';
import { runRounds } from './rounds.ts';
import { judgeRounds } from './targets.ts';
import type { Verdict } from './verdict.ts';
import { createWorld, type World } from './world.ts';

let isInterrupted = false;
const interrupt = () => {
  isInterrupted = true;
  void endAll().finally(() => process.exit(130));
};
process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
try {
  const given = readArguments(process.argv.slice(2));
  if (given === undefined) say(usage);
  else await run(given);
} catch (error) {
  if (!isInterrupted) tellFailure(error);
} finally {
  await endAll();
}

async function run(given: Arguments): Promise<void> {
  say('Starting PostgreSQL, and filling in 1,000 organizations with 50 configurations each');
  const world = await createWorld(1_000);
  if (given.profile) say(await profile(world, given.profile, given.way, given.quick ? 5 : 15));
  else await bench(world, given);
}

async function bench(world: World, { quick, only, measures, write }: Arguments): Promise<void> {
  const begun = new Date();
  say(`The contenders agree on ${await checkAgreement(world)} answers`);
  const times = quick
    ? { rounds: 1, startSeconds: 2.5, warmUpSeconds: 0.8, seconds: 0.8, accessOrganizations: 100 }
    : { rounds: 3, startSeconds: 8, warmUpSeconds: 2.5, seconds: 4, accessOrganizations: 200 };
  const measurements = await runRounds(world, { ...times, only, say });
  const verdicts = judgeRounds(measurements);

  const others: Record<string, () => Promise<Verdict[]>> = {
    signature: () => measureSignature(world, measurements),
    statements: () => measureStatements(world),
    start: () => measureStart(world, quick ? 3 : 5),
    freshness: () => measureFreshness(world, quick ? 50 : 200),
    growth: () => measureGrowth(world, say),
    memory: () => measureMemory(world, say),
    pages: () => measurePages(world, say),
    policy: () => measurePolicy(world, say),
    decisions: async () => measureDecisions(),
    sdk: measureSdk,
    streams: () => measureStreams(world, say),
    observability: () => measureObservability(world, quick, say),
    authzen: () => measureAuthzen(world, quick, say),
    console: () => measureConsole(world, say),
  };
  for (const name of measures) {
    say(`Measuring ${name}`);
    verdicts.push(...((await others[name]?.()) ?? []));
  }

  const report = await reportOf(world, measurements, verdicts);
  say(`\n${report}`);
  if (!write) return;
  await writeResults(report, begun, times);
  say('\nWritten to bench/RESULTS.md');
}

function tellFailure(error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(error instanceof UsageError ? `${message}\n` : `The bench has failed: ${stack}\n`);
  process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
