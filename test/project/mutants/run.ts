// npm run check:mutants: makes one fault after another, and runs the tests that must notice it. `-- --only <text>` makes those
// alone whose module or fault has the text in it. Fails where fewer than 90 % are noticed.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, parseArgs } from 'node:util';
import { parseSync } from '@swc/core';
import { createVitest, type Reporter } from 'vitest/node';
import { mutants as all } from './list.ts';
import { modules } from './modules.ts';
import { type Mutant, mutate } from './mutant.ts';

const root = join(import.meta.dirname, '../../..');
const leastShare = 0.9;
const pathOf = ({ module }: Mutant) => join(root, modules[module].path);

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const isWanted = ({ module, fault }: Mutant) =>
  values.only?.some((text) => `${module}: ${fault}`.includes(text)) ?? true;
const mutants = all.filter(isWanted);
// A text that is gone after a change of its module is a mistake of the list, and a module that cannot be parsed no fault that is noticed.
for (const mutant of mutants) parseSync(mutate(readFileSync(pathOf(mutant), 'utf8'), mutant), { syntax: 'typescript' });
if (mutants.length === 0) throw new Error('There are no such mutants');

let present: Mutant | undefined;
const mutation = {
  name: 'mutation',
  enforce: 'pre' as const,
  transform: (code: string, id: string) => (present && id === pathOf(present) ? mutate(code, present) : undefined),
};
let failure: string | undefined;
/** One failure is enough. What is cancelled then has no result of its own. */
const firstFailure: Reporter = {
  onTestCaseResult: (test) => {
    const { state, errors } = test.result();
    if (state === 'failed') stop(`${test.module.relativeModuleId}: ${test.fullName}: ${errors[0]?.message}`);
  },
  onTestModuleEnd: (module) => {
    const [error] = module.errors();
    if (error) stop(`${module.relativeModuleId}: ${error.message}`);
  },
};
const stop = (where: string) => {
  if (failure === undefined) void vitest.cancelCurrentRun('test-failure');
  failure ??= where;
};
const vitest = await createVitest(
  'test',
  { root, watch: false, reporters: [firstFailure], testTimeout: 60_000 },
  { plugins: [mutation] },
);

process.exitCode = await main().finally(() => vitest.close());

async function main(): Promise<number> {
  await vitest.standalone();
  const tests = [...new Set(mutants.flatMap(({ module }) => modules[module].tests))];
  say(`${mutants.length} mutants; without any, the tests …`);
  if (!(await passes(tests))) return fail(` fail: ${failure}\n`);
  say(' pass\n');

  const survivors: Mutant[] = [];
  for (const [index, mutant] of mutants.entries()) {
    const { module, fault } = mutant;
    const startedAt = performance.now();
    say(`${String(index + 1).padStart(3)} ${module}: ${fault} … `);
    present = mutant;
    vitest.invalidateFile(pathOf(mutant));
    const [first, ...others] = modules[module].tests;
    const isNoticed = !(await passes([first])) || (others.length > 0 && !(await passes(others)));
    vitest.invalidateFile(pathOf(mutant));
    if (!isNoticed) survivors.push(mutant);
    say(`${isNoticed ? 'killed' : 'SURVIVED'} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)\n`);
  }

  const killed = mutants.length - survivors.length;
  const share = killed / mutants.length;
  say(`\n${killed} of ${mutants.length} killed (${(share * 100).toFixed(1)} %)\n`);
  for (const mutant of survivors) say(`  ${modules[mutant.module].path}: ${mutant.fault}\n`);
  return share < leastShare ? fail(`fewer than ${leastShare * 100} % were killed\n`) : 0;
}

/** Where not, `failure` says what failed first. */
async function passes(tests: readonly string[]): Promise<boolean> {
  failure = undefined;
  const specifications = await vitest.globTestSpecifications([...tests]);
  if (specifications.length < tests.length) throw new Error(`Of these tests some are not there: ${tests.join(', ')}`);
  const { unhandledErrors } = await vitest.runTestSpecifications(specifications);
  if (unhandledErrors.length > 0) failure ??= inspect(unhandledErrors[0]);
  return failure === undefined;
}

function fail(text: string): number {
  say(text);
  return 1;
}

function say(text: string): void {
  process.stdout.write(text);
}
